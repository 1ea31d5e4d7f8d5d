import assert from 'node:assert/strict'
import { instantOf } from '../../src/model/instant.ts'

const NOON = Date.UTC(2024, 1, 29, 12)

const ROWS: [value: unknown, instant: number | null][] = [
  ['2024-02-29T12:00:00Z', NOON],
  ['2024-02-29T12:00:00', NOON],
  ['2024-02-29 12:00:00', NOON],
  ['2024-02-29T12:00', NOON],
  ['2024-02-29T12', NOON],
  ['2024-02-29', NOON - 12 * 3_600_000],
  ['2024-02', Date.UTC(2024, 1)],
  ['2024', Date.UTC(2024)],
  ['2024-02-29T14:00:00+02:00', NOON],
  ['2024-02-29T06:30:00-0530', NOON],
  ['2024-02-29T12:00:00.069Z', NOON + 69],
  ['2024-02-29T12:00:00,5Z', NOON + 500],
  ['2024-02-29T12:00:00.1234567Z', NOON + 123.4567],
  ['0099-01-01T00:00:00Z', new Date('0099-01-01T00:00:00Z').getTime()],
  [1709208000000, 1709208000000],
  ['1709208000000', 1709208000000],
  ['2023-02-29T12:00:00Z', null],
  ['2024-02-30T12:00:00Z', null],
  ['2024-13-01T12:00:00Z', null],
  ['2024-02-00T12:00:00Z', null],
  ['2024-02-29T24:00:00Z', null],
  ['2024-02-29T12:60:00Z', null],
  ['2024-02-29T12:00:00+23:59', NOON - (24 * 60 - 1) * 60_000],
  ['2024-02-29T12:00:00+24:00', null],
  ['2024-02-29T12:00:00-01:60', null],
  ['01/02/2024 12:00:00', null],
  ['2024-2-9', null],
  ['29.2.2024', null],
  ['/Date(1709208000000)/', null],
  ['noon', null],
  ['', null],
  [null, null],
  [true, null],
]

describe('instants', () => {
  const zone = process.env.TZ
  before(() => {
    process.env.TZ = 'Asia/Kolkata'
  })
  after(() => {
    if (zone === undefined) delete process.env.TZ
    else process.env.TZ = zone
  })
  for (const [value, instant] of ROWS) {
    it(`${JSON.stringify(value)} is ${instant}`, () => assert.equal(instantOf(value), instant))
  }
})
