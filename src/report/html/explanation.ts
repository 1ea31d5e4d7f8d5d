/** Clause by clause, what the logic wanted and what the nearest event had. */
import type { CheckRecord, ClauseResult, Explanation } from '../../model/run-record.ts'
import { type Html, html } from './html.ts'

type Nearest = Explanation['nearest'][number]

/** Null when the check has no explanation. */
export function explanation({ explanation: found, cause }: CheckRecord): Html | null {
  if (found === null) return null
  const several = found.nearest.length > 1
  return html`${found.summary !== cause && html`<p>${found.summary}</p>`}${found.nearest.map((nearest) => clauses(nearest, several))}`
}

function clauses({ step, event, clauses, note, holds }: Nearest, several: boolean): Html {
  const place = several ? `Step ${step + 1} of the sequence${holds ? ' holds' : ''}` : 'The nearest event'
  const caption = html`<caption>${place}${event && html`: <code>${event.index}/${event.id}</code>`}${note !== null && html`. ${note}`}</caption>`
  if (clauses.length === 0) return html`<p class="note">${place}${note !== null && html`: ${note}`}</p>`
  return html`<div class="scroll"><table class="explanation">${caption}<thead><tr><th scope="col">Clause</th><th scope="col">Wanted</th><th scope="col">Seen</th><th scope="col">Holds</th></tr></thead><tbody>${clauses.map(clauseRow)}</tbody></table></div>`
}

const clauseRow = ({ clause, holds, seen, wanted }: ClauseResult): Html =>
  html`<tr class="${holds === true ? '' : 'fails'}"><td><code>${clause}</code></td><td>${wanted !== null && html`<code>${wanted}</code>`}</td><td>${seen === null ? 'nothing' : html`<code>${seen}</code>`}</td><td>${holds === null ? 'field missing' : holds ? 'yes' : 'no'}</td></tr>`
