import assert from 'node:assert/strict'
import { readEvtx } from '../../../src/telemetry/evtx/read-evtx.ts'
import type { XmlElement } from '../../../src/telemetry/evtx/xml.ts'
import { evtx, fileTime, type Node, nothing, number, type TypedValue, wide } from './evtx-maker.ts'

async function eventWith(...content: Node[]): Promise<XmlElement> {
  async function* chunks() {
    yield evtx([[content]])
  }
  const events: XmlElement[] = []
  await readEvtx(chunks(), {
    onEvent: (xml) => events.push(xml),
    onProblem: ({ message }) => assert.fail(message),
  })
  return events[0]!
}

const bytes = (type: number, hex: string): TypedValue => ({ type, data: Buffer.from(hex, 'hex') })

const SID = '010500000000000515000000010000000200000003000000f4010000'
const GUID = '78563412bc9af0de1122334455667788'

/** A value and the text that Windows shows for it; a list where its element is written once an item. */
const VALUES: [name: string, value: TypedValue, text: string | string[]][] = [
  ['null', nothing, ''],
  ['text', wide('Görling 試 😀'), 'Görling 試 😀'],
  ['text with its end', wide('ab\0'), 'ab'],
  ['narrow text', bytes(2, '61e962'), 'aéb'],
  ['8 bits, signed', bytes(3, 'ff'), '-1'],
  ['8 bits', bytes(4, 'ff'), '255'],
  ['16 bits, signed', bytes(5, 'feff'), '-2'],
  ['16 bits', bytes(6, 'feff'), '65534'],
  ['32 bits, signed', bytes(7, 'fdffffff'), '-3'],
  ['32 bits', bytes(8, 'fdffffff'), '4294967293'],
  ['64 bits, signed', bytes(9, 'fcffffffffffffff'), '-4'],
  ['64 bits', bytes(10, 'ffffffffffffffff'), '18446744073709551615'],
  ['float', bytes(11, '0000c03f'), '1.5'],
  ['double', bytes(12, '000000000000f8bf'), '-1.5'],
  ['true', bytes(13, '01000000'), 'true'],
  ['false', bytes(13, '00000000'), 'false'],
  ['true, written as all bits', bytes(13, 'ffffffff'), 'true'],
  ['binary', bytes(14, '00a1ff'), '00A1FF'],
  ['GUID', bytes(15, GUID), '{12345678-9abc-def0-1122-334455667788}'],
  ['size of 32 bits', bytes(16, '10270000'), '0x2710'],
  ['size of 64 bits', bytes(16, '1027000000000000'), '0x2710'],
  ['file time', fileTime('2031-03-04T05:06:08.500Z', 1234), '2031-03-04T05:06:08.5001234Z'],
  ['file time beyond all years', bytes(17, 'ffffffffffffffff'), '18446744073709551615'],
  ['system time', bytes(18, 'ef070300020004000500060008002c01'), '2031-03-04T05:06:08.300Z'],
  ['security id', bytes(19, SID), 'S-1-5-21-1-2-3-500'],
  ['hexadecimal, 32 bits', bytes(20, 'f4010000'), '0x1f4'],
  ['hexadecimal, 64 bits', bytes(21, '0000000000002080'), '0x8020000000000000'],
  ['a handle', bytes(32, 'f4010000'), '0x1f4'],
  ['XML as text', { ...wide('<a/>'), type: 35 }, '<a/>'],
  ['texts', { ...wide('one\0two\0\0four\0'), type: 0x81 }, ['one', 'two', '', 'four']],
  ['narrow texts', bytes(0x82, '61006200'), ['a', 'b']],
  ['numbers', bytes(0x88, '0100000002000000'), ['1', '2']],
  ['truth values', bytes(0x8d, '0100000000000000'), ['true', 'false']],
  ['GUIDs', bytes(0x8f, GUID + GUID), Array(2).fill('{12345678-9abc-def0-1122-334455667788}')],
  ['security ids', bytes(0x93, `${SID}010100000000000512000000`), ['S-1-5-21-1-2-3-500', 'S-1-5-18']],
  ['hexadecimal numbers', bytes(0x95, '01000000000000000200000000000000'), ['0x1', '0x2']],
  ['no texts', bytes(0x81, ''), []],
]

describe('EVTX: values', () => {
  for (const [name, value, text] of VALUES) {
    it(name, async () => {
      const template: Node[] = [
        {
          element: 'Event',
          attributes: { whole: ['[', { hole: 0 }, ']'] },
          children: [{ element: 'Data', attributes: { Name: 'x' }, children: [{ hole: 0 }] }],
        },
      ]
      const { children, attributes } = await eventWith({ template, values: [value] })
      assert.deepEqual(
        children.map((data) => [data.attributes.Name, data.text]),
        [text].flat().map((item) => ['x', item]),
      )
      assert.equal(attributes.whole, `[${[text].flat().join(', ')}]`)
    })
  }
})

describe('EVTX: content', () => {
  it('texts, references, character data and instructions', async () => {
    const content: Node[] = ['a', { entity: 'lt' }, { entity: 'own' }, { character: 0xe9 }, { cdata: '<&>' }, 'z']
    const { text, attributes } = await eventWith({
      element: 'Event',
      attributes: { a: ['x', { entity: 'amp' }, { character: 0x41 }] },
      children: [{ instruction: ['target', 'data'] }, ...content],
    })
    assert.equal(text, 'a<&own;é<&>z')
    assert.deepEqual(attributes, { a: 'x&A' })
  })

  it('leaves out optional attributes and dependent elements that have no value', async () => {
    const template: Node[] = [
      {
        element: 'Event',
        children: [
          { element: 'Here', attributes: { a: { hole: 0, optional: true }, b: { hole: 1 } }, dependency: 1 },
          { element: 'Gone', children: ['x'], dependency: 0 },
          { element: 'Empty', children: [{ hole: 0, optional: true }] },
          { element: 'Beyond', children: [{ hole: 7 }] },
        ],
      },
    ]
    const { children } = await eventWith({ template, values: [nothing, number(4, 1, 3)] })
    assert.deepEqual(
      children.map(({ name, attributes, text }) => [name, attributes, text]),
      [
        ['Here', { b: '3' }, ''],
        ['Empty', {}, ''],
        ['Beyond', {}, ''],
      ],
    )
  })

  it('values that are XML themselves, with templates of their own', async () => {
    const inner: Node[] = [{ element: 'Inner', children: [{ hole: 0 }] }]
    const template: Node[] = [{ element: 'Event', children: [{ hole: 0 }, { hole: 1 }] }]
    const nested = (text: string): TypedValue => ({
      type: 0x21,
      data: [{ template: inner, values: [wide(text)] }],
    })
    const { children } = await eventWith({ template, values: [nested('one'), nested('two')] })
    assert.deepEqual(
      children.map(({ name, text }) => [name, text]),
      [
        ['Inner', 'one'],
        ['Inner', 'two'],
      ],
    )
  })
})
