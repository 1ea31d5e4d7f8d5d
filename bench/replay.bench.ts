/**
 * `tocsin replay` with twenty analytics over recordings of 118,000 events and 240 MB, beside programs that do less with
 * them: whole processes, round by round, so that all meet the same machine. The recordings are taken from $TOCSIN_SHARED.
 */
import { spawnSync } from 'node:child_process'
import { appendFileSync, existsSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { unzipSync } from 'fflate'
import { findPeers, type Peer } from './replay/peers.ts'

const home = fileURLToPath(new URL('../../', import.meta.url))
const ROUNDS = 5
/** Of the shipped analytics; `bench/replay/analytics` has the other thirteen. */
const SHIPPED = [
  'CAR-2013-08-001',
  'CAR-2015-04-002',
  'local-task-creation-by-shell',
  'remote-scheduled-task-creation',
  'remote-task-registration',
  'task-file-or-cache-write',
  'task-life-cycle',
]
const LARGE_BYTES = 2 * 2 ** 30
const MEMORY_GOAL_MB = 300

export async function bench(): Promise<void> {
  const shared = join(process.env.TOCSIN_SHARED ?? '', 'telemetry', 'bench')
  if (process.env.TOCSIN_SHARED === undefined || !existsSync(shared)) {
    console.log('The recordings are not here (TOCSIN_SHARED is not set or has no telemetry/bench): nothing to measure')
    return
  }
  const folder = await mkdtemp(join(tmpdir(), 'tocsin-bench-'))
  try {
    const files = await unpacked(shared, folder)
    const scenarios = await analytics(folder)
    const replay = (inputs: readonly string[]): Peer => ({
      name: 'Tocsin, 20 analytics',
      command: [process.execPath, join(home, 'bin', 'tocsin.js'), 'replay', '--scenarios', scenarios, ...inputs],
      goal: null,
    })
    await compare(replay(files), await findPeers(files))
    console.log(`peak memory: ${peakMb(replay(files))} MB (goal below ${MEMORY_GOAL_MB})`)
    const large = await repeated(files, folder)
    console.log(`peak memory over 2 GB: ${peakMb(replay([large]))} MB (goal below ${MEMORY_GOAL_MB})`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Every program once a round; what counts is the middle of its rounds. */
async function compare(ours: Peer, peers: readonly Peer[]): Promise<void> {
  const times = new Map<Peer, number[]>([ours, ...peers].map((peer) => [peer, []]))
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [peer, taken] of times) {
      const seconds = timed(peer)
      // The first round fills caches: the system's, and what programs keep.
      if (round > 0) taken.push(seconds)
    }
  }
  const mine = median(times.get(ours)!)
  console.log(`${ours.name}: ${mine.toFixed(2)} s`)
  for (const peer of peers) {
    const theirs = median(times.get(peer)!)
    const ratio = theirs / mine
    const goal =
      peer.goal === null ? 'no goal' : `goal ${peer.goal.toFixed(2)}: ${ratio >= peer.goal ? 'met' : 'MISSED'}`
    console.log(`${peer.name}: ${theirs.toFixed(2)} s, ${ratio.toFixed(2)} times Tocsin's (${goal})`)
  }
}

/** Certificates that Node would read each time that it starts: of a machine, and of nobody's work. */
const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env

function timed({ name, command: [program, ...args] }: Peer): number {
  const start = performance.now()
  const { status, error, stderr } = spawnSync(program!, args, { encoding: 'utf8', maxBuffer: 1 << 28, env })
  const seconds = (performance.now() - start) / 1000
  // Programs that search say with 1 that there is nothing to find.
  if (error || (status !== 0 && status !== 1)) throw new Error(`${name} failed: ${error?.message ?? stderr}`)
  return seconds
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!

/**
 * What a process of Node's says of itself at its end. Linux counts what the parent had at the fork to the child's maximum, but
 * begins anew with the program for the one in `/proc`.
 */
function peakMb({ name, command: [program, ...args] }: Peer): number {
  const say = `
    import { readFileSync } from 'node:fs'
    const own = () => /VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]
    process.on('exit', () =>
      process._rawDebug('peak', process.platform === 'linux' ? own() : process.resourceUsage().maxRSS))`
  const hook = `data:text/javascript,${encodeURIComponent(say)}`
  const { status, stderr } = spawnSync(program!, ['--import', hook, ...args], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${name} failed: ${stderr}`)
  return Math.round(Number(/^peak (\d+)$/m.exec(stderr)?.[1]) / 1024)
}

async function unpacked(from: string, to: string): Promise<string[]> {
  const paths: string[] = []
  for (const name of (await readdir(from)).filter((one) => one.endsWith('.zip')).sort()) {
    for (const [member, bytes] of Object.entries(unzipSync(await readFile(join(from, name))))) {
      paths.push(join(to, member))
      await writeFile(join(to, member), bytes)
    }
  }
  return paths
}

async function analytics(folder: string): Promise<string> {
  const own = join(home, 'bench', 'replay', 'analytics')
  const to = join(folder, 'scenarios', 'analytics')
  await mkdir(to, { recursive: true })
  const sources = [
    ...(await readdir(own)).map((name) => join(own, name)),
    ...SHIPPED.map((id) => join(home, 'scenarios', 'analytics', `${id}.yml`)),
  ]
  for (const [number, source] of sources.entries()) await copyFile(source, join(to, `${number}.yml`))
  return join(folder, 'scenarios')
}

/** The recordings over and over in one file. */
async function repeated(files: readonly string[], folder: string): Promise<string> {
  const path = join(folder, 'large.json')
  const parts = await Promise.all(files.map((file) => readFile(file)))
  for (let size = 0; size < LARGE_BYTES; ) {
    for (const part of parts) {
      appendFileSync(path, part)
      size += part.length
    }
  }
  return path
}
