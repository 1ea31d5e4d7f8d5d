/** When triggers are due, and what becomes of a definition that is written as XML and read again. */
import assert from 'node:assert/strict'
import type { TaskDefinition, Trigger } from '../../../src/emulator/tasks/definition.ts'
import { nextRun } from '../../../src/emulator/tasks/schedule.ts'
import { parseTaskXml, renderTaskXml } from '../../../src/emulator/tasks/xml.ts'

const enabled = true
const ALL: Trigger[] = [
  { kind: 'time', startBoundary: '2030-03-04T12:00:00', enabled },
  {
    kind: 'time',
    startBoundary: '2030-03-04T12:00:00',
    enabled,
    repetition: { interval: 'PT10M', duration: 'PT1H' },
    endBoundary: '2030-03-04T12:45:00',
  },
  { kind: 'daily', startBoundary: '2030-03-04T12:00:00', daysInterval: 3, enabled },
  { kind: 'weekly', startBoundary: '2030-03-04T12:00:00', weeksInterval: 2, daysOfWeek: ['Tuesday'], enabled },
  { kind: 'monthly', startBoundary: '2030-03-04T12:00:00', daysOfMonth: [31], months: ['March', 'May'], enabled },
  { kind: 'logon', startBoundary: '2030-03-04T12:00:00', userId: 'LAB\\operator', delay: 'PT5M', enabled },
  { kind: 'boot', enabled: false },
  { kind: 'idle', enabled },
  { kind: 'event', subscription: '<QueryList><Query Path="System"/></QueryList>', enabled },
  { kind: 'registration', delay: 'PT30S', enabled },
]

const definition = (...triggers: Trigger[]): TaskDefinition => ({
  registrationInfo: { author: 'LAB\\operator', uri: '\\a & b', description: 'uses <tags> & "quotes"' },
  triggers,
  principal: { userId: 'LAB\\operator', logonType: 'InteractiveToken', runLevel: 'HighestAvailable' },
  settings: { enabled: true, hidden: true, startWhenAvailable: false },
  actions: [{ command: '"C:\\Program Files\\a.exe"', arguments: '/x "1 & 2" > <y>', workingDirectory: 'C:\\' }],
})

describe('task schedules', () => {
  const rows: [string, number, string, string | null][] = [
    ['once, before', 0, '2030-03-04T11:59:59', '2030-03-04T12:00:00'],
    ['once, at its time', 0, '2030-03-04T12:00:00', null],
    ['repeated', 1, '2030-03-04T12:00:00', '2030-03-04T12:10:00'],
    ['repeated, between', 1, '2030-03-04T12:39:59', '2030-03-04T12:40:00'],
    ['repeated, past its end', 1, '2030-03-04T12:40:00', null],
    ['every third day', 2, '2030-03-04T12:00:00', '2030-03-07T12:00:00'],
    ['every third day, between', 2, '2030-03-08T00:00:00', '2030-03-10T12:00:00'],
    ['every second week, on Tuesday', 3, '2030-03-04T00:00:00', '2030-03-05T12:00:00'],
    ['every second week, again', 3, '2030-03-05T12:00:00', '2030-03-19T12:00:00'],
    ['on the last of some months', 4, '2030-03-04T00:00:00', '2030-03-31T12:00:00'],
    ['on the last of some months, again', 4, '2030-03-31T12:00:00', '2030-05-31T12:00:00'],
    ['at logon', 5, '2030-03-04T00:00:00', null],
  ]
  for (const [name, trigger, after, expected] of rows) {
    it(`${name}: after ${after} comes ${expected ?? 'nothing'}`, () => {
      const next = nextRun(definition(ALL[trigger]!), Date.parse(`${after}Z`), 0)
      assert.equal(next === null ? null : new Date(next).toISOString().slice(0, 19), expected)
    })
  }

  it('takes the earliest of several triggers, and none of a disabled task', () => {
    const both = definition(ALL[4]!, ALL[2]!)
    assert.equal(nextRun(both, Date.parse('2030-03-05T00:00:00Z'), 0), Date.parse('2030-03-07T12:00:00Z'))
    const off = { ...both, settings: { ...both.settings, enabled: false } }
    assert.equal(nextRun(off, 0, 0), null)
  })

  it('reads a boundary with a zone in the host’s', () => {
    const zoned = definition({ kind: 'time', startBoundary: '2030-03-04T12:00:00Z', enabled })
    assert.equal(nextRun(zoned, 0, 120), Date.parse('2030-03-04T14:00:00Z'))
  })
})

describe('task XML', () => {
  for (const trigger of ALL) {
    it(`gives a task with a ${trigger.kind} trigger back as it was`, () => {
      assert.deepEqual(parseTaskXml(renderTaskXml(definition(trigger))), definition(trigger))
    })
  }

  for (const text of ['', 'no xml', '<Task><Actions/></Task>', '<Other/>', '<Task><Actions><Exec>']) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(() => parseTaskXml(text), { name: 'WindowsError', code: 0x8004131a })
    })
  }
})
