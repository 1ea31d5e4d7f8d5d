/** Captures for the benchmark: recorded packets among bulk traffic. */
import { randomBytes } from 'node:crypto'
import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { openInputs } from '../src/telemetry/readers/open-inputs.ts'
import { CaptureReader } from '../src/wire/capture/capture-reader.ts'

const ARCHIVES = ['schtask_create.zip', 'negative_wmi_execmethod.zip', 'smb_at_schedule.pcap']
const FLOWS = 64
const LONGEST_FRAME = 1514
const HEADERS = 14 + 20 + 20
/** Bulk frames before the next recorded one. */
const BETWEEN = 8

/** All frames of the recorded captures; none where they are not here. */
export async function recordedFrames(shared: string | undefined): Promise<Buffer[]> {
  const frames: Buffer[] = []
  if (shared === undefined) {
    console.log('The recorded captures are not here (TOCSIN_SHARED is not set): there is bulk traffic only')
    return frames
  }
  const paths = ARCHIVES.map((name) => join(shared, 'telemetry', 'pcap', name))
  for await (const input of openInputs(paths, { cwd: '/', stdin: nothing() })) {
    if ('problem' in input) throw new Error(`${input.path}: ${input.problem}`)
    const reader = new CaptureReader({
      onPacket: ({ bytes, start, end }) => frames.push(Buffer.from(bytes.subarray(start, end))),
      onProblem: ({ message }) => {
        throw new Error(`${input.path}: ${message}`)
      },
    })
    for await (const chunk of input.chunks) reader.push(chunk)
  }
  return frames
}

async function* nothing(): AsyncGenerator<Buffer> {}

/** Writes a pcap of at least `size` bytes: downloads in full frames, acknowledged, and the recorded frames over and over. */
export function writeMerged(path: string, recorded: readonly Buffer[], size: number): void {
  const file = openSync(path, 'w')
  const head = Buffer.alloc(24)
  head.writeUInt32LE(0xa1b2c3d4, 0)
  head.writeUInt16LE(2, 4)
  head.writeUInt16LE(4, 6)
  head.writeUInt32LE(262_144, 16)
  head.writeUInt32LE(1, 20)
  const pending: Buffer[] = [head]
  let waiting = head.length
  let written = 0
  let frames = 0
  const flush = () => {
    written += writeSync(file, Buffer.concat(pending.splice(0)))
    waiting = 0
  }
  const add = (frame: Buffer) => {
    const record = Buffer.alloc(16)
    record.writeUInt32LE(1_600_000_000 + Math.floor(frames / 10_000), 0)
    record.writeUInt32LE((frames % 10_000) * 100, 4)
    record.writeUInt32LE(frame.length, 8)
    record.writeUInt32LE(frame.length, 12)
    pending.push(record, frame)
    frames += 1
    waiting += 16 + frame.length
    if (waiting > 1 << 22) flush()
  }
  const content = randomBytes(1 << 20)
  const flows = Array.from({ length: FLOWS }, (_, number) => ({ number, next: 1000 }))
  for (const { number } of flows) {
    add(segment(number, 999, 0, 2, Buffer.alloc(0)))
    add(segment(number, 4999, 1000, 18, Buffer.alloc(0), true))
  }
  for (let turn = 0; written + waiting < size; turn += 1) {
    const flow = flows[turn % FLOWS]!
    const length = LONGEST_FRAME - HEADERS
    const from = (turn * 7919) % (content.length - length)
    add(segment(flow.number, flow.next, 5000, 16, content.subarray(from, from + length)))
    flow.next = (flow.next + length) >>> 0
    if (turn % 2 === 1) add(segment(flow.number, 5000, flow.next, 16, Buffer.alloc(0), true))
    if (turn % BETWEEN === 0 && recorded.length > 0) add(repeated(recorded, turn / BETWEEN))
  }
  flush()
  closeSync(file)
}

/** A recorded frame; each time around its hosts are others, so that what they say is new. */
function repeated(recorded: readonly Buffer[], number: number): Buffer {
  const frame = recorded[number % recorded.length]!
  const round = Math.floor(number / recorded.length)
  if (round === 0 || frame.readUInt16BE(12) !== 0x0800) return frame
  const copy = Buffer.from(frame)
  copy[27]! ^= round
  copy[31]! ^= round
  return copy
}

function segment(
  flow: number,
  sequence: number,
  acknowledge: number,
  flags: number,
  data: Buffer,
  back = false,
): Buffer {
  const frame = Buffer.alloc(HEADERS + data.length)
  frame.writeUInt16BE(0x0800, 12)
  frame[14] = 0x45
  frame.writeUInt16BE(40 + data.length, 16)
  frame[22] = 64
  frame[23] = 6
  const [source, destination] = [
    [10, 20, 0, flow],
    [10, 21, 0, 1],
  ]
  frame.set(back ? destination! : source!, 26)
  frame.set(back ? source! : destination!, 30)
  frame.writeUInt16BE(back ? 8443 : 50_000 + flow, 34)
  frame.writeUInt16BE(back ? 50_000 + flow : 8443, 36)
  frame.writeUInt32BE(sequence >>> 0, 38)
  frame.writeUInt32BE(acknowledge >>> 0, 42)
  frame[46] = 0x50
  frame[47] = flags
  data.copy(frame, HEADERS)
  return frame
}
