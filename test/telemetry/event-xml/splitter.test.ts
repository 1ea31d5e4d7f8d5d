import assert from 'node:assert/strict'
import fc from 'fast-check'
import { EventXmlSplitter } from '../../../src/telemetry/event-xml/splitter.ts'
import type { XmlElement } from '../../../src/telemetry/evtx/xml.ts'

const XMLNS = 'http://schemas.microsoft.com/win/2004/08/events/event'
const event = (data: string) =>
  `<Event xmlns='${XMLNS}'><System><EventID>1</EventID></System><EventData><Data Name="x">${data}</Data></EventData></Event>`

const A = event('a')
const B = event('b')

/** The data of each event with its number and place, and what is said of the others. */
function split(text: string | Buffer, sizes: readonly number[] = []) {
  const bytes = Buffer.from(text as string)
  const found: { data: string | undefined; record: number; offset: number }[] = []
  const problems: string[] = []
  let lost = 0
  const splitter = new EventXmlSplitter({
    onEvent: ({ children }: XmlElement, record, offset) =>
      found.push({ data: children[1]?.children[0]?.text, record, offset }),
    onProblem({ message, record, offset }, costs) {
      problems.push(`${record} at ${offset}: ${message}`)
      if (costs) lost += 1
    },
  })
  let at = 0
  for (const size of [...sizes, bytes.length]) {
    splitter.push(bytes.subarray(at, at + size))
    at += size
  }
  splitter.end()
  return { found, problems, lost, data: found.map(({ data }) => data) }
}

describe('events in XML', () => {
  const WHOLE: [name: string, text: string][] = [
    ['one after the other', `${A}${B}`],
    ['one a line', `${A}\r\n${B}\r\n`],
    ['below a root', `\ufeff<?xml version="1.0" encoding="utf-8"?>\n<Events>${A}\n  ${B}</Events>\n`],
    ['files joined, with comments', `<!-- <Events> -->${A}\n\ufeff<?xml version="1.0"?><Events a="1">${B}</Events>`],
    ['as evtx_dump writes them', `Record 1\n<?xml version="1.0"?>\n${A}\nRecord 12\n<?xml version="1.0"?>\n${B}\n`],
  ]
  for (const [name, text] of WHOLE) {
    it(name, () => {
      fc.assert(
        fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 30 }), (sizes) => {
          const { data, problems } = split(text, sizes)
          assert.deepEqual([data, problems], [['a', 'b'], []])
        }),
        { numRuns: 50 },
      )
    })
  }

  it('says which event begins where', () => {
    const { found } = split(`<Events>${A}ä${B}</Events>`)
    assert.deepEqual(
      found.map(({ record, offset }) => [record, offset]),
      [
        [1, 8],
        [3, 8 + A.length + 2],
      ],
    )
  })

  it('reads references, sections and white space as they are meant', () => {
    const { data } = split(
      [
        event('&lt;Event&gt; &amp;lt; &quot;&apos; &#13;&#10;&#x1F600;'),
        event('<![CDATA[<b> & ]]>c'),
        event('  '),
        event('&lt;'.repeat(5000)),
      ].join(''),
    )
    assert.deepEqual(data, ['<Event> &lt; "\' \r\n😀', '<b> & c', '  ', '<'.repeat(5000)])
  })

  it('gives elements and attributes', () => {
    const elements: XmlElement[] = []
    const splitter = new EventXmlSplitter({ onEvent: (element) => elements.push(element), onProblem: assert.fail })
    splitter.push(Buffer.from(`<Event a='1'><System><P Name="n&amp;m"/><C>x</C></System></Event>`))
    splitter.end()
    const leaf = { attributes: {}, text: '', children: [] }
    assert.deepEqual(elements, [
      {
        ...leaf,
        name: 'Event',
        attributes: { a: '1' },
        children: [
          {
            ...leaf,
            name: 'System',
            children: [
              { ...leaf, name: 'P', attributes: { Name: 'n&m' } },
              { ...leaf, name: 'C', text: 'x' },
            ],
          },
        ],
      },
    ])
  })

  const half = A.slice(0, 120)
  const DAMAGED: [name: string, text: string | Buffer, data: string[], problems: string[], lost: number][] = [
    ['an event that is not closed', `${half}\n${B}`, ['b'], ['1 at 0: the record is not closed'], 1],
    ['one that is cut', `${A}${half}`, ['a'], [`2 at ${A.length}: the record is cut: the input ends within it`], 1],
    [
      'two that are cut',
      `${half}${half}`,
      [],
      ['1 at 0: the record is not closed', '2 at 120: the record is cut: the input ends within it'],
      2,
    ],
    ['one that is no XML', `${A.replace('</Data>', '</Date>')}${B}`, ['b'], ['1 at 0: the record is not valid XML'], 1],
    [
      'a root that is not closed',
      `<Events>${A}`,
      ['a'],
      [`null at ${A.length + 8}: the input is cut: its root element is not closed`],
      0,
    ],
    [
      'something between two',
      `${A}\0\0${B}!`,
      ['a', 'b'],
      [
        `2 at ${A.length}: 2 bytes that belong to no record`,
        `4 at ${2 * A.length + 2}: 1 byte that belongs to no record`,
      ],
      2,
    ],
    [
      'invalid UTF-8',
      Buffer.from(A.replace('>a<', '>\u00ff<'), 'latin1'),
      ['\ufffd'],
      ['1 at 0: invalid UTF-8, read with replacement characters'],
      0,
    ],
    [
      'elements that nest without end',
      `<Event>${'<a>'.repeat(5000)}${'</a>'.repeat(5000)}</Event>${B}`,
      ['b'],
      ['1 at 0: the record is not valid XML'],
      1,
    ],
  ]
  for (const [name, text, data, problems, lost] of DAMAGED) {
    it(name, () => {
      for (const sizes of [[], [1, 2, 3, 50, 60, 70]]) {
        const found = split(text, sizes)
        assert.deepEqual([found.data, found.problems, found.lost], [data, problems, lost])
      }
    })
  }

  it('an event longer than any, and what follows it', () => {
    const chunk = Buffer.alloc(1 << 20, 0x61)
    const problems: string[] = []
    const data: (string | undefined)[] = []
    const splitter = new EventXmlSplitter({
      onEvent: ({ children }) => data.push(children[1]?.children[0]?.text),
      onProblem: ({ message }) => problems.push(message),
    })
    splitter.push(Buffer.from('<Event><a>'))
    for (let count = 0; count < 17; count += 1) splitter.push(chunk)
    splitter.push(Buffer.from(`</a></Event>${B}`))
    splitter.end()
    assert.equal(problems[0], 'the record is longer than 16777216 bytes')
    assert.deepEqual(data, ['b'])
  })
})
