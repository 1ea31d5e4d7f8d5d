/** Undoes what one test changed, and reads back that it is undone. */
import type { JournalEntry } from '../../model/journal.ts'
import type { StepRecord, TestRecord } from '../../model/run-record.ts'
import { type CommandContext, problemOf, runCommand } from '../execute/command.ts'
import { exitText } from '../execute/step-end.ts'
import type { NamedHost } from '../ports.ts'
import { readBack } from './read-back.ts'

/** Real time for all of one test's clean-up: it has its own, whatever became of the run. */
const DEADLINE_MS = 120_000

export interface CleanUpOptions {
  entry: JournalEntry
  hosts: ReadonlyMap<string, NamedHost>
  /** Whether any step may have changed something. */
  made: boolean
  onStep: (step: StepRecord) => void
}

/**
 * Runs every clean-up step, whatever the one before it gave, and judges by the state it leaves. To be called with the
 * clock busy, since clean-up steps may wait.
 */
export async function cleanUp(context: CommandContext, options: CleanUpOptions): Promise<TestRecord['cleanup']> {
  const { entry } = options
  const state = entry.changes.filter(({ kind }) => kind !== 'none')
  if (entry.cleanup.length === 0 && state.length === 0) return { status: 'not-needed', verified: true, reason: null }
  const signal = AbortSignal.timeout(DEADLINE_MS)
  const trouble = await runSteps(context, options, signal)
  if (state.length === 0) return unread(entry, trouble)
  const left = await Promise.all(state.map((change) => leftBehind(context, options, change, signal)))
  const reasons = left.filter((reason) => reason !== null)
  if (reasons.length > 0) {
    return { status: 'failed', verified: false, reason: context.redact([...reasons, ...trouble].join('; ')) }
  }
  return { status: options.made ? 'done' : 'not-needed', verified: true, reason: null }
}

/** What went wrong with the steps, for the case that something is left. */
async function runSteps(
  context: CommandContext,
  { entry, hosts, onStep }: CleanUpOptions,
  signal: AbortSignal,
): Promise<string[]> {
  const trouble: string[] = []
  for (const step of entry.cleanup) {
    if ('waitMs' in step) {
      await context.clock.sleep(step.waitMs, signal)
      continue
    }
    const ran = await runCommand(context, { test: entry.test, hosts, phase: 'cleanup' }, step, signal)
    onStep(ran.step)
    const problem = problemOf(ran.end)
    if (problem !== null) trouble.push(`clean-up: ${problem} (on ${ran.step.host})`)
    else if (ran.step.exitCode !== 0) trouble.push(`clean-up: ${exitText(ran.step)}`)
  }
  return trouble
}

/** A clean-up whose test names no state to read back can only be believed; `kind: none` says that this is enough. */
function unread(entry: JournalEntry, trouble: string[]): TestRecord['cleanup'] {
  if (trouble.length > 0) return { status: 'failed', verified: false, reason: trouble.join('; ') }
  if (entry.changes.length > 0) return { status: 'done', verified: true, reason: null }
  return { status: 'done', verified: false, reason: 'the test names no change that could be read back' }
}

/** Why a change does not count as undone; null when it is. */
async function leftBehind(
  { transport }: CommandContext,
  { hosts }: CleanUpOptions,
  change: JournalEntry['changes'][number],
  signal: AbortSignal,
): Promise<string | null> {
  const host = hosts.get(change.host)
  if (host === undefined) return `the lab has no host for the role ${change.host}`
  const found = await readBack(change, host, { transport, signal })
  if (found.state === 'absent') return null
  const what = `${change.kind === 'file' ? 'file' : 'scheduled task'} ${change.name} on ${host.name}`
  return found.state === 'unknown' ? `${what} could not be read back (${found.reason})` : `${what} is still there`
}
