/** Steps with their templates filled in, as they are run and as they are journaled. */
import { parseDuration } from '../../model/duration.ts'
import type { JournalEntry, JournalStep } from '../../model/journal.ts'
import type { CommandStep, Step } from '../../model/scenario.ts'
import type { PlannedTest } from '../plan/planned.ts'
import type { NamedHost } from '../ports.ts'
import type { Filler } from '../texts.ts'
import { defaultShell, type ReadyCommand } from './command.ts'

/** Real time. */
const DEFAULT_TIMEOUT_MS = 60_000

export function readyCommand(step: CommandStep, hosts: ReadonlyMap<string, NamedHost>, fill: Filler): ReadyCommand {
  const { stdin, parameters } = step
  return {
    role: step.host,
    run: fill(step.run),
    shell: step.shell ?? defaultShell(hosts.get(step.host)!),
    ...(stdin === undefined ? {} : { stdin: fill(stdin) }),
    ...(parameters === undefined
      ? {}
      : { parameters: Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, fill(value)])) }),
    timeoutMs: step.timeout === undefined ? DEFAULT_TIMEOUT_MS : (parseDuration(step.timeout) ?? DEFAULT_TIMEOUT_MS),
  }
}

/** What a test will change and what undoes it; the same filled-in steps serve the run and, after a crash, `tocsin cleanup`. */
export function journalEntry(planned: PlannedTest, fill: Filler): JournalEntry {
  const { id, test, hosts, marker, carriesMarker } = planned
  const journaled = (step: Step): JournalStep =>
    'wait' in step ? { waitMs: parseDuration(step.wait) ?? 0 } : (readyCommand(step, hosts, fill) as JournalStep)
  return {
    test: id,
    marker: carriesMarker ? marker : null,
    hosts: Object.fromEntries([...hosts].map(([role, host]) => [role, host.name])),
    changes: test.changes.map((change) => ({ ...change, name: fill(change.name) })),
    cleanup: test.cleanup.map(journaled),
  }
}
