/** Captures: decoding beside tshark, the rate over traffic that is not RPC, and memory over captures of growing size. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { recordedFrames, writeMerged } from './wire-capture.ts'

const MEGABYTES = [125, 250, 500]
const TIMES_TSHARK = 10
const BULK_GOAL = 400

interface Measured {
  seconds: number
  /** Of all threads, the start of Node included. */
  cpuSeconds: number
  pdus: number
  peakMb: number
}

export async function bench(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-bench-'))
  try {
    const frames = await recordedFrames(process.env.TOCSIN_SHARED)
    const largest = join(folder, `merged-${MEGABYTES.at(-1)}.pcap`)
    for (const size of MEGABYTES) {
      const path = join(folder, `merged-${size}.pcap`)
      writeMerged(path, frames, size * 1e6)
      console.log(`merged with recorded captures: ${text(path, decoded(path))}`)
      if (path !== largest) rmSync(path)
    }
    besideTshark(largest, decoded(largest))
    rmSync(largest)
    const bulk = join(folder, 'bulk.pcap')
    writeMerged(bulk, [], MEGABYTES.at(-1)! * 1e6)
    console.log(`not RPC: ${text(bulk, decoded(bulk))} (goal ${BULK_GOAL} MB/s)`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function decoded(path: string): Measured {
  const script = fileURLToPath(new URL('./wire-decode.js', import.meta.url))
  return JSON.parse(execFileSync(process.execPath, [script, path], { encoding: 'utf8' })) as Measured
}

const megabytes = (path: string) => statSync(path).size / 1e6

const rate = (path: string, seconds: number) => `${Math.round(megabytes(path) / seconds)} MB/s`

const text = (path: string, { seconds, cpuSeconds, pdus, peakMb }: Measured) =>
  `${Math.round(megabytes(path))} MB in ${seconds.toFixed(2)} s, ${rate(path, seconds)} (${rate(path, cpuSeconds)} of processor time), ${pdus} PDUs, peak ${peakMb} MB`

/** Both as whole processes are: what tshark reads before its first packet is a small part. */
function besideTshark(path: string, ours: Measured): void {
  const started = performance.now()
  const found = spawnSync('tshark', ['-r', path, '-Y', 'dcerpc', '-T', 'fields', '-e', 'dcerpc.pkt_type'], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  if (found.status !== 0) {
    console.log('tshark is missing: nothing to compare with')
    return
  }
  const seconds = (performance.now() - started) / 1000
  const pdus = found.stdout.split(/[\n,]/).filter((type) => type !== '').length
  const times = (seconds / ours.seconds).toFixed(1)
  console.log(`tshark: ${seconds.toFixed(2)} s, ${pdus} PDUs; Tocsin is ${times} times as fast (goal ${TIMES_TSHARK})`)
}
