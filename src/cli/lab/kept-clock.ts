/** The clock of a lab that outlives its process: it never goes back, whatever its scale becomes. */
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Anchor } from '../../clock/scaled-clock.ts'

/** The anchor to go on with, kept in `clock.json` of a folder. `now`: real time, milliseconds since 1970. */
export async function keptClock(folder: string, scale: number, now: number): Promise<Anchor> {
  const path = join(folder, 'clock.json')
  const before = await readAnchor(path)
  const anchor = before === null ? { scale, origin: now } : continued(before, scale, now)
  // A kill leaves the old one or the new one: without it the clock would go back.
  await writeFile(`${path}.new`, `${JSON.stringify(anchor)}\n`, { flush: true })
  await rename(`${path}.new`, path)
  return anchor
}

/**
 * The anchor whose lab time at `now` is that of `before`, with another scale. Real and lab time of a clock of scale 1
 * are the same everywhere, so a lab that is ahead cannot become one: it keeps its scale.
 */
export function continued(before: Anchor, scale: number, now: number): Anchor {
  if (scale === before.scale || scale === 1) return before
  const lab = before.origin + (now - before.origin) * before.scale
  return { scale, origin: Math.floor((now * scale - lab) / (scale - 1)) }
}

async function readAnchor(path: string): Promise<Anchor | null> {
  try {
    const { scale, origin } = JSON.parse(await readFile(path, 'utf8')) as Partial<Anchor>
    return typeof scale === 'number' && typeof origin === 'number' ? { scale, origin } : null
  } catch {
    return null
  }
}
