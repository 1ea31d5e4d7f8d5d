/** A run record built by hand: every verdict, outcome, stage and execution status, and texts that would do harm where they are not escaped. */
import { type CheckRecord, RunRecord, type StepRecord, summarise, type TestRecord } from '../../src/model/run-record.ts'

/** Mark-up, CDATA's end, escape sequences, a pipe, backticks, a bell, a direction override, a lone surrogate. */
export const NASTY =
  '<script>alert("1")</script> & \'x\' ]]> \u001B[31mred\u001B[0m \u001B]0;title\u0007 a|b `tick` ``two`` **bold** \u202Egnp.exe\u202C \uD800 {{marker}} [link](javascript:alert(1)) @everyone'

const INDEX = 'winlogbeat-2026.11.22'

const event = (id: string) => ({ index: INDEX, id })
const alert = (id: string) => ({
  index: '.alerts-security.alerts-default',
  id,
  ruleId: '954ee7c8-5437-49ae-b2d6-2960883898e9',
})

const PROCESS = 'CAR-2013-08-001'
const NETWORK = 'CAR-2015-04-002'
const SEQUENCE = 'remote-scheduled-task-creation'
const UNUSED = 'never-used-analytic'

/** A silent check that is as it should be, with what is given in place of its own. */
function check(analytic: string, given: Partial<CheckRecord> = {}): CheckRecord {
  return {
    analytic,
    expect: 'silent',
    reason: null,
    verdict: 'unseen',
    outcome: 'expected',
    late: false,
    brokenStage: null,
    cause: null,
    confidence: null,
    knownGap: null,
    latencyMs: null,
    implementations: [{ language: 'eql', matched: false }],
    explanation: null,
    exchange: [],
    evidence: { events: [], alerts: [] },
    ...given,
  }
}

/** An alert that came as it should. */
const alerted = (analytic: string, total: number, given: Partial<CheckRecord> = {}): CheckRecord =>
  check(analytic, {
    expect: 'alert',
    verdict: 'alerted',
    confidence: 'marker',
    latencyMs: { executionToEvent: 120, eventToIngest: 1_000, ingestToAlert: total - 1_120, total },
    implementations: [
      { language: 'eql', matched: true },
      { language: 'car', matched: true },
    ],
    evidence: { events: [event(`${analytic}-e1`)], alerts: [alert(`${analytic}-a1`)] },
    ...given,
  })

function step(command: string, given: Partial<StepRecord> = {}): StepRecord {
  return {
    phase: 'test',
    host: 'ws1',
    command,
    startedAt: '2026-11-22T08:30:02.000Z',
    exitCode: 0,
    problem: null,
    durationMs: 84,
    stdout: '',
    stderr: '',
    ...given,
  }
}

function test(
  id: string,
  title: string,
  given: Partial<TestRecord>,
  execution: Partial<TestRecord['execution']> = {},
): TestRecord {
  return {
    id,
    title,
    attack: ['T1053.005'],
    tags: [],
    provenance: { document: PROCESS, test: '1', kind: 'own' },
    marker: 'tocsin-abcdef2345',
    documentDefects: [],
    hosts: { source: 'ws1', target: 'srv1' },
    execution: {
      status: 'completed',
      expected: 'completed',
      reason: null,
      startedAt: '2026-11-22T08:30:02.000Z',
      endedAt: '2026-11-22T08:30:02.084Z',
      steps: [],
      ...execution,
    },
    checks: [],
    captures: [],
    cleanup: { status: 'done', verified: true, reason: null },
    ...given,
  }
}

const UUID_ON_THE_WIRE = '4959d386c9834440b424db363231fd0c'

/** A bind with three contexts and a call, and a conversation of which no message matches. */
const EXCHANGE: CheckRecord['exchange'] = [
  {
    sensor: 'tap1',
    client: { ip: '192.0.2.10', port: 56_588 },
    server: { ip: '192.0.2.20', port: 49_671 },
    more: 0,
    messages: [
      {
        at: '2026-11-22T08:30:02.031Z',
        event: event('e31'),
        action: 'dce_rpc_bind',
        interface: 'ITaskSchedulerService',
        opnum: null,
        callId: 2,
        contexts: [
          { id: 0, interface: 'ITaskSchedulerService', transferSyntax: 'NDR32', result: 'accepted' },
          { id: 1, interface: 'ITaskSchedulerService', transferSyntax: 'NDR64', result: 'rejected' },
          { id: 2, interface: 'ITaskSchedulerService', transferSyntax: 'features', result: 'features' },
        ],
        answer: 'success',
        matched: true,
        frames: [12, 14],
        length: 160,
        hex: `${'00'.repeat(32)}${UUID_ON_THE_WIRE}${'00'.repeat(28)}${UUID_ON_THE_WIRE}${'00'.repeat(28)}${UUID_ON_THE_WIRE}`,
        marks: [32, 76, 120].map((offset, id) => ({
          what: `ITaskSchedulerService, context ${id}`,
          offset,
          length: 16,
        })),
      },
      {
        at: '2026-11-22T08:30:02.040Z',
        event: event('e40'),
        action: 'SchRpcRegisterTask',
        interface: 'ITaskSchedulerService',
        opnum: 1,
        callId: 3,
        contexts: [],
        answer: 'failure 0x00000005',
        matched: true,
        frames: [17],
        length: 2_788,
        hex: `${'00'.repeat(20)}00000100`,
        marks: [{ what: 'operation number 1', offset: 22, length: 2 }],
      },
    ],
  },
  {
    sensor: null,
    client: { ip: '2001:db8::10', port: 56_587 },
    server: { ip: NASTY, port: 135 },
    more: 1_200,
    messages: [
      {
        at: '2026-11-22T08:30:02.011Z',
        event: event('e41'),
        action: NASTY,
        interface: NASTY,
        opnum: null,
        callId: null,
        contexts: [{ id: 0, interface: NASTY, transferSyntax: NASTY, result: null }],
        answer: null,
        matched: false,
        frames: [],
        length: null,
        hex: '',
        marks: [],
      },
    ],
  },
]

const tests: TestRecord[] = [
  test(
    'local-tasks/create-verbatim',
    'Create a task on this host, as the document writes it',
    {
      provenance: { document: PROCESS, test: '1', kind: 'verbatim' },
      marker: null,
      documentDefects: [
        {
          document: PROCESS,
          test: 'Test Case 1',
          text: 'It expects the alert when the task runs; the analytic sees only schtasks.exe.',
        },
        { document: NASTY, test: NASTY, text: NASTY },
      ],
      checks: [
        alerted(PROCESS, 65_300),
        check(NETWORK, { reason: 'a local task leaves no network event' }),
        check(SEQUENCE, { verdict: 'logged', confidence: 'window', evidence: { events: [event('e9')], alerts: [] } }),
      ],
    },
    {
      steps: [
        step('schtasks /Create /SC ONCE /ST 19:00 /TR C:\\Windows\\System32\\calc.exe /TN calctask', {
          stdout: 'SUCCESS: The scheduled task "calctask" has successfully been created.\r\n',
          stderr: 'WARNING: Task may not run because /ST is earlier than current time.\r\n',
        }),
        step('schtasks /Delete /TN calctask', { phase: 'cleanup', stdout: 'x'.repeat(4_200) }),
      ],
    },
  ),
  test(
    'local-tasks/renamed-binary',
    'Create a task with a renamed schtasks.exe',
    {
      checks: [
        check(PROCESS, {
          expect: 'alert',
          verdict: 'logged',
          outcome: 'known-gap',
          brokenStage: 'logic',
          cause: 'process.name : "schtasks.exe" does not hold: the event has "updater.exe".',
          knownGap: {
            reason: 'The analytic knows the binary by its name only.',
            reviewBy: '2027-06-30',
            closed: false,
          },
          confidence: 'entity',
          evidence: { events: [event('e20')], alerts: [] },
        }),
        alerted(SEQUENCE, 95_000, {
          knownGap: { reason: 'Thought to be blind here.', reviewBy: '2027-01-31', closed: true },
        }),
      ],
      cleanup: { status: 'failed', verified: false, reason: 'the task is still there: access denied' },
    },
    {
      steps: [
        step('C:\\Temp\\updater.exe /create /tn x', { phase: 'setup' }),
        step('C:\\Temp\\updater.exe /run /tn x'),
      ],
    },
  ),
  test('remote-tasks/create', 'Create a task on another host', {
    attack: ['T1053.005', 'T1021'],
    provenance: { document: SEQUENCE, kind: 'adapted', why: '/ST is added, which /SC ONCE needs' },
    captures: [
      {
        sensor: 'tap1',
        path: 'captures/tap1/remote-tasks/create.pcap',
        sha256: '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae',
        bytes: 14_220,
        events: 15,
        startedAt: '2026-11-22T08:30:01.900Z',
        endedAt: '2026-11-22T08:30:17.400Z',
        problem: 'its limit of 30m was reached',
      },
      {
        sensor: 'tap2',
        path: null,
        sha256: null,
        bytes: 0,
        events: 0,
        startedAt: null,
        endedAt: null,
        problem: NASTY,
      },
    ],
    checks: [
      alerted(PROCESS, 66_000, {
        late: true,
        outcome: 'unexpected',
        brokenStage: 'alert',
        cause: 'The alert came 11 min 6 s after the last event; the test allows 10 min.',
        latencyMs: { executionToEvent: -340, eventToIngest: 900, ingestToAlert: 665_440, total: 666_000 },
      }),
      check(NETWORK, {
        expect: 'alert',
        verdict: 'matched',
        outcome: 'unexpected',
        brokenStage: 'rule',
        cause: 'The rule car-2015-04-002 is disabled.',
        confidence: 'entity',
        evidence: {
          events: [event('e31'), ...Array.from({ length: 13 }, (_, index) => event(`e4${index}`))],
          alerts: [],
        },
        latencyMs: { executionToEvent: 80, eventToIngest: 940, ingestToAlert: null, total: null },
        exchange: EXCHANGE,
        implementations: [
          { language: 'kuery', matched: true },
          { language: 'dnif', matched: null },
        ],
      }),
      check(SEQUENCE, {
        expect: 'alert',
        verdict: 'logged',
        outcome: 'unexpected',
        brokenStage: 'logic',
        cause: 'source.port >= 49152 does not hold: the event has 1025.',
        confidence: 'marker',
        evidence: { events: [event('e50'), event('e51')], alerts: [] },
        explanation: {
          summary: 'Step 1 of the sequence comes nearest: source.port is 1025.',
          nearest: [
            {
              step: 0,
              event: event('e50'),
              holds: false,
              clauses: [
                { clause: 'process.name : "svchost.exe"', holds: true, seen: 'svchost.exe', wanted: 'svchost.exe' },
                { clause: 'source.port >= 49152', holds: false, seen: '1025', wanted: '>= 49152' },
                { clause: `host.os.type == "${NASTY}"`, holds: null, seen: null, wanted: NASTY },
              ],
              note: null,
            },
            { step: 1, event: null, holds: false, clauses: [], note: 'no event shares host.id and process.entity_id' },
          ],
        },
      }),
    ],
  }),
  test(
    'remote-tasks/stock-sensors',
    'Create a task on a host with stock sensors',
    {
      marker: NASTY,
      checks: [
        check(SEQUENCE, {
          expect: 'match',
          verdict: 'unseen',
          outcome: 'unexpected',
          brokenStage: 'telemetry',
          cause: 'There are no registry change events of srv2 in the window.',
        }),
        check(PROCESS, {
          expect: 'silent',
          verdict: 'alerted',
          outcome: 'unexpected',
          brokenStage: 'logic',
          cause: `A false positive: ${NASTY}`,
          evidence: { events: [event(NASTY)], alerts: [alert('a77')] },
          confidence: 'window',
        }),
      ],
      cleanup: { status: 'done', verified: false, reason: NASTY },
    },
    { steps: [step(NASTY, { stdout: NASTY, stderr: NASTY, exitCode: -2147467259 })] },
  ),
  test(
    'remote-tasks/firewall-closed',
    NASTY,
    {
      checks: [
        check(NETWORK, {
          expect: 'alert',
          outcome: 'inconclusive',
          brokenStage: 'execution',
          cause: 'The command ended with 1, completed was expected.',
        }),
        check(SEQUENCE, {
          expect: 'alert',
          outcome: 'inconclusive',
          brokenStage: 'execution',
          cause: 'The command ended with 1, completed was expected.',
        }),
        alerted(PROCESS, 61_000, { outcome: 'inconclusive', brokenStage: 'execution', cause: null, latencyMs: null }),
      ],
      cleanup: { status: 'not-needed', verified: false, reason: null },
    },
    {
      status: 'failed',
      reason: 'The RPC server is unavailable.',
      steps: [step('schtasks /create /s srv3', { exitCode: 1, stderr: 'ERROR: The RPC server is unavailable.\r\n' })],
    },
  ),
  test(
    'remote-tasks/no-host',
    'Create a task on a host that is down',
    {
      attack: ['T1053.005', 'not-a-technique"><b>'],
      checks: [
        check(PROCESS, {
          expect: 'log',
          verdict: 'unknown',
          outcome: 'inconclusive',
          cause: 'ws2 could not be reached: connection refused.',
          implementations: [{ language: 'eql', matched: null }],
        }),
      ],
      cleanup: { status: 'not-needed', verified: false, reason: null },
    },
    { status: 'skipped', reason: 'ws2 could not be reached: connection refused.', startedAt: null, endedAt: null },
  ),
  test(
    'remote-tasks/rpc-disabled',
    'Create a task where RPC over TCP is off',
    {
      attack: ['T1053.005'],
      checks: [
        alerted(PROCESS, 64_000),
        check(SEQUENCE, { expect: 'log', verdict: 'logged', reason: 'the connection is tried' }),
      ],
    },
    {
      status: 'failed',
      expected: 'failed',
      steps: [
        step('hangs', { exitCode: null, problem: 'killed after the time limit of 60s', durationMs: 60_000 }),
        step('C:\\Windows\\System32\\schtasks.exe', { exitCode: 1 }),
      ],
    },
  ),
]

for (const [index, status] of (['prevented', 'timed-out', 'interrupted'] as const).entries()) {
  tests.push(
    test(
      `ends/${status}`,
      `A test that was ${status}`,
      {
        checks: [
          check(NETWORK, {
            outcome: 'inconclusive',
            brokenStage: 'execution',
            verdict: 'unknown',
            cause: `The test was ${status}.`,
          }),
        ],
      },
      { status, endedAt: `2026-11-22T08:30:${10 + index}.000Z` },
    ),
  )
}

/** Parsed by the schema, so that the sample cannot drift from what runs write. */
export const sampleRecord: RunRecord = RunRecord.parse({
  format: 'tocsin.run/1',
  id: '20261122-083000-sample',
  startedAt: '2026-11-22T08:30:00.000Z',
  endedAt: '2026-11-22T08:52:10.500Z',
  durationMs: 14_250,
  tool: { name: 'tocsin', version: '0.0.0-sample' },
  lab: { name: 'embedded', kind: 'emulated', timeScale: 93.4 },
  siem: { kind: 'embedded', version: '9.4.0' },
  authorization: {
    approvedBy: NASTY,
    reason: 'quarterly test',
    notBefore: '2026-11-22T00:00:00.000Z',
    notAfter: '2026-11-23T00:00:00.000Z',
    hosts: ['192.0.2.10', '192.0.2.20'],
  },
  analytics: [
    {
      id: PROCESS,
      title: 'Execution with schtasks',
      attack: [{ technique: 'T1053.005', name: 'Scheduled Task', tactics: ['TA0003'] }],
    },
    {
      id: NETWORK,
      title: `Remotely scheduled tasks <b>&amp;`,
      attack: [{ technique: 'T1053.005', name: 'Scheduled Task', tactics: ['TA0002'] }],
    },
    {
      id: SEQUENCE,
      title: 'Remote scheduled task creation',
      attack: [
        { technique: 'T1053.005', name: null, tactics: ['TA0002'] },
        { technique: 'T1021', name: 'Remote Services', tactics: ['TA0008'] },
      ],
    },
    {
      id: UNUSED,
      title: 'An analytic no test names',
      attack: [{ technique: 'T1543', name: 'Create or Modify System Process', tactics: ['TA0003', 'TA9999'] }],
    },
  ],
  summary: summarise(tests),
  clocks: [
    { host: 'tap1', offsetMs: -12.5, roundTripMs: 0.8 },
    { host: NASTY, offsetMs: 0, roundTripMs: 0 },
  ],
  tests,
})
