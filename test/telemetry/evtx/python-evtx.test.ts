/** Event logs as python-evtx reads them: the same elements, attributes and texts. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createReadStream, existsSync, readdirSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readEvtx } from '../../../src/telemetry/evtx/read-evtx.ts'
import type { XmlElement } from '../../../src/telemetry/evtx/xml.ts'
import { pythonWithEvtx, readScript } from '../../python-evtx/python-evtx.ts'
import { event, eventData, evtx, fileTime, type Node, number, wide } from './evtx-maker.ts'

type Read = [path: string, attributes: Record<string, string>, text: string | null]

/**
 * A text in the one form that both can be brought into: python-evtx pads hexadecimal numbers with zeros, and gives times
 * as binary fractions, which lose their last digits.
 */
function plain(text: string): string {
  if (/^0x[0-9a-f]+$/.test(text)) return `0x${BigInt(text).toString(16)}`
  const time = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d\.\d{4})/.exec(text)
  return time === null ? text.replaceAll('\r\n', '\n').trim() : `${time[1]} ${time[2]}`
}

function elements({ name, attributes, text, children }: XmlElement, path = ''): Read[] {
  const here = `${path}/${name}`
  const { xmlns: _, ...own } = attributes
  return [[here, own, children.length === 0 ? text : null], ...children.flatMap((child) => elements(child, here))]
}

const comparable = (read: Read[]) =>
  read.map(([path, attributes, text]) => [
    path,
    Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, plain(value)])),
    text === null ? '' : plain(text),
  ])

async function ours(path: string): Promise<Read[][]> {
  const events: Read[][] = []
  await readEvtx(createReadStream(path), {
    onEvent: (xml) => events.push(elements(xml)),
    onProblem: ({ message }) => assert.fail(message),
  })
  return events
}

const SID = Buffer.from('010500000000000515000000010000000200000003000000f4010000', 'hex')

/** Values whose texts python-evtx gives too; it has no signed numbers and no lists. */
const template: Node[] = [
  {
    element: 'EventData',
    children: Array.from({ length: 9 }, (_, hole) => ({
      element: 'Data',
      attributes: { Name: `v${hole}` },
      children: [{ hole }],
    })),
  },
]
const values = [
  wide('Görling & <試>'),
  number(4, 1, 200),
  number(6, 2, 60_000),
  number(8, 4, 4_000_000_000),
  number(10, 8, 0x1234_5678_9abc),
  { type: 15, data: Buffer.from('78563412bc9af0de1122334455667788', 'hex') },
  fileTime('2031-03-04T05:06:08.500Z'),
  { type: 19, data: SID },
  { type: 21, data: Buffer.from('00000000000000a0', 'hex') },
]

describe('EVTX beside python-evtx', () => {
  let python: string
  let folder: string
  before(async function () {
    this.timeout(150_000)
    const found = await pythonWithEvtx()
    if (typeof found === 'string') {
      this.test!.parent!.title += ` (skipped: ${found})`
      return this.skip()
    }
    python = found.python
    folder = await mkdtemp(join(tmpdir(), 'tocsin-python-evtx-'))
  })
  after(() => folder && rm(folder, { recursive: true }))

  async function compare(path: string): Promise<number> {
    const output = execFileSync(python, [readScript, path], { encoding: 'utf8', maxBuffer: 1 << 28 })
    const theirs = (JSON.parse(output) as { events: Read[][] }).events.map(comparable)
    assert.deepEqual((await ours(path)).map(comparable), theirs)
    return theirs.length
  }

  it('reads a log of our making alike', async () => {
    const path = join(folder, 'made.evtx')
    const plainEvent = (name: string) =>
      event(
        { eventId: 4698, channel: 'Security' },
        // It cannot read elements in a value that are of no template; Windows writes none.
        { template: [eventData({ TaskName: name, Odd: 'x' })], values: [] },
      )
    const typed = event({ eventId: 1, channel: 'Application' }, { template, values })
    await writeFile(path, evtx([[plainEvent('a'), typed, plainEvent('b')], [typed]]))
    assert.equal(await compare(path), 4)
  })

  const shared = join(process.env.TOCSIN_SHARED ?? '', 'telemetry', 'evtx')
  const logs = process.env.TOCSIN_SHARED !== undefined && existsSync(shared) ? readdirSync(shared) : []
  for (const log of logs) {
    it(`reads ${log} alike`, async () => {
      assert.ok((await compare(join(shared, log))) > 0)
    })
  }
})
