import assert from 'node:assert/strict'
import { analytic, host, hosts, scenario, World } from './world.ts'

const MINUTE = 60_000
const process = analytic('process', 'process.name=task')
const remote = analytic('remote', 'network.action=bind then registry.value=Actions')
const expect = [{ analytic: 'process', is: 'alert' }]

const local = (id: string, more: Record<string, unknown> = {}) => ({
  id,
  steps: [{ host: 'source', run: 'task {{marker}}' }],
  cleanup: [{ host: 'source', run: 'delete {{marker}}' }],
  changes: [{ kind: 'scheduled-task', host: 'source', name: '\\{{marker}}' }],
  expect,
  ...more,
})

describe('execution', () => {
  it('runs lanes of hosts side by side, and keeps tests on one host apart by the longest maxspan', async () => {
    const world = new World()
    const tests = Array.from({ length: 6 }, (_, index) =>
      local(`t${index}`, { expect: [...expect, { analytic: 'remote', is: 'silent' }] }),
    )
    const from = performance.now()
    const record = await world.run({ scenarios: [scenario(tests)], analytics: [process, remote] })
    assert.ok(performance.now() - from < 5_000, 'waiting for a host holds up no clock')
    assert.equal(record.summary.outcomes.expected, 12)
    assert.deepEqual(new Set(record.tests.map((test) => test.hosts.source)), new Set(['ws1', 'ws2']))
    for (const name of ['ws1', 'ws2']) {
      const on = record.tests.filter((test) => test.hosts.source === name)
      assert.equal(on.length, 3)
      for (const [index, test] of on.entries()) {
        if (index === 0) continue
        const before = on[index - 1]!.execution.steps.at(-1)!
        assert.ok(Date.parse(test.execution.startedAt!) - Date.parse(before.startedAt) >= MINUTE)
      }
    }
    const [a, b] = record.tests
    assert.ok(Math.abs(Date.parse(a!.execution.startedAt!) - Date.parse(b!.execution.startedAt!)) < MINUTE)
  })

  it('gives each alert to its own test when marked tests share a host', async () => {
    const world = new World()
    const tests = Array.from({ length: 40 }, (_, index) => ({
      id: `t${index}`,
      isolation: 'marker',
      steps: [{ host: 'only', run: index === 7 ? 'nothing {{marker}}' : 'task {{marker}}' }],
      expect: [{ analytic: 'process', is: index === 7 ? 'silent' : 'alert' }],
    }))
    const record = await world.run({
      scenarios: [scenario(tests)],
      analytics: [process],
      hosts: [host('one', 'only')],
    })
    assert.equal(record.summary.outcomes.expected, 40)
    assert.deepEqual(
      record.tests.map(({ checks }) => checks[0]!.evidence.alerts.length),
      tests.map((_, index) => (index === 7 ? 0 : 1)),
    )
    assert.ok(world.calls.events < 20, `requests grow with looks, not with tests: ${world.calls.events}`)
  })

  it('fills in texts, and keeps passwords out of the record, the events and the journal', async () => {
    const world = new World()
    world.secrets.push('hunter2hunter2')
    const test = local('secret', {
      variables: { name: '{{marker}}-x', line: '/p {{source.password}}' },
      steps: [{ host: 'source', run: 'task {{name}} {{line}}', stdin: 'Y {{source.password}}' }],
      cleanup: [{ host: 'source', run: 'delete {{name}} {{line}}' }],
      changes: [{ kind: 'scheduled-task', host: 'source', name: '\\{{name}}' }],
      // Its cause quotes the command line of the event.
      expect: [{ analytic: 'process', is: 'silent' }],
    })
    const record = await world.run({ scenarios: [scenario([test])], analytics: [process] })
    const marker = record.tests[0]!.marker!
    assert.match(marker, /^tocsin-[a-z2-7]{10}$/)
    assert.equal(world.commands[0]!.command.text, `task ${marker}-x /p hunter2hunter2`)
    assert.equal(world.commands[0]!.command.stdin, 'Y hunter2hunter2')
    assert.equal(record.tests[0]!.execution.steps[0]!.command, `task ${marker}-x /p ••••••`)
    assert.match(record.tests[0]!.checks[0]!.cause!, /process\.command_line "task \S+ \/p ••••••"/)
    for (const kept of [record, world.heard, world.journal, world.saved]) {
      assert.ok(!JSON.stringify(kept).includes('hunter2'))
    }
    const opened = world.journal[0]
    assert.ok(opened !== undefined && 'open' in opened)
    const undo = opened.open.cleanup[0]!
    assert.equal('run' in undo && undo.run, `delete ${marker}-x /p {{source.password}}`)
    assert.equal(record.tests[0]!.cleanup.verified, true)
  })

  it('has no marker in the record of a test that carries none', async () => {
    const test = local('verbatim', { steps: [{ host: 'source', run: 'task calctask' }], cleanup: [], changes: [] })
    const record = await new World().run({ scenarios: [scenario([test])], analytics: [process] })
    assert.equal(record.tests[0]!.marker, null)
    assert.equal(record.tests[0]!.checks[0]!.verdict, 'alerted')
    assert.equal(record.tests[0]!.checks[0]!.confidence, 'window')
  })

  it('reports what is left behind, and leaves its journal entry open', async () => {
    const world = new World()
    const record = await world.run({
      scenarios: [scenario([local('messy', { cleanup: [{ host: 'source', run: 'exit 1' }] })])],
      analytics: [process],
    })
    const { cleanup } = record.tests[0]!
    assert.equal(cleanup.status, 'failed')
    assert.equal(cleanup.verified, false)
    assert.match(cleanup.reason!, /scheduled task \\tocsin-\w+ on ws1 is still there; .*exit code 1/)
    assert.equal(world.journal.length, 1)
  })

  it('judges a clean-up by the state it leaves, not by its exit codes', async () => {
    const test = local('loud', {
      cleanup: [
        { host: 'source', run: 'delete {{marker}}' },
        { host: 'source', run: 'exit 1' },
      ],
    })
    const record = await new World().run({ scenarios: [scenario([test])], analytics: [process] })
    assert.deepEqual(record.tests[0]!.cleanup, { status: 'done', verified: true, reason: null })
  })

  it('does not run a test whose set-up fails, and cleans up all the same', async () => {
    const world = new World()
    const test = local('unset', {
      setup: [
        { host: 'source', run: 'task {{marker}}' },
        { host: 'source', run: 'exit 2' },
      ],
    })
    const record = await world.run({ scenarios: [scenario([test])], analytics: [process] })
    const { execution, checks, cleanup } = record.tests[0]!
    assert.equal(execution.status, 'skipped')
    assert.match(execution.reason!, /the set-up did not complete: exit code 2/)
    assert.equal(checks[0]!.outcome, 'inconclusive')
    assert.equal(checks[0]!.brokenStage, 'execution')
    assert.equal(cleanup.status, 'done')
    assert.equal(world.tasks.size, 0)
  })

  it('takes the exit codes and the outcome that a test states', async () => {
    const tests = [
      local('accepted', {
        steps: [{ host: 'source', run: 'exit 3', exitCodes: [3] }],
        expect: [{ analytic: 'process', is: 'silent' }],
      }),
      local('refused', {
        execution: 'failed',
        steps: [{ host: 'source', run: 'exit 3' }],
        expect: [{ analytic: 'process', is: 'silent' }],
      }),
      local('blocked', {
        execution: 'prevented',
        steps: [{ host: 'source', run: `exit ${0x800700e1}` }],
        expect: [{ analytic: 'process', is: 'silent' }],
      }),
      local('slow', {
        execution: 'timed-out',
        steps: [{ host: 'source', run: 'stall' }],
        expect: [{ analytic: 'process', is: 'silent' }],
      }),
    ]
    const record = await new World().run({ scenarios: [scenario(tests)], analytics: [process] })
    assert.deepEqual(
      record.tests.map(({ execution }) => execution.status),
      ['completed', 'failed', 'prevented', 'timed-out'],
    )
    assert.deepEqual(
      record.tests.map(({ checks }) => checks[0]!.outcome),
      ['expected', 'expected', 'expected', 'expected'],
    )
    assert.equal(record.tests[2]!.execution.steps[0]!.exitCode, -2147024671)
  })

  it('after an interruption starts nothing more, cleans up and leaves the rest unknown', async () => {
    const world = new World()
    const tests = [
      local('made', {
        steps: [
          { host: 'source', run: 'task {{marker}}' },
          { host: 'source', run: 'hang' },
        ],
      }),
      local('next'),
      local('after'),
    ]
    const ended = world.run({ scenarios: [scenario(tests)], analytics: [process], concurrency: 1, hosts: hosts() })
    setTimeout(() => world.abort.abort(), 30)
    const record = await ended
    assert.deepEqual(
      record.tests.map(({ execution }) => execution.status),
      ['interrupted', 'interrupted', 'interrupted'],
    )
    assert.equal(record.tests[1]!.execution.steps.length, 0)
    assert.equal(record.tests[0]!.cleanup.verified, true)
    assert.equal(world.tasks.size, 0)
    assert.equal(record.summary.verdicts.unknown, 3)
    assert.equal(record.summary.outcomes.inconclusive, 3)
    assert.notEqual(record.endedAt, null)
    assert.ok(world.heard.some(({ type }) => type === 'interrupted'))
  })

  it('has a record that is true whenever the run should die', async () => {
    const world = new World()
    await world.run({ scenarios: [scenario([local('one'), local('two')])], analytics: [process], concurrency: 1 })
    const early = JSON.parse(world.saved.find((text) => text.includes('"phase":"test"'))!)
    assert.equal(early.endedAt, null)
    assert.equal(early.tests[0].execution.status, 'interrupted')
    assert.deepEqual(early.tests[0].cleanup.status, 'failed')
    assert.equal(early.tests[1].checks[0].verdict, 'unknown')
    assert.equal(early.tests[1].checks[0].outcome, 'inconclusive')
  })

  it('does not start tests once the authorization has ended', async () => {
    const authorization = {
      approvedBy: 'somebody',
      reason: 'exercise',
      notBefore: '2025-12-31T00:00:00Z',
      notAfter: '2026-01-01T13:00:00Z',
      hosts: [{ address: '10.0.0.9' }],
    }
    const real = host('ws1', 'source', { emulated: undefined, address: '10.0.0.9' })
    const world = new World()
    const record = await world.run({
      scenarios: [scenario([local('late')])],
      analytics: [process],
      hosts: [real],
      authorization,
      realNow: () => Date.parse('2026-01-01T13:00:01Z'),
    })
    assert.equal(world.commands.length, 0)
    assert.equal(record.tests[0]!.execution.status, 'skipped')
    assert.match(record.tests[0]!.execution.reason!, /authorization ended/)
  })
})
