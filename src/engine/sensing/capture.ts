/** One sensor's capture of one test: from the start on the sensor to the evidence in the run's folder. */
import { createHash } from 'node:crypto'
import { formatDuration, parseDuration } from '../../model/duration.ts'
import { CAPTURES_FOLDER, type CaptureRecord } from '../../model/run-record.ts'
import { problemOf } from '../execute/command.ts'
import type { SensorHost } from '../plan/planned.ts'
import type { CaptureReader, CommandEnd, EvidenceFile, Journal, RunningCommand, Transport } from '../ports.ts'
import { captureCommand, SAID, TOOLS } from './capture-command.ts'

/** Real time for a sensor that was reached to say that it listens. */
const START_LIMIT_MS = 15_000
/** Real time for a capture to end once it is asked to, before it is killed. */
const STOP_LIMIT_MS = 8_000
/** Lines of them that say best why it ended: the shell's own greeting comes before. */
const LAST_WORDS = 3
/** What is kept of the things that a capture program says. */
const LONGEST_SAYING = 8_000

export interface CaptureContext {
  transport: Transport
  journal: Journal
  /** Lab time. */
  now(): number
  /** Ends the waiting for a sensor when the run is interrupted. */
  signal: AbortSignal
  reader(): CaptureReader
  keep(path: string): EvidenceFile
}

export interface CaptureOptions {
  sensor: SensorHost
  test: { id: string; marker: string }
  filter: string
  /** Gets the documents of messages as they are read; their times are the sensor's. */
  onDocuments(documents: Record<string, unknown>[]): void
}

/** A capture that began, or that could not begin: then its record says why. */
export class Capture {
  readonly #context: CaptureContext
  readonly #options: CaptureOptions
  readonly #id: string
  readonly #reader: CaptureReader
  readonly record: CaptureRecord
  #running: RunningCommand | null = null
  #file: EvidenceFile | null = null
  #said = ''
  #damage: string | null = null
  #whenHeard = () => {}
  #stopping: Promise<void> | null = null

  constructor(context: CaptureContext, options: CaptureOptions) {
    const { sensor, test } = options
    this.#context = context
    this.#options = options
    this.#reader = context.reader()
    this.#id = `tocsin-capture-${createHash('sha256').update(`${test.marker}\n${sensor.name}`).digest('hex').slice(0, 16)}`
    this.record = {
      sensor: sensor.name,
      path: null,
      sha256: null,
      bytes: 0,
      events: 0,
      startedAt: null,
      endedAt: null,
      problem: null,
    }
  }

  /**
   * Resolves when the sensor listens, or when it is known that it will not. True when the sensor could be reached. Never
   * throws: the record says what went wrong.
   */
  async start(): Promise<boolean> {
    const { transport, journal, now } = this.#context
    const { sensor, test, filter } = this.#options
    try {
      await journal.capturing({ id: this.#id, sensor: sensor.name, test: test.id })
    } catch (error) {
      this.record.problem = `the journal could not be written, so it was not started: ${messageOf(error)}`
      return true
    }
    const seconds = Math.ceil((parseDuration(sensor.sensor.maxTime) ?? 0) / 1_000)
    const text = captureCommand(this.#id, sensor.sensor, filter, seconds)
    const listener = { stdout: (chunk: Buffer) => this.#bytes(chunk), stderr: (said: string) => this.#hear(said) }
    const running = await transport.start(sensor, { text, shell: 'sh' }, listener)
    this.#running = running
    const end = await this.#listening(running)
    if (end === 'listening') {
      this.record.startedAt = iso(now())
      return true
    }
    await this.stop()
    if (end !== 'late') this.record.problem = this.#because(end)
    else if (this.#context.signal.aborted) this.record.problem = 'the run was interrupted before it listened'
    else this.record.problem = `it did not say within ${START_LIMIT_MS / 1_000} s that it listens`
    return end === 'late' || end.kind !== 'unreachable'
  }

  /** Ends it and puts the evidence on disk. Never throws; further calls wait for the first. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  async #stop(): Promise<void> {
    const { journal, now } = this.#context
    const end = await this.#end()
    try {
      if (this.record.startedAt !== null) {
        this.record.endedAt = iso(now())
        const rest = this.#reader.end()
        this.#deliver(rest.documents)
        this.record.problem = this.#problem(end, rest.damage)
      }
      if (this.#file !== null) Object.assign(this.record, await this.#file.close())
      // Where nobody knows, `tocsin cleanup` looks.
      if (this.#running !== null && (end.kind === 'exited' || end.kind === 'unreachable'))
        await journal.captured(this.#id)
    } catch (error) {
      this.record.problem ??= `it could not be kept: ${messageOf(error)}`
    }
  }

  /** Asks it to end, so that it writes what it has; kills it when it does not. */
  async #end(): Promise<CommandEnd> {
    const running = this.#running
    if (running === null) return { kind: 'unreachable', reason: 'it was not started' }
    running.endInput()
    let timer: NodeJS.Timeout | undefined
    const patience = new Promise<null>((resolve) => {
      timer = setTimeout(resolve, STOP_LIMIT_MS, null)
    })
    const end = await Promise.race([running.ended, patience])
    clearTimeout(timer)
    return end ?? (await running.kill())
  }

  /** Why it is not the whole traffic; null when it is. */
  #problem(end: CommandEnd, damage: string | null): string | null {
    const { maxBytes, maxTime, tool } = this.#options.sensor.sensor
    if (this.record.bytes >= maxBytes) return `its limit of ${maxBytes.toLocaleString('en-GB')} bytes was reached`
    if (this.#said.includes(SAID.time)) return `its limit of ${formatDuration(parseDuration(maxTime) ?? 0)} was reached`
    if (end.kind !== 'exited') return problemOf(end)
    if (this.#exitCode() !== 0) return this.#because(end)
    const dropped = Number(TOOLS[tool].dropped.exec(this.#said)?.[1] ?? 0)
    if (dropped > 0) return `it lost ${dropped} packets, which came faster than it could take them`
    const broken = this.#damage ?? damage
    return broken === null ? null : `it could not be read: ${broken}`
  }

  /** The exit code of the capture program, as the script says it; 0 while it says none. */
  #exitCode(): number {
    return Number(SAID.exit.exec(this.#said)?.[1] ?? 0)
  }

  #because(end: CommandEnd): string {
    const said = this.#said.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('tocsin-capture:'))
    return (
      problemOf(end) ??
      `${this.#options.sensor.sensor.tool} ended with exit code ${this.#exitCode()}: ${said.slice(-LAST_WORDS).join(' ') || 'it said nothing'}`
    )
  }

  async #listening(running: RunningCommand): Promise<'listening' | 'late' | CommandEnd> {
    const { listening } = TOOLS[this.#options.sensor.sensor.tool]
    const heard = new Promise<'listening'>((resolve) => {
      this.#whenHeard = () => {
        if (listening.test(this.#said)) resolve('listening')
      }
      this.#whenHeard()
    })
    const { signal } = this.#context
    let tooLate = () => {}
    const late = new Promise<'late'>((resolve) => {
      tooLate = () => resolve('late')
    })
    const timer = setTimeout(tooLate, START_LIMIT_MS)
    signal.addEventListener('abort', tooLate, { once: true })
    if (signal.aborted) tooLate()
    const first = await Promise.race([heard, running.ended, late])
    clearTimeout(timer)
    signal.removeEventListener('abort', tooLate)
    return first
  }

  #hear(said: string): void {
    this.#said = (this.#said + said).slice(-LONGEST_SAYING)
    this.#whenHeard()
  }

  #bytes(chunk: Buffer): void {
    const room = this.#options.sensor.sensor.maxBytes - this.record.bytes
    const taken = chunk.length > room ? chunk.subarray(0, room) : chunk
    if (taken.length === 0) return
    if (this.#file === null) {
      this.record.path = `${CAPTURES_FOLDER}/${this.#options.sensor.name}/${this.#options.test.id}.pcap`
      this.#file = this.#context.keep(this.record.path)
    }
    this.record.bytes += taken.length
    this.#file.write(taken)
    if (this.#damage !== null) return
    try {
      this.#deliver(this.#reader.push(taken))
    } catch (error) {
      this.#damage = messageOf(error)
    }
  }

  #deliver(documents: Record<string, unknown>[]): void {
    if (documents.length === 0) return
    this.record.events += documents.length
    this.#options.onDocuments(documents)
  }
}

const iso = (time: number): string => new Date(time).toISOString()

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
