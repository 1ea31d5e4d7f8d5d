import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RunEvent } from '../../../src/model/run-event.ts'
import { paintFor } from '../../../src/report/terminal/paint.ts'
import { renderProgress, startProgress } from '../../../src/report/terminal/progress.ts'
import { follow, newProgress } from '../../../src/report/terminal/progress-state.ts'
import { columns } from '../../../src/report/text.ts'
import { NASTY, sampleRecord } from '../sample-record.ts'

const started: RunEvent = { type: 'run-started', record: sampleRecord, lanes: 2 }
const step = (test: string, command: string): RunEvent => ({
  type: 'step-started',
  test,
  phase: 'test',
  host: 'ws1',
  command,
})

function stateAfter(...events: RunEvent[]) {
  const state = newProgress()
  for (const event of events) follow(state, event)
  return state
}

/** A stream that keeps what it was given. */
function stream(isTTY: boolean) {
  let text = ''
  const writable = new Writable({
    write(chunk, _encoding, done) {
      text += chunk
      done()
    },
  })
  const terminal = Object.assign(writable, { isTTY, columns: 80, rows: 24 }) as unknown as NodeJS.WriteStream
  return { terminal, text: () => text }
}

describe('progress', () => {
  const render = (...events: RunEvent[]) => renderProgress(stateAfter(...events), paintFor(false), 80)

  it('counts executed tests and judged checks, and what is bad among them', () => {
    const [test] = sampleRecord.tests
    const unexpected = sampleRecord.tests
      .flatMap(({ checks }) => checks)
      .find(({ outcome }) => outcome === 'unexpected')!
    const [line] = render(
      started,
      { type: 'test-executed', test: test!.id, status: 'completed' },
      { type: 'check-judged', test: test!.id, check: test!.checks[0]! },
      { type: 'check-judged', test: test!.id, check: unexpected },
    )
    assert.equal(line, '1 of 10 tests executed  2 of 19 checks judged  ✗ 1')
  })

  it('shows the step of each running test until it ends, a few at most', () => {
    const many = Array.from({ length: 9 }, (_, index) => step(`s/t${index}`, 'schtasks /query'))
    assert.equal(render(started, ...many).length, 5)
    assert.match(render(started, step('s/t', 'schtasks /query'))[1]!, /^ {2}ws1 {2}s\/t {2}schtasks \/query$/)
    const finished: RunEvent = { type: 'step-finished', test: 's/t', step: sampleRecord.tests[0]!.execution.steps[0]! }
    assert.equal(render(started, step('s/t', 'x'), finished).length, 1)
  })

  it('is never wider than the terminal and lets no command steer it', () => {
    const lines = renderProgress(stateAfter(started, step('s/t', NASTY.repeat(3))), paintFor(false), 60)
    for (const line of lines) assert.ok(columns(line) <= 60, line)
    assert.doesNotMatch(lines.join(''), /[\p{Cc}\p{Cf}\p{Cs}]/u)
  })

  it('draws in place on a terminal and leaves nothing behind', async () => {
    const { terminal, text } = stream(true)
    const progress = startProgress(terminal, { colour: false })
    progress.listen(started)
    await sleep(200)
    assert.match(text(), /0 of 10 tests executed/)
    const before = text().length
    progress.stop()
    progress.listen(started)
    await sleep(200)
    assert.doesNotMatch(text().slice(before), /tests executed/)
  })

  it('says elsewhere only what somebody must know, and each trouble once', () => {
    const { terminal, text } = stream(false)
    const { listen, stop } = startProgress(terminal, { colour: false })
    listen(started)
    listen(step('s/t', 'x'))
    listen({ type: 'siem-trouble', reason: 'answered 429\u001B[2J' })
    listen({ type: 'siem-trouble', reason: 'answered 429\u001B[2J' })
    listen({ type: 'cleanup-finished', test: 's/t', cleanup: { status: 'failed', verified: false, reason: 'denied' } })
    listen({ type: 'interrupted' })
    stop()
    assert.equal(text(), 'SIEM: answered 429\nClean-up of s/t failed: denied\nInterrupted: cleaning up. Please wait.\n')
  })
})
