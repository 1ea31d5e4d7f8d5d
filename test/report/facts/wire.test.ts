import assert from 'node:assert/strict'
import type { WireMessage } from '../../../src/model/run-record.ts'
import { byteLines, endpointText, matchedConversations, printableOf } from '../../../src/report/facts/wire.ts'
import { sampleRecord } from '../sample-record.ts'

const message = (hex: string, marks: [offset: number, length: number][]): WireMessage => ({
  at: '2026-01-01T00:00:00.000Z',
  event: { index: 'i', id: 'e' },
  action: 'dce_rpc_bind',
  interface: null,
  opnum: null,
  callId: null,
  contexts: [],
  answer: null,
  matched: true,
  frames: [],
  length: null,
  hex,
  marks: marks.map(([offset, length]) => ({ what: 'it', offset, length })),
})

describe('bytes of a message', () => {
  const lines = (one: WireMessage) =>
    byteLines(one).map(({ offset, bytes, gap }) => ({
      offset,
      gap,
      marked: bytes.map(({ marked }) => (marked ? 'x' : '.')).join(''),
    }))

  it('are the lines that hold a mark, and marks cross lines', () => {
    assert.deepEqual(
      lines(
        message('00'.repeat(100), [
          [14, 4],
          [80, 1],
        ]),
      ),
      [
        { offset: 0, gap: false, marked: '..............xx' },
        { offset: 16, gap: false, marked: 'xx..............' },
        { offset: 80, gap: true, marked: 'x...............' },
      ],
    )
  })

  it('are none without bytes, or without a mark', () => {
    assert.deepEqual([lines(message('', [[0, 4]])), lines(message('00', []))], [[], []])
  })

  it('are projected to the printable ones', () => {
    const uuid = message('4959d386c9834440b424db363231fd0c', [[0, 16]])
    assert.equal(printableOf(uuid, uuid.marks[0]!), 'IYD@$621')
  })
})

describe('conversations', () => {
  it('are told once for each test, with all analytics that match', () => {
    const [test] = sampleRecord.tests.filter(({ checks }) => checks.some(({ exchange }) => exchange.length > 0))
    const check = test!.checks.find(({ exchange }) => exchange.length > 0)!
    const twice = { ...test!, checks: [check, { ...check, analytic: 'other' }] }
    const found = matchedConversations({ ...sampleRecord, tests: [twice] })
    assert.deepEqual(
      found.map(({ exchange, matchedBy }) => [endpointText(exchange.server), matchedBy]),
      [['192.0.2.20:49671', [check.analytic, 'other']]],
    )
  })
})
