/** One POSIX shell command on this machine, from start to end. */
import { spawn } from 'node:child_process'
import { kill } from 'node:process'
import type { CommandEnd, CommandResult } from '../../engine/ports.ts'
import { exitCodeOfSignal } from '../exit-code.ts'
import { Output } from '../output.ts'

/** A child left in the background may hold the output open: so long after the shell's own end nobody waits for it. */
const WAIT_FOR_OUTPUT_MS = 250

/** What a launcher is asked to run. */
export interface ShellRequest {
  text: string
  stdin?: string | undefined
  timeoutMs: number
  environment: NodeJS.ProcessEnv
}

/** Each command is a process group of its own (`sh -c`), so that a time limit ends all that it started. */
export function runShell(
  { text, stdin, timeoutMs, environment: env }: ShellRequest,
  signal: AbortSignal,
): Promise<CommandResult> {
  const started = performance.now()
  return new Promise((resolve) => {
    const stdout = new Output()
    const stderr = new Output()
    let cutShort: CommandEnd | undefined
    let ended: CommandEnd | undefined
    let wait: NodeJS.Timeout | undefined

    const finish = () => {
      clearTimeout(limit)
      clearTimeout(wait)
      signal.removeEventListener('abort', onAbort)
      child.stdout?.destroy()
      child.stderr?.destroy()
      const end = cutShort ?? ended ?? { kind: 'lost', reason: 'the shell gave no exit status' }
      resolve({ end, stdout: stdout.text(), stderr: stderr.text(), durationMs: performance.now() - started })
    }
    const cut = (end: CommandEnd) => {
      cutShort ??= end
      killGroup(child.pid)
    }
    const onAbort = () => cut({ kind: 'interrupted' })

    const child = spawn('/bin/sh', ['-c', text], {
      detached: true,
      env,
      stdio: [stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    })
    const limit = setTimeout(() => cut({ kind: 'timed-out' }), timeoutMs)
    signal.addEventListener('abort', onAbort, { once: true })
    child.stdout?.on('data', (chunk: Buffer) => stdout.add(chunk))
    child.stderr?.on('data', (chunk: Buffer) => stderr.add(chunk))
    // A command that does not read its input is no error.
    child.stdin?.on('error', () => {})
    child.stdin?.end(stdin)
    child.once('error', (error) => {
      ended = { kind: 'unreachable', reason: `the shell could not be started: ${error.message}` }
      finish()
    })
    child.once('exit', (code, signalName) => {
      ended = { kind: 'exited', exitCode: code ?? exitCodeOfSignal(signalName) }
      wait = setTimeout(finish, WAIT_FOR_OUTPUT_MS)
    })
    child.once('close', finish)
    if (signal.aborted) onAbort()
  })
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    kill(-pid, 'SIGKILL')
  } catch {
    // It has ended already.
  }
}
