import assert from 'node:assert/strict'
import { compile } from '../../../src/language/compile.ts'
import { QueryError } from '../../../src/language/query-error.ts'
import type { Language } from '../../../src/model/analytic.ts'

const PORTS = 'where source.port >= 49152 and destination.port >= 49152'

/** A bind between these ports; its bytes and what is printable of them. */
const bind = (source: number, destination: number, more: Record<string, unknown> = {}) => ({
  index: 'i',
  id: '1',
  source: {
    '@timestamp': '2020-12-19T12:00:22.234Z',
    'event.category': ['network'],
    'event.action': 'dce_rpc_bind',
    'rpc.interface_uuid': ['00000143-0000-0000-c000-000000000046', '86d35949-83c9-4044-b424-db363231fd0c'],
    'source.port': source,
    'destination.port': destination,
    'wire.raw': '05 00 0b 03 49 59 d3 86 c9 83 44 40 b4 24 db 36 32 31 fd 0c 01 00',
    'wire.printable': 'IYD@$621',
    ...more,
  },
})

const matches = (language: Language, query: string, event: ReturnType<typeof bind>) =>
  compile(language, query).evaluate([event]).length === 1

const VIEWS: [language: Language, pattern: string, without: Record<string, unknown>][] = [
  ['decoded', '86D35949-83c9-4044-b424-db363231fd0c', { 'rpc.interface_uuid': '00000143-0000-0000-c000-000000000046' }],
  ['raw', '49 59 d3 86 c9 83 44 40 b4 24 db 36 32 31 fd 0c', { 'wire.raw': '94 95 9d 38 6c 98 34 44 0b 42 4d b3' }],
  ['printable', '"IYD@$621"', { 'wire.printable': 'iyd@$621' }],
]

describe('views of a message', () => {
  for (const [language, pattern, without] of VIEWS) {
    it(`${language}: finds its pattern between these ports only`, () => {
      const query = `${pattern}\n${PORTS}`
      assert.equal(matches(language, query, bind(56588, 49671)), true)
      assert.equal(matches(language, query, bind(49151, 49671)), false)
      assert.equal(matches(language, query, bind(56587, 135)), false)
      assert.equal(matches(language, query, bind(56588, 49671, without)), false)
    })

    it(`${language}: takes its ports from the query`, () => {
      assert.equal(matches(language, pattern, bind(1024, 135)), true)
      assert.equal(matches(language, `${pattern} where destination.port == 135`, bind(1024, 135)), true)
    })

    it(`${language}: reads packets, which events of other sensors are not`, () => {
      const [kind] = compile(language, pattern).kinds
      assert.deepEqual(kind, { name: 'packets', categories: ['network'], field: 'wire.raw' })
    })
  }

  it('decoded: an alter_context offers interfaces as a bind does', () => {
    assert.equal(matches('decoded', VIEWS[0]![1], bind(1, 2, { 'event.action': 'dce_rpc_alter_context' })), true)
  })

  it('decoded: a call of the interface is no bind', () => {
    assert.equal(matches('decoded', VIEWS[0]![1], bind(56588, 49671, { 'event.action': 'SchRpcRegisterTask' })), false)
  })

  it('raw: bytes are found where they are bytes, not across two halves', () => {
    assert.equal(matches('raw', '95 9d', bind(1, 2, { 'wire.raw': '49 59 d3' })), false)
    assert.equal(matches('raw', '4959D3', bind(1, 2, { 'wire.raw': '49 59 d3' })), true)
  })

  for (const [language, query, problem] of [
    ['decoded', '86d35949 where true', 'line 1:1: it begins with what is looked for: a UUID such as'],
    ['raw', 'IYD where true', 'line 1:1: it begins with what is looked for: bytes in hexadecimal'],
    ['raw', '49', 'line 1:1: it begins with what is looked for: bytes in hexadecimal'],
    ['printable', '', 'line 1:1: it begins with what is looked for: printable characters in quotes'],
    ['printable', '"IYD" whre true', "line 1:7: mismatched input 'whre'"],
    ['decoded', '86d35949-83c9-4044-b424-db363231fd0c\nwhere source.port >', 'line 2:20: '],
  ] as const) {
    it(`refuses ${language} ${JSON.stringify(query)}`, () => {
      assert.throws(
        () => compile(language, query),
        (error) => {
          assert.ok(error instanceof QueryError)
          assert.ok(error.message.startsWith(problem), error.message)
          return true
        },
      )
    })
  }
})
