/** Runs POSIX shell commands on this machine. */
import { spawn } from 'node:child_process'
import { setMaxListeners } from 'node:events'
import { kill } from 'node:process'
import type { CommandEnd, CommandResult, Transport } from '../engine/ports.ts'
import { exitCodeOfSignal } from './exit-code.ts'
import { Output } from './output.ts'

/** A child left in the background may hold the output open: so long after the shell's own end nobody waits for it. */
const WAIT_FOR_OUTPUT_MS = 250

export interface LocalShellOptions {
  /** What commands find in their environment, besides their own additions. */
  environment: NodeJS.ProcessEnv
}

/** Each command is a process group of its own (`sh -c`), so that a time limit ends all that it started. */
export function createLocalShellTransport({ environment }: LocalShellOptions): Transport {
  const running = new Set<Promise<CommandResult>>()
  const closing = new AbortController()
  setMaxListeners(0, closing.signal)
  return {
    async run(host, command, { timeoutMs, signal }) {
      if (command.shell !== 'sh') {
        const reason = `${host.name} is a POSIX shell on this machine: it has no ${command.shell}`
        return { end: { kind: 'unreachable', reason }, stdout: '', stderr: '', durationMs: 0 }
      }
      const signals = signal === undefined ? [closing.signal] : [closing.signal, signal]
      const result = runShell(
        command.text,
        command.stdin,
        { ...environment, ...command.environment },
        timeoutMs,
        signals,
      )
      running.add(result)
      try {
        return await result
      } finally {
        running.delete(result)
      }
    },
    async close() {
      closing.abort()
      await Promise.all(running)
    },
  }
}

function runShell(
  text: string,
  stdin: string | undefined,
  env: NodeJS.ProcessEnv,
  timeoutMs: number,
  signals: readonly AbortSignal[],
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
      for (const signal of signals) signal.removeEventListener('abort', onAbort)
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
    for (const signal of signals) signal.addEventListener('abort', onAbort, { once: true })
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
    if (signals.some((signal) => signal.aborted)) onAbort()
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
