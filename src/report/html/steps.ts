/** The commands of a test with their ends and outputs. */
import type { StepRecord } from '../../model/run-record.ts'
import type { Phase } from '../../model/words.ts'
import { duration, timeOfDay } from '../time.ts'
import { type Html, html } from './html.ts'

const PHASE: Record<Phase, string> = { setup: 'set-up', test: 'test', cleanup: 'clean-up' }

/** Longer output is cut here; the record has it whole. */
const OUTPUT_SHOWN = 4_000

export function steps(list: readonly StepRecord[]): Html {
  if (list.length === 0) return html`<p class="note">None ran.</p>`
  return html`<ol class="steps">${list.map(
    (
      step,
    ) => html`<li><div class="meta"><b>${PHASE[step.phase]}</b><span>on ${step.host}</span><span>${timeOfDay(step.startedAt)}</span><span>${end(step)}</span></div><pre>${step.command}</pre>${output('Output', step.stdout)}${output('Error output', step.stderr)}</li>
`,
  )}</ol>`
}

const end = ({ exitCode, problem, durationMs }: StepRecord): Html =>
  problem === null
    ? html`exit code ${exitCode ?? 'none'} after ${duration(durationMs)}`
    : html`<span class="unexpected">${problem}</span> after ${duration(durationMs)}`

function output(title: string, text: string): Html | null {
  const shown = text.trimEnd()
  if (shown === '') return null
  const rest = shown.length - OUTPUT_SHOWN
  const cut =
    rest > 0
      ? html`<p class="note">and ${rest.toLocaleString('en-GB')} characters more in <code>run.json</code></p>`
      : null
  return html`<figure><figcaption>${title}</figcaption><pre class="output">${shown.slice(0, OUTPUT_SHOWN)}</pre>${cut}</figure>`
}
