/** Runs PowerShell scripts on this machine, through one warm session of node-powershell. */
import { access } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { platform } from 'node:process'
import type { PowerShell } from 'node-powershell'
import type { CommandEnd, CommandResult, Transport } from '../engine/ports.ts'
import { endedCommand, notHere } from './ended-command.ts'
import { quoted, scriptArguments, wrapScript } from './powershell-script.ts'
import { killTree } from './process-tree.ts'
import { Slots } from './slots.ts'

export interface LocalPowerShellOptions {
  /** Where PowerShell is looked for (PATH), and what scripts find in theirs. */
  environment: NodeJS.ProcessEnv
}

const EXECUTABLES = platform === 'win32' ? ['pwsh.exe', 'powershell.exe'] : ['pwsh']
const EXIT_CODE = /tocsin-exit-code (-?\d+)\r?\n?$/

/**
 * Each script is a process of its own, started from the session: its `exit n` would end the session, and only a process
 * has an exit code to tell. A session that ran into a time limit answers nothing any more: it is ended with all that it
 * started, and the next script gets a new one.
 */
export function createLocalPowerShellTransport({ environment }: LocalPowerShellOptions): Transport {
  // A session takes one command at a time.
  const slots = new Slots(1)
  let session: Promise<Session> | undefined

  const dispose = async () => {
    const old = session
    session = undefined
    await (await old?.catch(() => undefined))?.end()
  }

  return {
    async run(host, command, { timeoutMs, signal }) {
      const started = performance.now()
      const result = (end: CommandEnd, stdout = '', stderr = ''): CommandResult => ({
        end,
        stdout,
        stderr,
        durationMs: performance.now() - started,
      })
      if (command.shell !== 'powershell') {
        const reason = `${host.name} is PowerShell on this machine: it has no ${command.shell}`
        return result({ kind: 'unreachable', reason })
      }
      // A session that cannot start would be an unhandled rejection inside node-powershell: look first.
      const executable = await findExecutable(environment)
      if (executable === undefined) {
        const reason = `PowerShell is not on the PATH of this machine (looked for ${EXECUTABLES.join(' and ')})`
        return result({ kind: 'unreachable', reason })
      }
      if (!(await slots.take(signal))) return result({ kind: 'interrupted' })
      try {
        session ??= startSession(executable, environment)
        const line = sessionLine(executable, wrapScript(command.text, command.parameters), command.stdin ?? '')
        const ended = await within((await session).invoke(line), timeoutMs, signal)
        if (ended.kind !== 'answered') {
          await dispose()
          return result(ended)
        }
        const { stdout, stderr } = ended.value
        const exitCode = EXIT_CODE.exec(stdout)?.[1]
        const end: CommandEnd =
          exitCode === undefined
            ? { kind: 'lost', reason: 'PowerShell gave no exit code' }
            : { kind: 'exited', exitCode: Number(exitCode) | 0 }
        return result(end, stdout.replace(EXIT_CODE, ''), stderr)
      } catch (error) {
        await dispose()
        return result({ kind: 'lost', reason: `the PowerShell session ended: ${(error as Error).message}` })
      } finally {
        slots.release()
      }
    },
    start: async ({ name }) => endedCommand(notHere(name)),
    close: dispose,
  }
}

interface Session {
  invoke(line: string): Promise<{ stdout: string; stderr: string }>
  end(): Promise<void>
}

async function startSession(executable: string, env: NodeJS.ProcessEnv): Promise<Session> {
  const { PowerShell } = await import('node-powershell')
  const shell = new PowerShell({
    executable,
    executableOptions: { '-NoProfile': true, '-NonInteractive': true },
    // Any byte on stderr would be thrown, and stdout be lost with it.
    throwOnInvocationError: false,
    spawnOptions: { env },
  } as ConstructorParameters<typeof PowerShell>[0])
  return {
    async invoke(line) {
      const { stdout, stderr } = await shell.invoke(line)
      return { stdout: stdout?.toString() ?? '', stderr: stderr?.toString() ?? '' }
    },
    async end() {
      const pid = pidOf(shell)
      if (pid !== undefined) await killTree(pid)
      await shell.dispose().catch(() => {})
    },
  }
}

/** node-powershell keeps its process to itself, and its `dispose` leaves the children alive. */
const pidOf = (shell: PowerShell): number | undefined => (shell as unknown as { process: { pid?: number } }).process.pid

/**
 * The session's line that runs a script in a process of its own. All that is not ours is base64, so the session reads
 * none of it as script; the block and the blank line after it are what `-Command -` needs to see its end.
 */
export function sessionLine(executable: string, script: string, stdin: string): string {
  const call = scriptArguments(script, stdin)
  return `& {
$start = New-Object Diagnostics.ProcessStartInfo
$start.FileName = ${quoted(executable)}
$start.Arguments = ${quoted(call.arguments)}
$start.UseShellExecute = $false
$start.RedirectStandardInput = $true
$process = [Diagnostics.Process]::Start($start)
$process.StandardInput.Write(${quoted(call.stdin)})
$process.StandardInput.Close()
$process.WaitForExit()
[Console]::Out.WriteLine('tocsin-exit-code ' + $process.ExitCode)
}

`
}

type Limited<T> = { kind: 'answered'; value: T } | { kind: 'timed-out' } | { kind: 'interrupted' }

/** What comes first: the answer, the time limit or the interruption. */
function within<T>(work: Promise<T>, timeoutMs: number, signal: AbortSignal | undefined): Promise<Limited<T>> {
  return new Promise((resolve, reject) => {
    const done = (limited: Limited<T>) => {
      clearTimeout(limit)
      signal?.removeEventListener('abort', onAbort)
      resolve(limited)
    }
    const onAbort = () => done({ kind: 'interrupted' })
    const limit = setTimeout(done, timeoutMs, { kind: 'timed-out' })
    signal?.addEventListener('abort', onAbort, { once: true })
    work.then(
      (value) => done({ kind: 'answered', value }),
      (error) => {
        clearTimeout(limit)
        reject(error)
      },
    )
  })
}

async function findExecutable(environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  if (environment.NODE_POWERSHELL) return environment.NODE_POWERSHELL
  const folders = (environment.PATH ?? environment.Path ?? '').split(delimiter).filter(Boolean)
  for (const path of EXECUTABLES.flatMap((name) => folders.map((folder) => join(folder, name)))) {
    if (
      await access(path).then(
        () => true,
        () => false,
      )
    )
      return path
  }
  return undefined
}
