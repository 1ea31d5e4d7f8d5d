import assert from 'node:assert/strict'
import { AlertBook, attribute } from '../../../src/engine/judge/alerts.ts'
import { correlate } from '../../../src/engine/judge/correlate.ts'
import { EventPool } from '../../../src/engine/judge/event-pool.ts'
import type { Alert } from '../../../src/engine/ports.ts'

const windows = { setup: { from: 0, to: 100 }, test: { from: 100, to: 200 }, cleanup: null }
const event = (id: string, at: number, source: Record<string, unknown> = {}) => ({
  index: 'events',
  id,
  source: { '@timestamp': new Date(at).toISOString(), ...source },
})
const trace = correlate(
  new EventPool([
    event('setup', 50),
    event('marked', 120, { message: 'tocsin-aaaaaaaaaa', process: { entity_id: '{P}' } }),
    event('plain', 130),
  ]),
  { marker: 'tocsin-aaaaaaaaaa', isolation: 'host', windows },
)
const subject = { trace, hosts: new Set(['ws1']), from: 0, to: 1_000, alone: () => true }

const alert = (ancestors: string[], more: Partial<Alert> = {}): Alert => ({
  index: '.alerts',
  id: `alert-${ancestors.join()}`,
  ruleId: 'rule',
  ruleUuid: null,
  at: 500,
  ancestors: ancestors.map((id) => ({ id, index: 'events', type: 'event', depth: 0 })),
  hosts: [],
  entities: [],
  buildingBlock: false,
  ...more,
})

describe('alerts', () => {
  it('belong to a test by the events they were raised on', () => {
    assert.equal(attribute(alert(['marked']), subject)?.confidence, 'marker')
    assert.equal(attribute(alert(['plain']), subject)?.confidence, 'window')
    assert.equal(attribute(alert(['plain', 'marked']), subject)?.confidence, 'marker')
  })

  it('are not the test’s when any of their events is of the set-up or of somebody else', () => {
    assert.equal(attribute(alert(['setup']), subject), null)
    assert.equal(attribute(alert(['setup', 'marked']), subject), null)
    assert.equal(attribute(alert(['marked', 'strange']), subject), null)
    assert.equal(attribute(alert(['strange'], { hosts: ['ws1'], entities: ['{P}'] }), subject), null)
  })

  it('does not take an event of another index for its own', () => {
    const other = alert([], { ancestors: [{ id: 'marked', index: 'elsewhere', type: 'event', depth: 0 }] })
    assert.equal(attribute(other, subject), null)
  })

  it('that name no event belong by entity, then by host and time where no other test could be meant', () => {
    assert.equal(attribute(alert([], { hosts: ['WS1'], entities: ['{p}'] }), subject)?.confidence, 'entity')
    assert.equal(attribute(alert([], { hosts: ['WS1'] }), subject)?.confidence, 'window')
    assert.equal(attribute(alert([], { hosts: ['WS1'] }), { ...subject, alone: () => false }), null)
    assert.equal(attribute(alert([], { hosts: ['ws2'], entities: ['{p}'] }), subject), null)
    assert.equal(attribute(alert([], { hosts: ['ws1'], at: 1_000 }), subject), null)
  })

  it('are kept once, building blocks not at all', () => {
    const book = new AlertBook()
    book.add([alert(['a']), alert(['b'], { buildingBlock: true })])
    book.add([alert(['a']), alert(['c'], { ruleId: 'other' }), alert([])])
    assert.equal(book.size, 3)
    assert.deepEqual(
      book.about('rule', ['a', 'b', 'c']).map(({ id }) => id),
      ['alert-', 'alert-a'],
    )
    assert.deepEqual(
      book.since(1).map(({ id }) => id),
      ['alert-c', 'alert-'],
    )
  })
})
