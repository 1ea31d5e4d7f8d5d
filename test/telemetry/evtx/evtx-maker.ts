/** Windows event logs for the tests, written byte by byte: header, chunks, records and binary XML as Windows lays them out. */
import { crc32 } from 'node:zlib'

/** Content of an event as it is to be written. */
export type Node =
  | string
  | { element: string; attributes?: Record<string, Node | Node[]>; children?: Node[]; dependency?: number }
  | { hole: number; optional?: boolean }
  | { cdata: string }
  | { character: number }
  | { entity: string }
  | { instruction: [target: string, data: string] }
  | { bytes: Buffer }
  | Instance

/** A template with values for its holes; the same template object is written once a chunk. */
export interface Instance {
  template: Node[]
  values: TypedValue[]
}

export interface TypedValue {
  type: number
  /** The value's bytes, or content for a value that is binary XML itself. */
  data: Buffer | Node[]
}

export const CHUNK = 0x10000
export const FIRST_CHUNK = 4096
export const FIRST_RECORD = FIRST_CHUNK + 512

export const wide = (text: string): TypedValue => ({ type: 1, data: Buffer.from(text, 'utf16le') })
export const nothing: TypedValue = { type: 0, data: Buffer.alloc(0) }
const binaryXml = (...data: Node[]): TypedValue => ({ type: 0x21, data })

export function number(type: number, length: number, value: number): TypedValue {
  const data = Buffer.alloc(length)
  data.writeUIntLE(value, 0, Math.min(length, 6))
  return { type, data }
}

export function fileTime(iso: string, ticks = 0): TypedValue {
  const data = Buffer.alloc(8)
  data.writeBigUInt64LE((BigInt(Date.parse(iso)) + 11_644_473_600_000n) * 10_000n + BigInt(ticks))
  return { type: 17, data }
}

export interface EvtxOptions {
  /** Flags of the file header: 1 dirty. */
  flags?: number
  /** Stands in for the true number of chunks. */
  chunkCount?: number
  firstId?: number
}

/** A log: one list of events a chunk, each the content of one record. */
export function evtx(
  chunks: Node[][][],
  { flags = 0, chunkCount = chunks.length, firstId = 1 }: EvtxOptions = {},
): Buffer {
  const header = Buffer.alloc(FIRST_CHUNK)
  header.write('ElfFile\0', 'latin1')
  header.writeBigUInt64LE(BigInt(Math.max(chunkCount - 1, 0)), 16)
  header.writeUInt32LE(128, 32)
  header.writeUInt16LE(1, 36)
  header.writeUInt16LE(3, 38)
  header.writeUInt16LE(FIRST_CHUNK, 40)
  header.writeUInt16LE(chunkCount, 42)
  header.writeUInt32LE(flags, 120)
  header.writeUInt32LE(crc32(header.subarray(0, 120)), 124)
  let id = firstId
  const written = chunks.map((records) => {
    const chunk = chunkOf(records, id)
    id += records.length
    return chunk
  })
  return Buffer.concat([header, ...written])
}

function chunkOf(records: Node[][], firstId: number): Buffer {
  const chunk = Buffer.alloc(CHUNK)
  const writer = new ChunkWriter(chunk, 512)
  let last = 512
  for (const [index, content] of records.entries()) {
    last = writer.at
    writer.record(firstId + index, content)
  }
  chunk.write('ElfChnk\0', 'latin1')
  for (const [offset, id] of [firstId, firstId + records.length - 1].entries()) {
    chunk.writeBigUInt64LE(BigInt(id), 8 + 8 * offset)
    chunk.writeBigUInt64LE(BigInt(id), 24 + 8 * offset)
  }
  chunk.writeUInt32LE(128, 40)
  chunk.writeUInt32LE(last, 44)
  chunk.writeUInt32LE(writer.at, 48)
  return sealed(chunk)
}

/** The chunk with true checksums. */
export function sealed(chunk: Buffer): Buffer {
  chunk.writeUInt32LE(crc32(chunk.subarray(512, chunk.readUInt32LE(48))), 52)
  chunk.writeUInt32LE(crc32(chunk.subarray(128, 512), crc32(chunk.subarray(0, 120))), 124)
  return chunk
}

class ChunkWriter {
  readonly #bytes: Buffer
  readonly #names = new Map<string, number>()
  readonly #templates = new Map<Node[], number>()
  at: number

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes
    this.at = at
  }

  record(id: number, content: Node[]): void {
    const begin = this.at
    this.#bytes.write('**\0\0', begin, 'latin1')
    this.#bytes.writeBigUInt64LE(BigInt(id), begin + 8)
    this.#bytes.set(fileTime('2031-03-04T05:06:08Z').data as Buffer, begin + 16)
    this.at += 24
    this.#fragment(content, false)
    const size = this.at + 4 - begin
    this.#bytes.writeUInt32LE(size, begin + 4)
    this.#long(size)
  }

  #fragment(content: Node[], inTemplate: boolean): void {
    this.#raw(Buffer.from([0x0f, 1, 1, 0]))
    for (const node of content) this.#node(node, inTemplate)
    this.#byte(0)
  }

  #node(node: Node, inTemplate: boolean): void {
    if (typeof node === 'string') {
      this.#byte(0x05)
      this.#byte(1)
      this.#counted(node)
    } else if ('element' in node) this.#element(node, inTemplate)
    else if ('hole' in node) {
      this.#byte(node.optional ? 0x0e : 0x0d)
      this.#short(node.hole)
      this.#byte(1)
    } else if ('cdata' in node) {
      this.#byte(0x07)
      this.#counted(node.cdata)
    } else if ('character' in node) {
      this.#byte(0x08)
      this.#short(node.character)
    } else if ('entity' in node) {
      this.#byte(0x09)
      this.#name(node.entity)
    } else if ('instruction' in node) {
      this.#byte(0x0a)
      this.#name(node.instruction[0])
      this.#byte(0x0b)
      this.#counted(node.instruction[1])
    } else if ('bytes' in node) this.#raw(node.bytes)
    else this.#instance(node)
  }

  #element(
    { element, attributes = {}, children, dependency = 0xffff }: Extract<Node, { element: string }>,
    inTemplate: boolean,
  ): void {
    const entries = Object.entries(attributes)
    this.#byte(entries.length > 0 ? 0x41 : 0x01)
    if (inTemplate) this.#short(dependency)
    const size = this.at
    this.#long(0)
    this.#name(element)
    if (entries.length > 0) {
      const list = this.at
      this.#long(0)
      for (const [index, [name, value]] of entries.entries()) {
        this.#byte(index + 1 < entries.length ? 0x46 : 0x06)
        this.#name(name)
        for (const node of [value].flat()) this.#node(node, inTemplate)
      }
      this.#bytes.writeUInt32LE(this.at - list - 4, list)
    }
    if (children === undefined) this.#byte(0x03)
    else {
      this.#byte(0x02)
      for (const child of children) this.#node(child, inTemplate)
      this.#byte(0x04)
    }
    this.#bytes.writeUInt32LE(this.at - size - 4, size)
  }

  #instance({ template, values }: Instance): void {
    this.#byte(0x0c)
    this.#byte(1)
    this.#long(7)
    const known = this.#templates.get(template)
    this.#long(known ?? this.at + 4)
    if (known === undefined) {
      const begin = this.at
      this.#templates.set(template, begin)
      this.#raw(Buffer.alloc(24))
      this.#fragment(template, true)
      this.#bytes.writeUInt32LE(this.at - begin - 24, begin + 20)
    }
    this.#long(values.length)
    const descriptors = this.at
    this.#raw(Buffer.alloc(4 * values.length))
    for (const [index, { type, data }] of values.entries()) {
      const begin = this.at
      if (Buffer.isBuffer(data)) this.#raw(data)
      else this.#fragment(data, false)
      this.#bytes.writeUInt16LE(this.at - begin, descriptors + 4 * index)
      this.#bytes.writeUInt8(type, descriptors + 4 * index + 2)
    }
  }

  #name(name: string): void {
    const known = this.#names.get(name)
    this.#long(known ?? this.at + 4)
    if (known !== undefined) return
    this.#names.set(name, this.at)
    this.#raw(Buffer.alloc(6))
    this.#counted(name)
    this.#short(0)
  }

  #counted(text: string): void {
    this.#short(text.length)
    this.#raw(Buffer.from(text, 'utf16le'))
  }

  #raw(bytes: Buffer): void {
    if (this.at + bytes.length > CHUNK) throw new Error('the chunk is full')
    this.#bytes.set(bytes, this.at)
    this.at += bytes.length
  }

  #byte(value: number): void {
    this.#raw(Buffer.from([value]))
  }

  #short(value: number): void {
    this.at = this.#bytes.writeUInt16LE(value, this.at)
  }

  #long(value: number): void {
    this.at = this.#bytes.writeUInt32LE(value, this.at)
  }
}

/** The template of every event: a header with holes, and the event's own data as binary XML. */
const EVENT: Node[] = [
  {
    element: 'Event',
    attributes: { xmlns: 'http://schemas.microsoft.com/win/2004/08/events/event' },
    children: [
      {
        element: 'System',
        children: [
          { element: 'Provider', attributes: { Name: { hole: 0 }, Guid: { hole: 1, optional: true } } },
          { element: 'EventID', children: [{ hole: 2 }] },
          { element: 'Version', children: [{ hole: 3 }] },
          { element: 'Keywords', children: [{ hole: 4 }] },
          { element: 'TimeCreated', attributes: { SystemTime: { hole: 5 } } },
          { element: 'EventRecordID', children: [{ hole: 6 }] },
          { element: 'Correlation', attributes: { ActivityID: { hole: 7, optional: true } } },
          { element: 'Execution', attributes: { ProcessID: { hole: 8 }, ThreadID: { hole: 9 } } },
          { element: 'Channel', children: [{ hole: 10 }] },
          { element: 'Computer', children: [{ hole: 11 }] },
          { element: 'Security', attributes: { UserID: { hole: 12, optional: true } } },
        ],
      },
      { hole: 13 },
    ],
  },
]

export interface EventFields {
  provider?: string
  eventId: number
  channel: string
  computer?: string
  time?: string
  recordId?: number
}

/** An event as Windows writes it, around its own data: an `EventData` or `UserData` element. */
export function event({ eventId, channel, ...fields }: EventFields, ...data: Node[]): Node[] {
  return [
    {
      template: EVENT,
      values: [
        wide(fields.provider ?? 'Microsoft-Windows-Security-Auditing'),
        nothing,
        number(6, 2, eventId),
        number(4, 1, 2),
        { type: 21, data: Buffer.from('0000000000002080', 'hex') },
        fileTime(fields.time ?? '2031-03-04T05:06:08.500Z'),
        number(10, 8, fields.recordId ?? 1),
        nothing,
        number(8, 4, 4),
        number(8, 4, 72),
        wide(channel),
        wide(fields.computer ?? 'DESK7.lab.example'),
        nothing,
        binaryXml(...data),
      ],
    },
  ]
}

/** `EventData` with named texts. */
export const eventData = (fields: Record<string, string>): Node => ({
  element: 'EventData',
  children: Object.entries(fields).map(([Name, text]) => ({
    element: 'Data',
    attributes: { Name },
    children: [text],
  })),
})
