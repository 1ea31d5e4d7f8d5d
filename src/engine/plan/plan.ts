/** What a run is going to do: which tests, on which hosts, judged by which analytics. Pure, so that `--dry-run` is the same plan. */
import type { Analytic } from '../../model/analytic.ts'
import { markerOf } from '../marker.ts'
import type { Judge } from '../ports.ts'
import { refusals } from './authorization.ts'
import { HostDealer, hostsByRole } from './hosts.ts'
import type { Plan, PlannedTest, PlanOptions } from './planned.ts'
import { problemsOf } from './problems.ts'
import { select } from './selection.ts'
import { carriesMarker, rolesIn } from './texts.ts'

/** A pure function of its options; it never throws for what users wrote. */
export function plan(options: PlanOptions): Plan {
  const { tests: selected, problems } = select(options.scenarios, options.analytics, options.selection)
  const analytics = new Map(options.analytics.map((analytic) => [analytic.id, analytic]))
  const byRole = hostsByRole(options.hosts)
  const dealer = new HostDealer(byRole)
  const tests: PlannedTest[] = []
  for (const chosen of selected) {
    const { id, scenario, test } = chosen
    const hosts = dealer.deal(rolesIn(test), 1 + test.setup.length + test.steps.length)
    problems.push(...problemsOf(chosen, { roles: [...byRole.keys()], analytics: [...analytics.keys()], hosts }))
    const checks = chosen.expect.flatMap((expected) => {
      const analytic = analytics.get(expected.analytic)
      return analytic === undefined ? [] : [{ expected, analytic }]
    })
    const maxspanMs = Math.max(0, ...checks.map(({ analytic }) => maxspanOf(analytic, options.judge)))
    const marker = markerOf(options.runId, id)
    tests.push({ id, scenario, test, hosts, marker, carriesMarker: carriesMarker(test), checks, maxspanMs })
  }
  const hosts = tests.flatMap((test) => [...test.hosts.values()])
  for (const { message, mend } of refusals(hosts, options.authorization, options.now)) {
    problems.push({ test: null, message, mend })
  }
  const used = new Set(tests.flatMap(({ checks }) => checks.map(({ analytic }) => analytic)))
  return { tests, analytics: [...used], problems }
}

/** The longest maxspan of an analytic's implementations, milliseconds; those that cannot be evaluated do not count. */
function maxspanOf(analytic: Analytic, judge: Judge): number {
  const known = analytic.implementations.filter((implementation) => judge.refusal(implementation) === null)
  return Math.max(0, ...known.map((implementation) => judge.maxspanMs(implementation)))
}

export type { Plan, PlannedTest, PlanOptions } from './planned.ts'
