import assert from 'node:assert/strict'
import { traceOf } from '../../../src/report/facts/trace.ts'
import { sampleRecord } from '../sample-record.ts'

/** The states of the four stages of a check of the sample. */
function statesOf(id: string, analytic: string): string {
  const test = sampleRecord.tests.find((each) => each.id === id)!
  const check = test.checks.find((each) => each.analytic === analytic)!
  return traceOf(test, check)
    .map(({ state }) => state)
    .join(' ')
}

describe('trace', () => {
  const cases: [string, string, string, string][] = [
    ['an alert in time', 'local-tasks/create-verbatim', 'CAR-2013-08-001', 'reached reached reached reached'],
    ['silence kept', 'local-tasks/create-verbatim', 'CAR-2015-04-002', 'reached quiet quiet quiet'],
    ['a known gap in the logic', 'local-tasks/renamed-binary', 'CAR-2013-08-001', 'reached reached broken quiet'],
    ['a late alert', 'remote-tasks/create', 'CAR-2013-08-001', 'reached reached reached broken'],
    ['a disabled rule', 'remote-tasks/create', 'CAR-2015-04-002', 'reached reached reached broken'],
    ['no telemetry', 'remote-tasks/stock-sensors', 'remote-scheduled-task-creation', 'reached broken quiet quiet'],
    ['a false positive', 'remote-tasks/stock-sensors', 'CAR-2013-08-001', 'reached reached reached broken'],
    ['a failed execution', 'remote-tasks/firewall-closed', 'CAR-2015-04-002', 'broken quiet quiet quiet'],
    ['a host that is down', 'remote-tasks/no-host', 'CAR-2013-08-001', 'unknown unknown unknown unknown'],
    [
      'a failure that the test states',
      'remote-tasks/rpc-disabled',
      'CAR-2013-08-001',
      'reached reached reached reached',
    ],
  ]
  for (const [name, test, analytic, states] of cases) it(name, () => assert.equal(statesOf(test, analytic), states))

  it('gives the time of day of what it knows', () => {
    const test = sampleRecord.tests[0]!
    const details = traceOf(test, test.checks[0]!).map(({ detail }) => detail)
    assert.deepEqual(details, [
      'completed at 08:30:02.084',
      '1 event, 120 ms after its step at 08:30:02.120',
      'in eql, car',
      '1 min 5 s after its step at 08:31:07.300',
    ])
  })
})
