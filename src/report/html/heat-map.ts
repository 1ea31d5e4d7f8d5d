/** Tests × analytics: colour for the outcome, a symbol and the verdict in words for everybody. */
import type { CheckRecord, RunRecord } from '../../model/run-record.ts'
import { tallyAnalytics } from '../facts/analytics.ts'
import { byScenario, checkAnchor, namesOf, testAnchor } from '../facts/checks.ts'
import { NOT_CHECKED, OUTCOME, OUTCOMES } from '../words.ts'
import { type Html, html } from './html.ts'
import { breakable, symbol } from './words.ts'

/** More columns than this scroll inside their own frame at any width. */
const COLUMNS_OF_A_PAGE = 9

export function heatMap(record: RunRecord): Html | null {
  const analytics = tallyAnalytics(record).map(({ id }) => id)
  if (analytics.length === 0 || record.tests.length === 0) return null
  const scrolls = analytics.length > COLUMNS_OF_A_PAGE ? ';overflow:auto;max-height:85vh' : ''
  return html`<ul class="legend">${OUTCOMES.map((outcome) => html`<li>${symbol(outcome)} ${OUTCOME[outcome].meaning}</li>`)}<li>${NOT_CHECKED} not checked</li></ul>
<div class="map" tabindex="0" role="region" aria-label="Heat map" style="--analytics:${analytics.length}${scrolls}"><table><caption class="hidden">Verdict of each test on each analytic</caption><thead><tr><th scope="col">Test</th>${analytics.map((id) => html`<th scope="col">${breakable(id)}</th>`)}</tr></thead>
${byScenario(record).map(
  ({
    scenario,
    tests,
  }) => html`<tbody><tr class="group"><th scope="rowgroup" colspan="${analytics.length + 1}">${scenario}</th></tr>
${tests.map(({ test, position }) => {
  const cells = new Map(test.checks.map((check, index) => [check.analytic, { check, index }]))
  return html`<tr><th scope="row"><a href="#${testAnchor(position)}">${breakable(namesOf(test).name)}</a></th>${analytics.map(
    (id) => {
      const found = cells.get(id)
      return found ? cell(found.check, checkAnchor(position, found.index)) : BLANK
    },
  )}</tr>\n`
})}</tbody>\n`,
)}</table></div>`
}

const BLANK = html`<td class="blank"><span aria-hidden="true">${NOT_CHECKED}</span><span class="hidden">not checked</span></td>`

function cell(check: CheckRecord, anchor: string): Html {
  const quiet = check.expect === 'silent' ? ' silent' : ''
  const { symbol: mark, label } = OUTCOME[check.outcome]
  const word = check.late ? 'late' : check.verdict
  return html`<td class="${check.outcome}${quiet}"><a href="#${anchor}" aria-label="${label}: ${word}">${mark} ${word}</a></td>`
}
