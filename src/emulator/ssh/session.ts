/** One SSH session: a command (or a shell) with its streams, as the server's default shell runs it. */
import type { ServerChannel, Session } from 'ssh2'
import type { LogonSession } from '../machine/accounts.ts'
import { baseEnvironment } from '../machine/environment.ts'
import type { Machine } from '../machine/machine.ts'
import type { HostProcess } from '../machine/process.ts'
import { Timeline } from '../machine/timeline.ts'
import { untilKilled } from '../machine/until-killed.ts'
import { ConsoleText } from '../shell/code-page.ts'
import { LineReader } from '../shell/io.ts'

export interface SessionState {
  machine: Machine
  /** The server's process for this connection. */
  server: HostProcess
  session: LogonSession
  /** Sessions that are open on this connection. */
  open: number
  /** Breaks the connection. */
  drop(): void
}

const MAX_SESSIONS = 10
const CMD = 'c:\\windows\\system32\\cmd.exe'
const POWERSHELL = 'c:\\windows\\system32\\windowspowershell\\v1.0\\powershell.exe'
/** Commands each host was given, for the fault that breaks a connection. */
const commandCounts = new WeakMap<Machine, number>()

export function serveSession(accept: () => Session, reject: (() => void) | undefined, state: SessionState): void {
  const { faults } = state.machine.config
  if (state.open >= (faults.maxSessions ?? MAX_SESSIONS)) {
    reject?.()
    return
  }
  state.open += 1
  const session = accept()
  session.on('close', () => {
    state.open -= 1
  })
  session.on('exec', (acceptExec, _reject, { command }) => void execute(acceptExec(), command, state))
  session.on('shell', (acceptShell) => void execute(acceptShell(), null, state))
}

/** The command line that sshd starts for a command; without one, the shell itself. */
function shellLine(machine: Machine, command: string | null): string {
  if (machine.config.defaultShell === 'powershell') {
    return command === null ? POWERSHELL : `"${POWERSHELL}" -c "${command.replaceAll('"', '\\"')}"`
  }
  return command === null ? CMD : `"${CMD}" /c "${command}"`
}

async function execute(channel: ServerChannel, command: string | null, state: SessionState): Promise<void> {
  const { machine, session } = state
  const { faults, codePage } = machine.config
  const console = new ConsoleText(codePage)
  const stdin = new LineReader()
  channel.on('data', (data: Buffer) => stdin.push(console.decode(data)))
  channel.on('end', () => stdin.end())
  channel.on('close', () => stdin.end())
  // A client may be gone before the command is: what it still says goes nowhere.
  channel.on('error', () => stdin.end())
  channel.stderr.on('error', () => {})

  const count = (commandCounts.get(machine) ?? 0) + 1
  commandCounts.set(machine, count)
  const lost = faults.dropAfterCommands !== undefined && count > faults.dropAfterCommands

  const user = session.identity.name
  const { process, done } = machine.launch(shellLine(machine, command), {
    session,
    parent: state.server,
    timeline: new Timeline(machine.clock),
    workingDirectory: `C:\\Users\\${user}`,
    environment: { ...baseEnvironment(machine.computer), USERPROFILE: `C:\\Users\\${user}` },
    io: {
      stdin,
      stdout: (text) => void channel.write(console.encode(text)),
      stderr: (text) => void channel.stderr.write(console.encode(text)),
    },
    // A hanging command holds no clock: nobody knows when it will end.
    awaited: faults.hang === true,
    ...(faults.hang === true ? { program: untilKilled } : {}),
  })
  if (lost) return state.drop()
  const exitCode = await done
  await process.timeline.settle()
  if (faults.noExitStatus !== true) channel.exit(exitCode)
  channel.end()
}
