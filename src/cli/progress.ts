/** How far the reading of recordings has come: one line on a terminal, after a second, gone when it is done. */
import { sized } from '../report/terminal/sized.ts'
import type { ReadingListener } from '../telemetry/readers/open-inputs.ts'
import type { Io } from './io.ts'
import { printable } from './printable.ts'

/** What is done sooner needs no line. */
const SILENT_MS = 1000
const EVERY_MS = 200
const PATH_WIDTH = 40

export interface ReadingProgress extends ReadingListener {
  /** Takes the line away. */
  end(): void
}

/** Shows nothing where stderr is no terminal. */
export function readingProgress({ stderr }: Pick<Io, 'stderr'>): ReadingProgress {
  const started = performance.now()
  let total: number | null = null
  let bytes = 0
  let current = ''
  let timer: NodeJS.Timeout | null = null
  let clear = () => {}
  if (stderr.isTTY) timer = setTimeout(show, SILENT_MS)
  timer?.unref()

  async function show(): Promise<void> {
    const { createLogUpdate } = await import('log-update')
    if (timer === null) return
    const update = createLogUpdate(sized(stderr))
    clear = () => {
      update.clear()
      update.done()
    }
    const draw = () =>
      update(progressLine({ path: current, bytes, total, seconds: (performance.now() - started) / 1000 }))
    draw()
    timer = setInterval(draw, EVERY_MS)
    timer.unref()
  }

  return {
    found(all) {
      total = all
    },
    read(path, length) {
      current = path
      bytes += length
    },
    end() {
      if (timer !== null) clearTimeout(timer)
      timer = null
      clear()
    },
  }
}

export interface Progress {
  /** File that is being read. */
  path: string
  /** Bytes read so far, as they lie on the disk. */
  bytes: number
  /** Bytes there are; null when nobody knows. */
  total: number | null
  seconds: number
}

/** The line: how much of how much, how fast, how long still, and what is being read. */
export function progressLine({ path, bytes, total, seconds }: Progress): string {
  const rate = bytes / seconds
  const parts = [total === null ? size(bytes) : `${percent(bytes, total)} of ${size(total)}`, `${size(rate)}/s`]
  if (total !== null && rate > 0) parts.push(`${duration(Math.max(0, total - bytes) / rate)} left`)
  return `reading ${parts.join(', ')}  ${printable(path, PATH_WIDTH)}`
}

const percent = (bytes: number, total: number) =>
  `${total === 0 ? 100 : Math.min(100, Math.floor((bytes / total) * 100))} %`

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB']

function size(bytes: number): string {
  let value = bytes
  let unit = 0
  for (; value >= 1000 && unit < UNITS.length - 1; unit += 1) value /= 1000
  return `${value.toFixed(unit === 0 || value >= 100 ? 0 : 1)} ${UNITS[unit]}`
}

function duration(seconds: number): string {
  const whole = Math.ceil(seconds)
  if (whole < 60) return `${whole} s`
  const minutes = Math.floor(whole / 60)
  return minutes < 60 ? `${minutes} min ${whole % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
