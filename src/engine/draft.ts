/** The record of a run before anything happened: true at every moment from then on, also if the run never ends. */
import type { Analytic } from '../model/analytic.ts'
import { type CheckRecord, type RunRecord, summarise, type TestRecord } from '../model/run-record.ts'
import type { ExecutionStatus } from '../model/words.ts'
import type { PlannedCheck, PlannedTest } from './plan/planned.ts'
import type { RunOptions } from './run-options.ts'

export function draftRecord(
  { id, plan, lab, tool, authorization }: RunOptions,
  siem: RunRecord['siem'],
  startedAt: number,
): RunRecord {
  const tests = plan.tests.map(draftTest)
  return {
    format: 'tocsin.run/1',
    id,
    startedAt: new Date(startedAt).toISOString(),
    endedAt: null,
    durationMs: 0,
    tool: { name: 'tocsin', version: tool.version },
    lab: { name: lab.name, kind: lab.kind, timeScale: lab.timeScale() },
    siem,
    authorization:
      authorization === null ? null : { ...authorization, hosts: authorization.hosts.map(({ address }) => address) },
    analytics: plan.analytics.map(analyticOf),
    summary: summarise(tests),
    clocks: [],
    tests,
  }
}

const analyticOf = ({ id, title, attack }: Analytic): RunRecord['analytics'][number] => ({
  id,
  title,
  attack: attack.map(({ technique, name, tactics }) => ({ technique, name: name ?? null, tactics })),
})

function draftTest({ id, scenario, test, hosts, marker, carriesMarker, checks }: PlannedTest): TestRecord {
  return {
    id,
    title: test.title ?? test.id,
    attack: test.attack ?? [
      ...new Set(checks.flatMap(({ analytic }) => analytic.attack.map(({ technique }) => technique))),
    ],
    tags: [...new Set([...(scenario.tags ?? []), ...(test.tags ?? [])])],
    provenance: test.provenance,
    marker: carriesMarker ? marker : null,
    documentDefects: test.documentDefects,
    hosts: Object.fromEntries([...hosts].map(([role, host]) => [role, host.name])),
    execution: {
      status: 'interrupted',
      expected: test.execution,
      reason: 'the run ended before this test was started',
      startedAt: null,
      endedAt: null,
      steps: [],
    },
    checks: checks.map((check) => unjudged(check, 'the run ended before this check was judged')),
    captures: [],
    cleanup: { status: 'not-needed', verified: true, reason: null },
  }
}

/** A check of a test of which no step of its own ran: there is nothing that the SIEM could show. */
export function unexecuted(
  check: PlannedCheck,
  { status, reason }: { status: ExecutionStatus; reason: string | null },
  expected: ExecutionStatus,
): CheckRecord {
  const why = `the execution is ${status}, the test expects ${expected}${reason === null ? '' : `: ${reason}`}`
  return { ...unjudged(check, why), brokenStage: 'execution' }
}

/** A check that nobody judged. */
export function unjudged({ expected, analytic }: PlannedCheck, cause: string): CheckRecord {
  return {
    analytic: analytic.id,
    expect: expected.is,
    reason: expected.reason ?? null,
    verdict: 'unknown',
    outcome: 'inconclusive',
    late: false,
    brokenStage: null,
    cause,
    confidence: null,
    knownGap: expected.knownGap === undefined ? null : { ...expected.knownGap, closed: false },
    latencyMs: null,
    implementations: analytic.implementations.map(({ language }) => ({ language, matched: null })),
    explanation: null,
    exchange: [],
    evidence: { events: [], alerts: [] },
  }
}
