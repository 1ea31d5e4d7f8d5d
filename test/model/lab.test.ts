import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { Authorization } from '../../src/model/authorization.ts'
import { Lab } from '../../src/model/lab.ts'
import { home } from '../cli/tocsin.ts'

const TAP = { role: 'sensor', os: 'linux', address: '192.0.2.31', user: 'capture', sensor: { interface: 'eth1' } }

const faults = (tap: object): string[] =>
  Lab.safeParse({ hosts: { tap } }).error?.issues.map(
    ({ path, message }) => `${path.slice(2).join('.')}: ${message}`,
  ) ?? []

const shipped = (name: string): unknown => parse(readFileSync(join(home, 'lab', name), 'utf8'))

describe('the files of a real lab', () => {
  it('fit their schemas, and the authorization names every host', () => {
    const { hosts } = Lab.parse(shipped('real.yml'))
    const allowed = Authorization.parse(shipped('authorization.yml')).hosts
    assert.deepEqual(
      Object.values(hosts).map(({ address }) => address),
      allowed.map(({ address }) => address),
    )
  })
})

describe('a sensor in a lab file', () => {
  it('needs no more than an interface, and is bounded', () => {
    assert.deepEqual(Lab.parse({ hosts: { tap: TAP } }).hosts.tap!.sensor, {
      interface: 'eth1',
      tool: 'tcpdump',
      sudo: false,
      vlan: false,
      maxBytes: 67_108_864,
      maxTime: '30m',
      namespace: 'default',
    })
  })

  const refused: [what: string, tap: object, fault: RegExp][] = [
    ['of Windows', { ...TAP, os: 'windows' }, /^os: a sensor runs Linux/],
    ['that is this machine', { ...TAP, transport: 'local-shell' }, /^transport: /],
    ['that is emulated', { ...TAP, emulated: {} }, /^emulated: /],
    [
      'whose dumpcap needs sudo',
      { ...TAP, sensor: { interface: 'lo', tool: 'dumpcap', sudo: true } },
      /^sensor\.sudo: /,
    ],
    ['on an option', { ...TAP, sensor: { interface: '-D' } }, /^sensor\.interface: /],
    ['on a command', { ...TAP, sensor: { interface: 'eth0;reboot' } }, /^sensor\.interface: /],
    ['with a filter of two lines', { ...TAP, sensor: { interface: 'lo', filter: 'tcp\nudp' } }, /^sensor\.filter: /],
    ['without a bound', { ...TAP, sensor: { interface: 'lo', maxBytes: 2 ** 40 } }, /^sensor\.maxBytes: /],
  ]
  for (const [what, tap, fault] of refused) {
    it(`is none ${what}`, () => {
      assert.match(faults(tap).join('\n'), fault)
    })
  }
})
