/** tasklist and taskkill. */
import { baseName, type HostProcess } from '../../machine/process.ts'
import type { SystemProgram } from '../context.ts'

const SESSIONS = { service: 'Services', interactive: 'Console' } as Record<string, string>

export const tasklist: SystemProgram = async ({ argv, stdout }, { processes }) => {
  const csv = argv.some((word, index) => /^\/fo$/i.test(word) && argv[index + 1]?.toLowerCase() === 'csv')
  const bare = argv.some((word) => /^\/nh$/i.test(word))
  const filter = /^(IMAGENAME|PID) eq (.+)$/i.exec(argv[argv.findIndex((word) => /^\/fi$/i.test(word)) + 1] ?? '')
  const shown = processes
    .all()
    .filter((process) => {
      if (filter === null) return true
      const value = filter[1]!.toUpperCase() === 'PID' ? String(process.pid) : baseName(process.image).toLowerCase()
      return value === filter[2]!.toLowerCase()
    })
    .sort((a, b) => a.startedAt - b.startedAt)
  if (shown.length === 0) {
    stdout('INFO: No tasks are running which match the specified criteria.\n')
    return 0
  }
  const rows = shown.map(({ image, pid, session }) => [
    baseName(image),
    String(pid),
    SESSIONS[session.type] ?? 'Services',
    String(session.terminal),
    '8,192 K',
  ])
  const names = ['Image Name', 'PID', 'Session Name', 'Session#', 'Mem Usage']
  if (csv) {
    for (const row of bare ? rows : [names, ...rows]) stdout(`${row.map((cell) => `"${cell}"`).join(',')}\n`)
    return 0
  }
  const widths = [25, 8, 16, 11, 12]
  const line = (cells: string[]) =>
    `${cells.map((cell, index) => (index % 2 === 0 && index < 4 ? cell.padEnd(widths[index]!) : cell.padStart(widths[index]!))).join(' ')}\n`
  stdout('\n')
  if (!bare) stdout(line(names) + line(widths.map((width) => '='.repeat(width))))
  for (const row of rows) stdout(line(row))
  return 0
}

/** Exit code of taskkill when nothing of that name or id runs. */
const NOT_FOUND = 128

/** `taskkill (/pid n | /im name)… [/f] [/t]` */
export const taskkill: SystemProgram = async ({ argv, stdout, stderr }, { processes }) => {
  const force = argv.some((word) => /^[/-]f$/i.test(word))
  const tree = argv.some((word) => /^[/-]t$/i.test(word))
  const wanted = argv.flatMap((word, index) => (/^[/-](pid|im)$/i.test(word) ? [argv[index + 1] ?? ''] : []))
  if (wanted.length === 0) {
    stderr('ERROR: Invalid syntax. Neither /FI nor /PID nor /IM were specified.\nType "TASKKILL /?" for usage.\n')
    return 1
  }
  let exitCode = 0
  for (const name of wanted) {
    const found = processes
      .all()
      .filter(({ pid, image }) => String(pid) === name || baseName(image).toLowerCase() === name.toLowerCase())
    if (found.length === 0) {
      stderr(`ERROR: The process "${name}" not found.\n`)
      exitCode = NOT_FOUND
    }
    for (const process of found) {
      if (!force && !process.binary.graphical) {
        stderr(
          `ERROR: The process with PID ${process.pid} could not be terminated.\nReason: This process can only be terminated forcefully (with /F option).\n`,
        )
        exitCode = 1
        continue
      }
      for (const line of kill(process)) stdout(line)
    }
  }
  return exitCode

  /** Children first, so that none is left without its parent. */
  function kill(process: HostProcess): string[] {
    const children = tree ? processes.childrenOf(process).flatMap(kill) : []
    const parent = process.parent === null || !tree ? '' : ` (child process of PID ${process.parent.pid})`
    processes.kill(process, 1, false)
    const verb = force ? 'has been terminated' : 'was sent a termination signal'
    return [...children, `SUCCESS: The process with PID ${process.pid}${parent} ${verb}.\n`]
  }
}
