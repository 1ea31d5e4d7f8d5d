/** What a planned test would do, for `--dry-run`. */
import type { Step } from '../../model/scenario.ts'
import type { Phase } from '../../model/words.ts'
import { readyCommand } from '../execute/ready.ts'
import { redactor } from '../redact.ts'
import { fillerOf } from '../texts.ts'
import type { PlannedTest } from './planned.ts'

/** One step as it would run: templates filled in, passwords masked. */
export interface PreviewStep {
  phase: Phase
  /** Host and command, or a pause. */
  step: { host: string; command: string; stdin: string | null; parameters: Record<string, string> } | { wait: string }
}

/** `now`: lab time the texts count their times from. */
export function preview(planned: PlannedTest, { now, secrets }: { now: number; secrets: string[] }): PreviewStep[] {
  const fill = fillerOf(planned, () => now)
  const redact = redactor(secrets)
  const shown = (phase: Phase) => (step: Step) => {
    if ('wait' in step) return { phase, step: { wait: step.wait } }
    const { run, stdin, parameters } = readyCommand(step, planned.hosts, fill)
    const host = planned.hosts.get(step.host)!.name
    return redact({ phase, step: { host, command: run, stdin: stdin ?? null, parameters: parameters ?? {} } })
  }
  const { setup, steps, cleanup } = planned.test
  return [...setup.map(shown('setup')), ...steps.map(shown('test')), ...cleanup.map(shown('cleanup'))]
}
