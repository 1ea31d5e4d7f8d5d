/** What a run is going to do: which tests, on which hosts, judged by which analytics. Pure, so that `--dry-run` is the same plan. */
import type { Analytic, Implementation } from '../../model/analytic.ts'
import { primaryOf } from '../judge/indices.ts'
import { markerOf } from '../marker.ts'
import type { Judge } from '../ports.ts'
import { indexOf, readsFrom } from '../sensing/needs.ts'
import { refusals } from './authorization.ts'
import { HostDealer, hostsByRole } from './hosts.ts'
import type { Plan, PlannedTest, PlanOptions, SensorHost } from './planned.ts'
import { addressProblems, problemsOf } from './problems.ts'
import { select } from './selection.ts'
import { carriesMarker, rolesIn } from './texts.ts'

/** A pure function of its options; it never throws for what users wrote. */
export function plan(options: PlanOptions): Plan {
  const { tests: selected, problems } = select(options.scenarios, options.analytics, options.selection)
  const analytics = new Map(options.analytics.map((analytic) => [analytic.id, analytic]))
  const byRole = hostsByRole(options.hosts)
  const dealer = new HostDealer(byRole)
  const sensors = options.hosts.filter((host): host is SensorHost => host.sensor !== undefined)
  const seen = sensors.map(({ sensor }) => indexOf(sensor))
  const reads = (analytic: Analytic, implementations: Implementation[]) =>
    implementations.some((implementation) => readsFrom(seen, analytic, implementation, options.judge))
  const tests: PlannedTest[] = []
  for (const chosen of selected) {
    const { id, scenario, test } = chosen
    const hosts = dealer.deal(rolesIn(test), 1 + test.setup.length + test.steps.length)
    problems.push(...problemsOf(chosen, { roles: [...byRole.keys()], analytics: [...analytics.keys()], hosts }))
    const checks = chosen.expect.flatMap((expected) => {
      const analytic = analytics.get(expected.analytic)
      return analytic === undefined ? [] : [{ expected, analytic, sensed: reads(analytic, [primaryOf(analytic)]) }]
    })
    const needed = checks.some(({ analytic }) => reads(analytic, analytic.implementations)) ? sensors : []
    problems.push(...addressProblems(id, needed, hosts))
    const maxspanMs = Math.max(0, ...checks.map(({ analytic }) => maxspanOf(analytic, options.judge)))
    const marker = markerOf(options.runId, id)
    tests.push({
      ...{ id, scenario, test, hosts, marker, carriesMarker: carriesMarker(test), checks },
      ...{ sensors: needed, maxspanMs },
    })
  }
  const hosts = tests.flatMap((test) => [...test.hosts.values(), ...test.sensors])
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
