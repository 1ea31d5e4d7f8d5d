/** Which process a number means: numbers are given again, and a killed one that nobody waited for still has its own. */
import { readFileSync } from 'node:fs'

/** Text that no other process of this machine has or will have while it is up; null when there is no such process. */
export function processIdentity(pid: number): string | null {
  const stat = readStat(pid)
  if (stat === null) return exists(pid) ? String(pid) : null
  // After the name, which may hold anything but ends with the last bracket: state, …, start time (proc(5), fields 3 and 22).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const dead = fields[0] === 'Z' || fields[0] === 'X'
  return dead ? null : `${pid}:${fields[19]}`
}

/** Whether the process that an identity was taken of is still there. */
export const isRunning = (identity: string): boolean => processIdentity(Number.parseInt(identity, 10)) === identity

/** `/proc/<pid>/stat`; null where there is no such file. */
function readStat(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch {
    return null
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
