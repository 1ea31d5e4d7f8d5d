/** The head of the page: what was tested, what holds, what does not, in words and in one bar. */
import type { RunRecord } from '../../model/run-record.ts'
import { headlineOf } from '../facts/headline.ts'
import { listed } from '../text.ts'
import { instant } from '../time.ts'
import { labelOf, OUTCOME, OUTCOMES } from '../words.ts'
import { type Html, html } from './html.ts'

export function head(record: RunRecord): Html {
  const { title, detail, broken } = headlineOf(record)
  const { outcomes } = record.summary
  const present = OUTCOMES.filter((outcome) => outcomes[outcome] > 0)
  return html`<p class="kicker"><span><b>Tocsin</b> detection validation</span><span>${record.lab.name} · ${instant(record.startedAt)}</span></p>
<h1>${title}</h1>
<p class="lede">${detail}${broken.length > 0 && html` Not so: <b class="unexpected">${listed(broken)}</b>.`}${record.endedAt === null && html` <b class="inconclusive">The run did not end: what nobody judged is inconclusive.</b>`}</p>
<div class="bar" aria-hidden="true">${present.map((outcome) => html`<i class="${outcome}" style="flex:${outcomes[outcome]}"></i>`)}</div>
<ul class="counts">${OUTCOMES.map(
    (outcome) =>
      html`<li><span class="symbol ${outcome}" aria-hidden="true">${OUTCOME[outcome].symbol}</span><b>${outcomes[outcome].toLocaleString('en-GB')}</b> <span>${labelOf(outcome, outcomes[outcome])}</span></li>`,
  )}</ul>`
}
