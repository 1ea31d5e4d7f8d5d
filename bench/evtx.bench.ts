/** Event logs: reading and bringing into ECS beside python-evtx, which only gives their XML; each as a process of its own. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { crc32 } from 'node:zlib'
import { pythonWithEvtx, readScript } from '../test/python-evtx/python-evtx.ts'

const HEADER = 4096
const CHUNK = 0x10000
/** How often the recording's one chunk is repeated, for us and for python-evtx, which would take minutes for as many. */
const CHUNKS = 500
const PEER_CHUNKS = 25
const GOAL = 5

export async function bench(): Promise<void> {
  const recording = join(process.env.TOCSIN_SHARED ?? '', 'telemetry', 'evtx', 'persistent_task_system.evtx')
  if (process.env.TOCSIN_SHARED === undefined || !existsSync(recording)) {
    console.log('The recording is not here: TOCSIN_SHARED is not set or has no telemetry')
    return
  }
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-bench-evtx-'))
  try {
    const ours = timeOurs(repeated(recording, CHUNKS, join(folder, 'large.evtx')))
    console.log(`Tocsin, replay with all analytics: ${rate(ours)}`)
    const found = await pythonWithEvtx()
    if (typeof found === 'string') return console.log(found)
    const small = repeated(recording, PEER_CHUNKS, join(folder, 'small.evtx'))
    const theirs = JSON.parse(execFileSync(found.python, [readScript, '--time', small], { encoding: 'utf8' })) as Timed
    const ratio = theirs.seconds / theirs.records / (ours.seconds / ours.records)
    console.log(`python-evtx, XML only: ${rate(theirs)}; Tocsin is ${ratio.toFixed(1)} times as fast (goal ${GOAL})`)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

interface Timed {
  records: number
  seconds: number
}

const rate = ({ records, seconds }: Timed) => `${Math.round(records / seconds).toLocaleString('en')} events/s`

/** A log of the first chunk of another, over and over. */
function repeated(recording: string, chunks: number, path: string): string {
  const bytes = readFileSync(recording)
  const header = Buffer.from(bytes.subarray(0, HEADER))
  header.writeBigUInt64LE(BigInt(chunks - 1), 16)
  header.writeUInt16LE(chunks, 42)
  header.writeUInt32LE(crc32(header.subarray(0, 120)), 124)
  const chunk = bytes.subarray(HEADER, HEADER + CHUNK)
  writeFileSync(path, Buffer.concat([header, ...Array<Buffer>(chunks).fill(chunk)]))
  return path
}

function timeOurs(path: string): Timed {
  const command = fileURLToPath(new URL('../../bin/tocsin.js', import.meta.url))
  const start = performance.now()
  const output = execFileSync(process.execPath, [command, 'replay', path, '--json', '--hits', '0'], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  const seconds = (performance.now() - start) / 1000
  const { inputs } = JSON.parse(output) as { inputs: { events: number }[] }
  return { records: inputs[0]!.events, seconds }
}
