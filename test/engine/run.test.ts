import assert from 'node:assert/strict'
import type { CheckRecord } from '../../src/model/run-record.ts'
import { analytic, START, scenario, World } from './world.ts'

const MINUTE = 60_000
const process = analytic('process', 'process.name=task')
const remote = analytic('remote', 'network.action=bind then registry.value=Actions')

const creating = (expect: Record<string, unknown>[], more: Record<string, unknown> = {}) => ({
  id: 'create',
  steps: [{ host: 'target', run: 'task {{marker}}' }],
  cleanup: [{ host: 'target', run: 'delete {{marker}}' }],
  changes: [{ kind: 'scheduled-task', host: 'target', name: '\\{{marker}}' }],
  expect,
  ...more,
})

const remotely = (expect: Record<string, unknown>[], more: Record<string, unknown> = {}) =>
  creating(expect, { steps: [{ host: 'target', run: 'remote {{marker}}' }], ...more })

const first = async (world: World, test: Record<string, unknown>, analytics = [process, remote]) => {
  const record = await world.run({ scenarios: [scenario([test])], analytics })
  return { record, test: record.tests[0]!, check: record.tests[0]!.checks[0]! }
}

const verdict = ({ verdict, outcome, brokenStage, late }: CheckRecord) => ({ verdict, outcome, brokenStage, late })

describe('a run', () => {
  it('executes, waits for the alert, cleans up and records it all', async () => {
    const world = new World()
    const { record, test, check } = await first(world, creating([{ analytic: 'process', is: 'alert' }]))
    assert.deepEqual(verdict(check), { verdict: 'alerted', outcome: 'expected', brokenStage: null, late: false })
    assert.equal(check.confidence, 'marker')
    assert.equal(check.cause, null)
    assert.deepEqual(check.implementations, [{ language: 'eql', matched: true }])
    assert.deepEqual(
      check.evidence.events.map(({ id }) => id),
      ['e0'],
    )
    assert.equal(check.evidence.alerts[0]!.ruleId, 'rule-process')
    assert.equal(check.latencyMs?.eventToIngest, 1_000)
    assert.ok(check.latencyMs!.total! > 4 * MINUTE && check.latencyMs!.total! <= 5 * MINUTE)
    assert.deepEqual(test.cleanup, { status: 'done', verified: true, reason: null })
    assert.equal(test.execution.status, 'completed')
    assert.deepEqual(
      test.execution.steps.map(({ phase }) => phase),
      ['test', 'cleanup'],
    )
    assert.equal(record.summary.outcomes.expected, 1)
    assert.notEqual(record.endedAt, null)
  })

  it('journals a change before it is made, and closes the entry when it is undone', async () => {
    const world = new World()
    world.transport.run = ((run) => (host, command, options) => {
      if (command.text.startsWith('task')) assert.equal(world.journal.length, 1)
      return run(host, command, options)
    })(world.transport.run)
    await first(world, creating([{ analytic: 'process', is: 'alert' }]))
    assert.equal(world.journal.length, 2)
    assert.deepEqual(world.journal[1], { close: 'suite/create' })
  })

  it('says which kind of event is missing', async () => {
    const world = new World({ missing: ['network'] })
    const { check } = await first(world, remotely([{ analytic: 'remote', is: 'alert' }]))
    assert.deepEqual(verdict(check), {
      verdict: 'unseen',
      outcome: 'unexpected',
      brokenStage: 'telemetry',
      late: false,
    })
    assert.match(check.cause!, /no network events of this test reached the SIEM, though 2 other events did/)
  })

  it('names the clause that does not hold', async () => {
    const world = new World()
    const changed = analytic('remote', 'network.action=bind then registry.value=Triggers')
    const { check } = await first(world, remotely([{ analytic: 'remote', is: 'alert' }]), [changed])
    assert.deepEqual(verdict(check), { verdict: 'logged', outcome: 'unexpected', brokenStage: 'logic', late: false })
    assert.match(check.cause!, /registry\.value is "Actions", the rule wants "Triggers"/)
  })

  it('blames a rule that is disabled, missing or failing', async () => {
    const failing = { at: Date.UTC(2027, 0, 1), status: 'failed' as const, message: 'no such column' }
    for (const [rule, cause] of [
      [{ enabled: false }, /is disabled/],
      [{ missing: true }, /the SIEM has no rule rule-process/],
      [{ lastExecution: failing, enabled: true, intervalMs: 24 * 60 * MINUTE }, /ended as failed: no such column/],
    ] as const) {
      const { check } = await first(new World({ rule }), creating([{ analytic: 'process', is: 'alert' }]))
      assert.deepEqual(verdict(check), { verdict: 'matched', outcome: 'unexpected', brokenStage: 'rule', late: false })
      assert.match(check.cause!, cause)
    }
  })

  it('waits for a late alert and calls it late', async () => {
    const slow = analytic('process', 'process.name=task', { interval: '20m', from: 'now-30m' })
    const { check } = await first(new World(), creating([{ analytic: 'process', is: 'alert', within: '10m' }]), [slow])
    assert.deepEqual(verdict(check), { verdict: 'alerted', outcome: 'unexpected', brokenStage: 'alert', late: true })
    assert.match(check.cause!, /the alert came 20m after the test's last event, 10m are allowed/)
  })

  it('waits out the window of a silent check', async () => {
    const world = new World()
    const { record, check } = await first(world, creating([{ analytic: 'remote', is: 'silent' }]))
    assert.equal(check.outcome, 'expected')
    assert.ok(Date.parse(record.endedAt!) - Date.parse(record.startedAt) >= 14 * MINUTE)
    const false_ = await first(new World(), creating([{ analytic: 'process', is: 'silent' }]))
    assert.deepEqual(verdict(false_.check), {
      verdict: 'alerted',
      outcome: 'unexpected',
      brokenStage: 'logic',
      late: false,
    })
  })

  it('does not judge what set-up and clean-up leave', async () => {
    const test = {
      id: 'query',
      setup: [{ host: 'target', run: 'remote {{marker}}' }],
      steps: [{ host: 'target', run: 'query {{marker}}' }],
      cleanup: [{ host: 'target', run: 'remote {{marker}}' }],
      expect: [{ analytic: 'remote', is: 'silent' }],
    }
    const world = new World()
    const { check } = await first(world, test)
    assert.equal(world.alerts.length > 0, true)
    assert.deepEqual(verdict(check), { verdict: 'unseen', outcome: 'expected', brokenStage: null, late: false })
    assert.deepEqual(check.evidence.alerts, [])
    const [setup, query] = world.commands
    assert.ok(query!.at - setup!.at >= MINUTE, 'the longest maxspan lies between set-up and test')
  })

  it('does not blame a rule when the execution differs', async () => {
    const test = creating([{ analytic: 'process', is: 'alert' }], { steps: [{ host: 'target', run: 'exit 5' }] })
    const { test: done, check } = await first(new World(), test)
    assert.equal(done.execution.status, 'failed')
    assert.deepEqual(verdict(check), {
      verdict: 'logged',
      outcome: 'inconclusive',
      brokenStage: 'execution',
      late: false,
    })
    assert.match(
      check.cause!,
      /the execution is failed, the test expects completed: exit code 5 on srv1: ERROR: Access is denied/,
    )
    assert.deepEqual(done.cleanup, { status: 'not-needed', verified: true, reason: null })
  })

  it('never calls a test unseen whose host was lost or never reached', async () => {
    for (const [command, status] of [
      ['lose', 'interrupted'],
      ['unreachable', 'skipped'],
    ] as const) {
      const test = creating([{ analytic: 'remote', is: 'alert' }], { steps: [{ host: 'target', run: command }] })
      const { test: done, check } = await first(new World(), test)
      assert.equal(done.execution.status, status)
      assert.deepEqual(verdict(check), {
        verdict: 'unknown',
        outcome: 'inconclusive',
        brokenStage: 'execution',
        late: false,
      })
      assert.match(check.cause!, command === 'lose' ? /the host hung up/ : /connection refused/)
    }
  })

  it('forgives a SIEM that fails for a while, and says unknown of one that stays down', async () => {
    for (const call of ['info', 'events', 'alerts', 'rules', 'query'] as const) {
      const blip = await first(
        new World({ siem: { call, reason: '429', times: 2 } }),
        creating([{ analytic: 'process', is: 'alert' }]),
      )
      assert.equal(blip.check.outcome, 'expected', call)
    }
    for (const call of ['events', 'alerts', 'rules'] as const) {
      const down = await first(
        new World({ siem: { call, reason: 'connect ECONNREFUSED', times: 1e9 } }),
        creating([{ analytic: 'process', is: 'alert' }]),
      )
      assert.deepEqual(verdict(down.check), {
        verdict: 'unknown',
        outcome: 'inconclusive',
        brokenStage: null,
        late: false,
      })
      assert.match(down.check.cause!, /ECONNREFUSED/)
    }
  })

  it('takes no partial answer for an empty one', async () => {
    const passing = await first(
      new World({ partial: { times: 2, reason: '1 of 3 shards failed' } }),
      creating([{ analytic: 'remote', is: 'silent' }]),
    )
    assert.equal(passing.check.outcome, 'expected')
    const lasting = await first(
      new World({ partial: { times: 1e9, reason: '1 of 3 shards failed' } }),
      creating([{ analytic: 'remote', is: 'silent' }]),
    )
    assert.equal(lasting.check.verdict, 'unknown')
    assert.match(lasting.check.cause!, /1 of 3 shards failed/)
  })

  it('takes match and log as minimums, and judges what no SIEM runs by itself', async () => {
    const unruled = analytic('process', 'process.name=task', null)
    const other = analytic('other', 'process.name=notepad')
    const table = [
      [unruled, 'match', 'matched', 'expected', null],
      [unruled, 'log', 'matched', 'expected', null],
      [unruled, 'alert', 'matched', 'unexpected', 'rule'],
      [unruled, 'silent', 'matched', 'unexpected', 'logic'],
      [other, 'log', 'logged', 'expected', null],
      [other, 'match', 'logged', 'unexpected', 'logic'],
      [process, 'match', 'alerted', 'expected', null],
    ] as const
    for (const [asked, is, verdict_, outcome, brokenStage] of table) {
      for (const languages of [new Set(['eql']), new Set<string>()]) {
        const world = new World()
        const { tests } = await world.run({
          scenarios: [scenario([creating([{ analytic: asked.id, is }])])],
          analytics: [asked],
          siem: world.siem([asked], languages),
        })
        assert.deepEqual(verdict(tests[0]!.checks[0]!), { verdict: verdict_, outcome, brokenStage, late: false })
        assert.equal(world.calls.query > 0, languages.size > 0)
      }
    }
  })

  it('does not know what an implementation says that nobody can evaluate', async () => {
    for (const [languages, verdict_, outcome] of [
      [new Set<string>(), 'unknown', 'inconclusive'],
      [new Set(['eql']), 'logged', 'expected'],
    ] as const) {
      const odd = analytic('odd', 'not a query')
      const world = new World({ rule: { enabled: false } })
      const { tests } = await world.run({
        scenarios: [scenario([creating([{ analytic: 'odd', is: 'silent' }])])],
        analytics: [odd],
        siem: { ...world.siem([odd], languages), query: async () => ({ complete: true, hits: [] }) },
      })
      const check = tests[0]!.checks[0]!
      assert.deepEqual(verdict(check), { verdict: verdict_, outcome, brokenStage: null, late: false })
      if (verdict_ === 'unknown') assert.match(check.cause!, /no query: not a query/)
    }
  })

  it('records each implementation for itself', async () => {
    const both = analytic('both', 'process.name=task')
    both.implementations.push({ language: 'car', query: 'process.name=tusk' })
    const { check } = await first(new World(), creating([{ analytic: 'both', is: 'alert' }]), [both])
    assert.equal(check.outcome, 'expected')
    assert.deepEqual(check.implementations, [
      { language: 'eql', matched: true },
      { language: 'car', matched: false },
    ])
  })

  it('keeps known gaps apart, and says when one is closed', async () => {
    const knownGap = { reason: 'blind there', reviewBy: '2027-06-30' }
    const open = await first(new World({ blind: true }), creating([{ analytic: 'process', is: 'alert', knownGap }]))
    assert.deepEqual([open.check.outcome, open.check.brokenStage], ['known-gap', 'telemetry'])
    assert.deepEqual(open.check.knownGap, { ...knownGap, closed: false })
    assert.match(open.check.cause!, /no process events of this test reached the SIEM, nor did any other/)
    const closed = await first(new World(), creating([{ analytic: 'process', is: 'alert', knownGap }]))
    assert.deepEqual([closed.check.outcome, closed.check.knownGap?.closed], ['expected', true])
  })

  it('finds alerts of rules that ran while the test still executed', async () => {
    const quick = analytic('process', 'process.name=task', { interval: '10s', from: 'now-60s' })
    const test = creating([{ analytic: 'process', is: 'alert', within: '10m' }], {
      steps: [{ host: 'target', run: 'task {{marker}}' }, { wait: '5m' }],
    })
    const { check } = await first(new World(), test, [quick])
    assert.equal(check.outcome, 'expected')
    assert.ok(check.latencyMs!.total! <= 12_000)
  })

  it('does not wait for the deadline of a test that joins those that wait, when its alert is there already', async () => {
    const quick = analytic('process', 'process.name=task', { interval: '10s', from: 'now-60s' })
    const world = new World()
    const judged = new Map<string, number>()
    await world.run({
      scenarios: [
        scenario([
          { id: 'waits', steps: [{ host: 'source', run: 'quiet' }], expect: [{ analytic: 'remote', is: 'silent' }] },
          creating([{ analytic: 'process', is: 'alert' }], {
            steps: [{ host: 'target', run: 'task {{marker}}' }, { wait: '5m' }],
          }),
        ]),
      ],
      analytics: [quick, remote],
      listen: (event) => {
        if (event.type === 'check-judged') judged.set(event.test, world.clock.now() - START)
      },
    })
    assert.ok(judged.get('suite/waits')! >= 10 * MINUTE)
    assert.ok(judged.get('suite/create')! < 6 * MINUTE)
  })

  it('takes no hit for the test’s that an event of its set-up belongs to', async () => {
    const world = new World({ rule: { enabled: false } })
    const query = async () => ({
      complete: true as const,
      hits: [world.events.slice(0, 2).map(({ index, id }) => ({ index, id }))],
    })
    const { tests } = await world.run({
      scenarios: [
        scenario([
          creating([{ analytic: 'process', is: 'silent' }], {
            setup: [{ host: 'target', run: 'prepare' }],
            steps: [{ host: 'target', run: 'notask {{marker}}' }],
          }),
        ]),
      ],
      analytics: [process],
      siem: { ...world.siem([process]), query },
    })
    assert.equal(tests[0]!.checks[0]!.verdict, 'logged')
  })
})
