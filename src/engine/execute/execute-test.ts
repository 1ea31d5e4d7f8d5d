/** Executes one test: set-up, gap, its own steps, clean-up. */

import { parseDuration } from '../../model/duration.ts'
import type { JournalEntry } from '../../model/journal.ts'
import type { StepRecord, TestRecord } from '../../model/run-record.ts'
import type { Step } from '../../model/scenario.ts'
import type { ExecutionStatus } from '../../model/words.ts'
import { cleanUp } from '../cleanup/clean-up.ts'
import type { PlannedTest } from '../plan/planned.ts'
import type { Journal } from '../ports.ts'
import { type Filler, fillerOf } from '../texts.ts'
import { type CommandContext, runCommand } from './command.ts'
import { journalEntry, readyCommand } from './ready.ts'
import { judgeStep } from './step-end.ts'
import { gapFor, type PhaseTimes } from './windows.ts'

export interface ExecutionContext extends CommandContext {
  journal: Journal
  /** Aborts when the run is interrupted. */
  signal: AbortSignal
}

/** How a test's steps went, and when. */
export interface Execution {
  status: ExecutionStatus
  reason: string | null
  /** False when the transport lost sight of a command: then nothing may be called unseen. */
  certain: boolean
  /** Lab time of each phase's commands. */
  times: PhaseTimes
  cleanup: TestRecord['cleanup']
}

/** What is told while it goes on. */
export interface ExecutionListener {
  onStep(step: StepRecord): void
  /** The test's own steps ended, its clean-up did not begin. */
  onExecuted(execution: Omit<Execution, 'cleanup'>): void
}

/** Never throws for what hosts do. To be called with the clock busy. */
export async function executeTest(
  context: ExecutionContext,
  planned: PlannedTest,
  listener: ExecutionListener,
): Promise<Execution> {
  const execution: Execution = {
    status: 'completed',
    reason: null,
    certain: true,
    times: { setup: null, test: null, cleanup: null },
    cleanup: { status: 'not-needed', verified: true, reason: null },
  }
  const fill = fillerOf(planned, () => context.clock.now())
  const entry = journalEntry(planned, fill)
  const journaled = entry.cleanup.length + entry.changes.length > 0
  if (journaled) await context.journal.open(entry)
  const steps = new Steps(context, planned, fill, execution, listener)
  if (await steps.run('setup', planned.test.setup)) {
    if (planned.test.setup.length > 0) await context.clock.sleep(gapFor(planned), context.signal)
    await steps.run('test', planned.test.steps)
  }
  listener.onExecuted(execution)
  if (journaled) {
    execution.cleanup = await steps.cleanUp(entry)
    if (execution.cleanup.verified) await closeEntry(context, planned, execution)
  }
  return execution
}

/** What is undone stays undone when the journal cannot be written; `tocsin cleanup` then only does it again. */
async function closeEntry({ journal, redact }: ExecutionContext, { id }: PlannedTest, execution: Execution) {
  try {
    await journal.close(id)
  } catch (error) {
    const reason = redact(error instanceof Error ? error.message : String(error))
    execution.cleanup = { ...execution.cleanup, reason: `the journal could not be written: ${reason}` }
  }
}

/** The steps of one test, as far as they got. */
class Steps {
  readonly #context: ExecutionContext
  readonly #planned: PlannedTest
  readonly #fill: Filler
  readonly #execution: Execution
  readonly #listener: ExecutionListener
  /** Whether a host may have been changed: a command completed, or nobody knows how far it got. */
  #made = false

  constructor(
    context: ExecutionContext,
    planned: PlannedTest,
    fill: Filler,
    execution: Execution,
    listener: ExecutionListener,
  ) {
    this.#context = context
    this.#planned = planned
    this.#fill = fill
    this.#execution = execution
    this.#listener = listener
  }

  /** Runs steps up to the first that does not complete; false when there was one. */
  async run(phase: 'setup' | 'test', steps: Step[]): Promise<boolean> {
    const { clock, signal } = this.#context
    const { times } = this.#execution
    for (const step of steps) {
      if (signal.aborted) return this.#stop('interrupted', 'the run was interrupted', phase)
      times[phase] ??= { from: clock.now(), to: clock.now() }
      const went = 'wait' in step ? await this.#wait(step.wait, phase) : await this.#command(phase, step)
      times[phase].to = clock.now()
      if (!went) return false
    }
    return true
  }

  /** A pause that an interruption cut short is no pause. */
  async #wait(duration: string, phase: 'setup' | 'test'): Promise<boolean> {
    const { clock, signal } = this.#context
    await clock.sleep(parseDuration(duration) ?? 0, signal)
    return !signal.aborted || this.#stop('interrupted', 'the run was interrupted', phase)
  }

  async #command(phase: 'setup' | 'test', step: Extract<Step, { run: string }>): Promise<boolean> {
    const { id, hosts } = this.#planned
    const ready = readyCommand(step, hosts, this.#fill)
    const { end, step: record } = await runCommand(
      this.#context,
      { test: id, hosts, phase },
      ready,
      this.#context.signal,
    )
    this.#listener.onStep(record)
    const first = !this.#made && phase === 'test'
    const { status, reason, certain } = judgeStep(end, record, { exitCodes: step.exitCodes ?? [0], first })
    if (record.exitCode === 0 || status === 'completed' || status === 'timed-out' || status === 'interrupted') {
      this.#made = true
    }
    if (status === 'completed') return true
    this.#execution.certain = certain
    return this.#stop(status, reason, phase)
  }

  #stop(status: ExecutionStatus, reason: string | null, phase: 'setup' | 'test'): false {
    const execution = this.#execution
    execution.status = phase === 'setup' && status !== 'interrupted' ? 'skipped' : status
    execution.reason = this.#context.redact(phase === 'setup' ? `the set-up did not complete: ${reason}` : reason)
    if (phase === 'setup') execution.certain = false
    return false
  }

  /** Begins after the pause that tells its events from those of the steps; at once after an interruption. */
  async cleanUp(entry: JournalEntry): Promise<TestRecord['cleanup']> {
    const { clock, signal } = this.#context
    const { times } = this.#execution
    if (times.setup === null && times.test === null) return { status: 'not-needed', verified: true, reason: null }
    if (entry.cleanup.length > 0) await clock.sleep(gapFor(this.#planned), signal)
    const from = clock.now()
    const { hosts } = this.#planned
    const done = await cleanUp(this.#context, { entry, hosts, made: this.#made, onStep: this.#listener.onStep })
    times.cleanup = { from, to: clock.now() }
    return done
  }
}
