/** Runs one command of a test on its host and keeps what it did. */
import type { Clock } from '../../model/clock.ts'
import type { StepRecord } from '../../model/run-record.ts'
import type { Shell } from '../../model/scenario.ts'
import type { Phase } from '../../model/words.ts'
import type { RunListener } from '../events.ts'
import type { Command, CommandEnd, CommandResult, NamedHost, Transport } from '../ports.ts'
import type { Redact } from '../redact.ts'
import { withPasswords } from '../texts.ts'

/** A command with every template filled in but those of passwords. */
export interface ReadyCommand {
  role: string
  run: string
  shell: Shell
  stdin?: string | undefined
  parameters?: Record<string, string> | undefined
  /** Real time. */
  timeoutMs: number
}

/** What running commands takes. */
export interface CommandContext {
  transport: Transport
  clock: Clock
  redact: Redact
  listen: RunListener
}

/** Whose command it is. */
export interface CommandOwner {
  test: string
  hosts: ReadonlyMap<string, NamedHost>
  phase: Phase
}

export const defaultShell = (host: NamedHost): Shell => (host.os === 'windows' ? 'cmd' : 'sh')

/** Passwords are filled in here and nowhere else; the record shows them masked. */
export async function runCommand(
  context: CommandContext,
  owner: CommandOwner,
  ready: ReadyCommand,
  signal: AbortSignal,
): Promise<{ end: CommandEnd; step: StepRecord }> {
  const host = owner.hosts.get(ready.role)
  if (host === undefined) throw new Error(`no host plays the role ${ready.role}`)
  const command = revealed(ready, owner.hosts)
  const startedAt = new Date(context.clock.now()).toISOString()
  const shown = context.redact(command.text)
  context.listen({ type: 'step-started', test: owner.test, phase: owner.phase, host: host.name, command: shown })
  const result = await context.transport.run(host, command, { timeoutMs: ready.timeoutMs, signal })
  const step = context.redact(recordOf(result, { phase: owner.phase, host: host.name, command: shown, startedAt }))
  context.listen({ type: 'step-finished', test: owner.test, step })
  return { end: result.end, step }
}

function revealed(ready: ReadyCommand, hosts: ReadonlyMap<string, NamedHost>): Command {
  const reveal = (text: string) => withPasswords(text, hosts)
  const { stdin, parameters } = ready
  return {
    text: reveal(ready.run),
    shell: ready.shell,
    ...(stdin === undefined ? {} : { stdin: reveal(stdin) }),
    ...(parameters === undefined
      ? {}
      : { parameters: Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, reveal(value)])) }),
  }
}

function recordOf(
  { end, stdout, stderr, durationMs }: CommandResult,
  about: Pick<StepRecord, 'phase' | 'host' | 'command' | 'startedAt'>,
): StepRecord {
  const exitCode = end.kind === 'exited' ? end.exitCode | 0 : null
  return { ...about, exitCode, problem: problemOf(end), durationMs, stdout, stderr }
}

/** What went wrong beside the command itself, for people; null when it ended by itself. */
export function problemOf(end: CommandEnd): string | null {
  switch (end.kind) {
    case 'exited':
      return null
    case 'timed-out':
      return 'its time limit passed'
    case 'interrupted':
      return 'the run was interrupted'
    case 'lost':
      return `the connection was lost: ${end.reason}`
    case 'unreachable':
      return `the host could not be reached: ${end.reason}`
  }
}
