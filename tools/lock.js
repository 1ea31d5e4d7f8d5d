// A lock among processes: several commands may start at once in a fresh clone.
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'

const POLL_MS = 50

/** Longer than any process needs from making the file to writing its number into it. */
const EMPTY_LIMIT_MS = 10_000

/**
 * Does `work` while no other process holds the lock. The file names its holder, so that what a killed process left
 * stops nobody.
 */
export function withLock(path, work) {
  while (!taken(path)) {
    if (isLeftOver(path)) discard(path)
    else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL_MS)
  }
  const release = () => rmSync(path, { force: true })
  // Work may end the process.
  process.once('exit', release)
  try {
    work()
  } finally {
    process.off('exit', release)
    release()
  }
}

function taken(path) {
  try {
    writeFileSync(path, `${process.pid}\n`, { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
}

function isLeftOver(path) {
  try {
    const holder = readFileSync(path, 'utf8')
    if (!holder.endsWith('\n')) return Date.now() - statSync(path).mtimeMs > EMPTY_LIMIT_MS
    process.kill(Number(holder), 0)
    return false
  } catch (error) {
    return error.code === 'ESRCH'
  }
}

/** Only one of those who wait can rename it. */
function discard(path) {
  const mine = `${path}-${process.pid}`
  try {
    renameSync(path, mine)
    rmSync(mine)
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
}
