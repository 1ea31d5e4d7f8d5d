/** Ends a process of this machine with all that it started. */
import { execFile } from 'node:child_process'
import { kill, platform } from 'node:process'
import { promisify } from 'node:util'

const execute = promisify(execFile)

/** Ends `pid` and its descendants. Never throws: what has ended already needs no ending. */
export async function killTree(pid: number): Promise<void> {
  try {
    if (platform === 'win32') {
      await execute('taskkill.exe', ['/PID', String(pid), '/T', '/F'])
      return
    }
    const { stdout } = await execute('ps', ['-A', '-o', 'pid=,ppid='])
    const rows = stdout
      .trim()
      .split('\n')
      .map((row) => row.trim().split(/\s+/).map(Number))
    const tree = [pid]
    for (const parent of tree)
      for (const [child, of] of rows) if (of === parent && child !== undefined) tree.push(child)
    // Parents first, so that none of them can start a child anew.
    for (const one of tree) kill(one, 'SIGKILL')
  } catch {
    // Ended meanwhile.
  }
}
