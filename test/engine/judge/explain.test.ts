import assert from 'node:assert/strict'
import type { TestEvent } from '../../../src/engine/judge/correlate.ts'
import { explainBest } from '../../../src/engine/judge/explain.ts'
import { createJudge } from '../../../src/language/judge.ts'
import type { Implementation } from '../../../src/model/analytic.ts'
import type { Confidence } from '../../../src/model/words.ts'

const eql = (query: string): Implementation => ({ language: 'eql', query })

const event = (id: string, at: number, confidence: Confidence, source: Record<string, unknown>): TestEvent => ({
  at,
  confidence,
  document: { index: 'events', id, source: { '@timestamp': new Date(at).toISOString(), ...source } },
})

const process = (id: string, at: number, confidence: Confidence, name: string, type = 'start') =>
  event(id, at, confidence, { event: { category: ['process'], type: [type] }, process: { name } })

const nearest = (query: string, events: TestEvent[]) =>
  explainBest(createJudge(), eql(query), events).nearest.map((step) => step.event?.id)

describe('explanation of a test', () => {
  const query = 'process where event.type == "start" and process.name == "schtasks.exe"'

  it('takes of equally near events one that carries the marker, whatever came before it', () => {
    const events = [
      process('logon', 1, 'window', 'sshd.exe'),
      process('joined', 2, 'entity', 'conhost.exe'),
      process('marked', 3, 'marker', 'renamed.exe'),
    ]
    assert.deepEqual(nearest(query, events), ['marked'])
  })

  it('takes one that is joined to a marked event before one of the window', () => {
    const events = [process('logon', 1, 'window', 'sshd.exe'), process('joined', 2, 'entity', 'conhost.exe')]
    assert.deepEqual(nearest(query, events), ['joined'])
  })

  it('takes an event that comes nearer, marked or not', () => {
    const events = [process('near', 1, 'window', 'sshd.exe'), process('marked', 2, 'marker', 'renamed.exe', 'end')]
    assert.deepEqual(nearest(query, events), ['near'])
  })

  it('takes all events where only they have one for each step', () => {
    const sequence = 'sequence [network where true] [process where process.name == "schtasks.exe"]'
    const events = [
      event('connection', 1, 'window', { event: { category: ['network'] } }),
      process('logon', 2, 'window', 'sshd.exe'),
      process('marked', 3, 'marker', 'renamed.exe'),
    ]
    assert.deepEqual(nearest(sequence, events)[0], 'connection')
  })
})
