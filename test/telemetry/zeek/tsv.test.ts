import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { InputProblem } from '../../../src/telemetry/readers/damage.ts'
import { isZeekTsv, ZeekTsvSplitter } from '../../../src/telemetry/zeek/tsv.ts'
import { CLOSE, CONNECTION, header, line, REMOTE_CREATION } from './logs.ts'

interface Split {
  values: Record<string, unknown>[]
  places: [record: number, offset: number][]
  problems: InputProblem[]
}

/** Splits a text that arrives in chunks of the given sizes, over and over. */
function split(text: string | Buffer, sizes: number[] = [1 << 20]): Split {
  const found: Split = { values: [], places: [], problems: [] }
  const splitter = new ZeekTsvSplitter({
    onRecord: (value, record, offset) => {
      found.values.push(value)
      found.places.push([record, offset])
    },
    onProblem: (problem) => found.problems.push(problem),
  })
  const bytes = Buffer.from(text)
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length]!
    splitter.push(bytes.subarray(at, at + size))
    at += size
  }
  splitter.end()
  return found
}

/** A header of one field of a type, and a line with a text in it. */
const one = (type: string, text: string, directives = '') =>
  split(`#separator \\x09\n${directives}#fields\tx\ty\n#types\t${type}\tstring\n${text}\tend\n`).values[0]?.x

describe('Zeek logs in TSV', () => {
  it('are told by their first byte', () => {
    assert.ok(isZeekTsv(Buffer.from(header('conn'))))
    assert.ok(!isZeekTsv(Buffer.from('{"#": 1}')))
  })

  it('give values by their types, with the name of the log', () => {
    const { values, problems } = split(`${header('conn')}${CONNECTION}${CLOSE}`)
    assert.deepEqual(problems, [])
    assert.deepEqual(values, [
      {
        _path: 'conn',
        ts: 1930367167.15,
        uid: 'CkXh2b',
        'id.orig_h': '10.10.0.20',
        'id.orig_p': 50_123,
        'id.resp_h': '10.10.0.10',
        'id.resp_p': 49_667,
        proto: 'tcp',
        service: 'dce_rpc',
        duration: 0.418223,
        orig_bytes: 5814,
        resp_bytes: 1131,
        conn_state: 'RSTO',
        local_orig: true,
        local_resp: true,
        missed_bytes: 0,
        history: 'ShADdaR',
        orig_pkts: 12,
        orig_ip_bytes: 6294,
        resp_pkts: 9,
        resp_ip_bytes: 1503,
        tunnel_parents: [],
      },
    ])
  })

  const VALUES: [type: string, text: string, value: unknown, directives?: string][] = [
    ['string', '-', undefined],
    ['string', '\\x2d', '-'],
    ['string', '(empty)', ''],
    ['string', '\\x28empty)', '(empty)'],
    ['string', 'a\\x09b\\x0ac', 'a\tb\nc'],
    ['string', '\\\\PIPE\\\\atsvc', '\\PIPE\\atsvc'],
    ['string', '\\\\x09', '\\x09'],
    ['string', '\\PIPE', '\\PIPE'],
    ['string', 'caf\\xc3\\xa9', 'café'],
    ['string', '\\xff\\xfe', 'ÿþ'],
    ['count', '18446744073709551615', 2 ** 64],
    ['count', 'many', 'many'],
    ['bool', 'T', true],
    ['bool', 'F', false],
    ['set[string]', 'a,b\\x2cc,-', ['a', 'b,c', null]],
    ['vector[count]', '1,2', [1, 2]],
    ['set[string]', '(empty)', []],
    ['set[string]', 'a;b', ['a', 'b'], '#set_separator\t;\n'],
    ['string', 'none', undefined, '#unset_field\tnone\n'],
    ['string', '-', '-', '#unset_field\tnone\n'],
  ]
  for (const [type, text, value, directives] of VALUES) {
    it(`read ${text} as ${type}${directives ? ` after ${directives.trim()}` : ''}`, () => {
      assert.deepEqual(one(type, text, directives), value)
    })
  }

  it('take another separator', () => {
    assert.deepEqual(split('#separator \\x7c\n#fields|a|b\n#types|count|string\n1|x\ty\n').values, [
      { a: 1, b: 'x\ty' },
    ])
  })

  it('may follow each other in one file, each with its header', () => {
    const { values, problems } = split(
      `${header('dce_rpc')}${REMOTE_CREATION[0]}${CLOSE}${header('conn')}${CONNECTION}${CLOSE}${header('dce_rpc')}${REMOTE_CREATION[1]}`,
    )
    assert.deepEqual(problems, [])
    assert.deepEqual(
      values.map(({ _path, uid }) => [_path, uid]),
      [
        ['dce_rpc', 'CkXh1a'],
        ['conn', 'CkXh2b'],
        ['dce_rpc', 'CkXh2b'],
      ],
    )
  })

  it('cost what is damaged and nothing else, with its place', () => {
    const text = `${header('dce_rpc')}${REMOTE_CREATION[0]}${line('1930367167.2 CkXh2b 10.10.0.20')}${REMOTE_CREATION[2]}`
    const { values, problems, places } = split(text)
    assert.deepEqual([values.length, places[1]![0]], [2, 3])
    assert.deepEqual(problems, [
      {
        message: 'a line of 3 values below a header of 10 fields',
        record: 2,
        offset: text.indexOf('1930367167.2\t'),
      },
    ])
    assert.equal(text.slice(places[1]![1]).startsWith(REMOTE_CREATION[2]!), true)
  })

  it('say so when the last line was cut', () => {
    const text = `${header('dce_rpc')}${REMOTE_CREATION.join('')}`
    const within = split(text.slice(0, -30))
    assert.deepEqual([within.values.length, within.problems.map(({ record }) => record)], [3, [4]])
    const operation = split(text.slice(0, -5))
    assert.equal(operation.values.at(-1)!.operation, 'SchRpcRegister')
    assert.deepEqual(
      operation.problems.map(({ message, record }) => [message, record]),
      [['the last line has no end', 4]],
    )
  })

  it('need their header', () => {
    const { values, problems } = split(`#close\tnow\n${REMOTE_CREATION[0]}`)
    assert.deepEqual([values, problems[0]?.message], [[], 'a line before the #fields of a Zeek log'])
  })

  it('take DOS line ends', () => {
    const { values, problems } = split(`${header('dce_rpc')}${REMOTE_CREATION[0]}`.replaceAll('\n', '\r\n'))
    assert.deepEqual([values[0]!.operation, problems], ['ept_map', []])
  })

  it('skip a line that is too long, and hold no more of it than that', () => {
    const long = `${'x'.repeat(17 << 20)}\n`
    const { values, problems } = split(`${header('dce_rpc')}${long}${REMOTE_CREATION[0]}`, [1 << 20])
    assert.deepEqual([values.length, problems.map(({ message }) => message)], [1, ['a line longer than 16 MiB']])
  })

  it('give back every text, whatever it holds and however it arrives', () => {
    /** As Zeek's writer escapes: what would end a value or a line, what reads as unset or empty, a backslash as two. */
    const written = (text: string) => {
      const escaped = [...text].map((sign) => {
        if (sign === '\\') return '\\\\'
        const breaks = sign < ' ' || sign === '\u007f'
        return breaks ? `\\x${sign.charCodeAt(0).toString(16).padStart(2, '0')}` : sign
      })
      const joined = escaped.join('')
      if (joined === '-') return '\\x2d'
      if (joined === '(empty)') return '\\x28empty)'
      return joined === '' ? '(empty)' : joined.replace(/^#/, '\\x23')
    }
    const text = fc.string({
      unit: fc.constantFrom('a', '\t', '\n', '\r', '\\', 'x', '0', '9', '-', '#', ',', 'é', '試'),
    })
    const rows = fc.array(fc.tuple(text, text), { maxLength: 6 })
    const sizes = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(rows, sizes, (values, chunks) => {
        const lines = values.map((row) => `${row.map(written).join('\t')}\n`).join('')
        const found = split(`#separator \\x09\n#fields\ta\tb\n#types\tstring\tstring\n${lines}`, chunks)
        assert.deepEqual(
          found.values.map(({ a, b }) => [a, b]),
          values,
        )
        assert.deepEqual(found.problems, [])
      }),
    )
  })

  it('never fail on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, headed) => {
        const { values, problems } = split(
          Buffer.concat([Buffer.from(headed ? header('dce_rpc') : '#'), Buffer.from(bytes)]),
          [7],
        )
        assert.ok(values.length + problems.length <= bytes.length + 1)
      }),
    )
  })

  it('a header that names fields anew has their types anew: without them values are texts', () => {
    const text = '#separator \\x09\n#fields\ta\n#types\tcount\n1\n#fields\tb\n2\n'
    assert.deepEqual(split(text).values, [{ a: 1 }, { b: '2' }])
  })

  it('each record has its place, however the log is cut', () => {
    const log = `${header('dce_rpc')}${REMOTE_CREATION.join('')}${CLOSE}`
    const wanted = REMOTE_CREATION.map((each, index) => [index + 1, log.indexOf(each)])
    for (const sizes of [[1 << 20], [1], [7, 100]]) assert.deepEqual(split(log, sizes).places, wanted)
  })
})
