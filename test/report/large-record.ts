/** Records of any size, without a check by hand: for readability and speed. */
import { type CheckRecord, RunRecord, summarise, type TestRecord } from '../../src/model/run-record.ts'

const ANALYTICS = [
  ['CAR-2013-08-001', 'Execution with schtasks', ['TA0003']],
  ['CAR-2015-04-002', 'Remotely scheduled tasks via schtasks', ['TA0002']],
  ['remote-scheduled-task-creation', 'Remote scheduled task creation', ['TA0008']],
  ['scheduled-task-created-remotely', 'Task registered by a remote client (4698)', ['TA0008']],
  ['scheduled-task-life-cycle', 'Task created, changed or deleted', ['TA0003']],
  ['local-scheduled-task-by-shell', 'Task created by a shell on this host', ['TA0003']],
  ['task-cache-write', 'Task file or TaskCache written', ['TA0003']],
] as const

const PROCEDURES = [
  'create',
  'change',
  'query',
  'run',
  'delete',
  'com-create',
  'register-module',
  'wmi-register',
  'renamed-binary',
]
const SCENARIOS = ['local-scheduled-tasks', 'remote-scheduled-tasks', 'documented-tests', 'evasions', 'controls']

/** `tests` tests over seven analytics; six checks of most tests, the rest are not named by them. The same every time. */
export function largeRecord(tests: number): RunRecord {
  const records = Array.from({ length: tests }, (_, position) => testOf(position, tests))
  return RunRecord.parse({
    format: 'tocsin.run/1',
    id: '20261122-083000-large',
    startedAt: '2026-11-22T08:30:00.000Z',
    endedAt: '2026-11-22T14:12:41.000Z',
    durationMs: 18_400,
    tool: { name: 'tocsin', version: '0.1.0' },
    lab: { name: 'embedded', kind: 'emulated', timeScale: 1_117 },
    siem: { kind: 'embedded', version: '9.4.0' },
    authorization: null,
    analytics: ANALYTICS.map(([id, title, tactics]) => ({
      id,
      title,
      attack: [{ technique: 'T1053.005', name: 'Scheduled Task', tactics: [...tactics] }],
    })),
    summary: summarise(records),
    clocks: [],
    tests: records,
  })
}

function testOf(position: number, total: number): TestRecord {
  const scenario = SCENARIOS[Math.floor((position * SCENARIOS.length) / total)]!
  const procedure = PROCEDURES[position % PROCEDURES.length]!
  const remote = scenario !== 'local-scheduled-tasks'
  const command = `schtasks /${procedure} ${remote ? '/s srv1 ' : ''}/tn tocsin-${position} /tr calc.exe /sc once /st 09:15 /f`
  return {
    id: `${scenario}/${procedure}-${position + 1}`,
    title: `${procedure.replaceAll('-', ' ')} a scheduled task ${remote ? 'on another host' : 'on this host'}`,
    attack: remote ? ['T1053.005', 'T1021'] : ['T1053.005'],
    tags: [],
    provenance: { document: 'CAR-2013-08-001', kind: 'own' },
    marker: `tocsin-${String(position).padStart(6, '0')}`,
    documentDefects: [],
    hosts: { source: 'ws1', target: 'srv1' },
    execution: {
      status: 'completed',
      expected: 'completed',
      reason: null,
      startedAt: at(position, 0),
      endedAt: at(position, 420),
      steps: [
        {
          phase: 'test',
          host: 'ws1',
          command,
          startedAt: at(position, 0),
          exitCode: 0,
          problem: null,
          durationMs: 38,
          stdout: `SUCCESS: The scheduled task "tocsin-${position}" has successfully been created.\r\n`,
          stderr: '',
        },
      ],
    },
    checks: ANALYTICS.flatMap(([id], column) => ((position + column) % 9 === 8 ? [] : [checkOf(id, position, column)])),
    captures: [],
    cleanup: { status: 'done', verified: true, reason: null },
  }
}

const at = (position: number, ms: number): string =>
  new Date(Date.UTC(2026, 10, 22, 8, 30, position * 5) + ms).toISOString()

function checkOf(analytic: string, position: number, column: number): CheckRecord {
  const number = position * ANALYTICS.length + column
  const event = { index: 'winlogbeat-2026.11.22', id: `e${number}` }
  const wanted = (position + column * 2) % 3 !== 1
  const check: CheckRecord = {
    analytic,
    expect: wanted ? 'alert' : 'silent',
    reason: wanted ? null : 'the procedure leaves no event of this kind',
    verdict: wanted ? 'alerted' : 'unseen',
    outcome: 'expected',
    late: false,
    brokenStage: null,
    cause: null,
    confidence: wanted ? 'marker' : null,
    knownGap: null,
    latencyMs: wanted
      ? {
          executionToEvent: 60 + (number % 40),
          eventToIngest: 1_000,
          ingestToAlert: 9_000 + ((number * 7_919) % 280_000),
          total: 10_100 + ((number * 7_919) % 280_000),
        }
      : null,
    implementations: [{ language: 'eql', matched: wanted }],
    explanation: null,
    exchange: [],
    evidence: wanted
      ? { events: [event], alerts: [{ index: '.alerts-security.alerts-default', id: `a${number}`, ruleId: analytic }] }
      : { events: [], alerts: [] },
  }
  if (!wanted) return check
  const quiet: Pick<CheckRecord, 'verdict' | 'latencyMs' | 'implementations' | 'evidence'> = {
    verdict: 'unseen',
    latencyMs: null,
    implementations: [{ language: 'eql', matched: false }],
    evidence: { events: [], alerts: [] },
  }
  if (number % 17 === 3) {
    const knownGap = {
      reason: 'The analytic knows the binary by its name only.',
      reviewBy: '2027-06-30',
      closed: false,
    }
    return {
      ...check,
      ...quiet,
      outcome: 'known-gap',
      brokenStage: 'telemetry',
      cause: 'There are no network events.',
      knownGap,
    }
  }
  if (number % 97 === 11) {
    const cause = 'source.port >= 49152 does not hold: the event has 1025.'
    const clauses = [
      { clause: 'process.name : "svchost.exe"', holds: true, seen: 'svchost.exe', wanted: 'svchost.exe' },
      { clause: 'source.port >= 49152', holds: false, seen: '1025', wanted: '>= 49152' },
    ]
    const explanation = { summary: cause, nearest: [{ step: 0, event, holds: false, clauses, note: null }] }
    return {
      ...check,
      verdict: 'logged',
      latencyMs: null,
      outcome: 'unexpected',
      brokenStage: 'logic',
      cause,
      explanation,
    }
  }
  if (number % 83 === 20) {
    return {
      ...check,
      ...quiet,
      verdict: 'unknown',
      outcome: 'inconclusive',
      cause: 'The SIEM answered 429 until the end of the window.',
    }
  }
  return check
}
