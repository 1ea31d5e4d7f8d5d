import assert from 'node:assert/strict'
import { hostMinute } from '../../src/engine/host-time.ts'
import { fillerOf, withPasswords } from '../../src/engine/texts.ts'
import { Test } from '../../src/model/scenario.ts'
import { host } from './world.ts'

const noon = Date.UTC(2026, 0, 1, 12)

const filler = (variables: Record<string, string>, emulated: Record<string, unknown>, now: () => number) => {
  const target = host('srv1', 'target', { hostname: 'SRV1', domain: 'lab.local', emulated })
  const test = Test.parse({
    id: 't',
    provenance: { document: 'none', kind: 'own' },
    variables,
    steps: [{ host: 'target', run: 'x' }],
    expect: [{ analytic: 'a', is: 'alert' }],
  })
  const hosts = new Map([['target', target]])
  return { fill: fillerOf({ test, hosts, marker: 'tocsin-aaaaaaaaaa' }, now), hosts }
}

describe('texts', () => {
  it('knows hosts by the name and the address their telemetry shows', () => {
    const { fill } = filler({}, { ip: '192.0.2.7' }, () => noon)
    assert.equal(
      fill('{{target.name}} {{target.address}} {{target.domain}}\\{{target.user}}'),
      'SRV1 192.0.2.7 lab.local\\admin',
    )
  })

  it('leaves passwords for the moment a command leaves', () => {
    const { fill, hosts } = filler({ login: '/u {{target.user}} /p {{target.password}}' }, {}, () => noon)
    const kept = fill('{{login}}')
    assert.equal(kept, '/u admin /p {{target.password}}')
    assert.equal(withPasswords(kept, hosts), '/u admin /p hunter2hunter2')
  })

  const TIMES: [text: string, zone: string, now: number, filled: string][] = [
    ['{{target.time}}', '+00:00', noon, '12:00'],
    ['{{target.time}}', '+00:00', noon + 1, '12:01'],
    ['{{target.time+3m}}', '+00:00', noon + 40_000, '12:04'],
    ['{{target.time+3m}}', '-03:30', noon, '08:33'],
    ['{{target.time+12h}}', '+05:45', noon, '05:45'],
    ['{{target.isoTime+90s}}', '+02:00', noon + 1, '2026-01-01T14:01:31'],
  ]
  for (const [text, timeZoneOffset, now, filled] of TIMES) {
    it(`${text} at ${new Date(now).toISOString()} in ${timeZoneOffset} is ${filled}`, () => {
      assert.equal(filler({}, { timeZoneOffset }, () => now).fill(text), filled)
    })
  }

  it('takes the zone of a host that is not emulated from the inventory', () => {
    const zone = (more: Record<string, unknown>) => hostMinute(host('srv1', 'target', more), noon)
    assert.equal(zone({ emulated: undefined, timeZoneOffset: '-03:30' }), '08:30')
    assert.equal(zone({ emulated: undefined }), '12:00')
    assert.equal(zone({ emulated: { timeZoneOffset: '+02:00' }, timeZoneOffset: '-03:30' }), '14:00')
  })

  it('gives a time in a variable the same value in every step', () => {
    let now = noon
    const { fill } = filler({ start: '{{target.time+3m}}' }, {}, () => now)
    assert.equal(fill('{{start}} {{target.time+3m}}'), '12:03 12:03')
    now += 120_000
    assert.equal(fill('{{start}} {{target.time+3m}}'), '12:03 12:05')
  })
})
