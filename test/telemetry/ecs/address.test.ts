import assert from 'node:assert/strict'
import fc from 'fast-check'
import { address } from '../../../src/telemetry/ecs/address.ts'

const group = fc.oneof({ arbitrary: fc.constant(0), weight: 3 }, fc.integer({ min: 0, max: 0xffff }))
const groups = fc.array(group, { minLength: 8, maxLength: 8 })

describe('addresses', () => {
  it('have the spelling that the URL standard gives them', () => {
    fc.assert(
      fc.property(groups, fc.boolean(), (parts, upper) => {
        fc.pre(!(parts.slice(0, 5).every((part) => part === 0) && parts[5] === 0xffff))
        const full = parts.map((part) => part.toString(16)).join(':')
        const canonical = new URL(`http://[${full}]/`).hostname.slice(1, -1)
        assert.equal(address(upper ? full.toUpperCase() : full), canonical)
        assert.equal(address(canonical), canonical)
      }),
    )
  })

  for (const [text, expected] of [
    ['10.0.0.1', '10.0.0.1'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['::ffff:10.1.2.3', '10.1.2.3'],
    ['0:0:0:0:0:ffff:a01:203', '10.1.2.3'],
    ['fe80::1%12', 'fe80::1'],
    ['::1.2.3.4', '::102:304'],
    ['printer', undefined],
    ['10.0.0.256', undefined],
    ['', undefined],
  ] as const) {
    it(`${JSON.stringify(text)} is ${expected ?? 'none'}`, () => assert.equal(address(text), expected))
  }
})
