/** Known gaps by review date, and those that closed. */
import type { RunRecord } from '../../model/run-record.ts'
import { closedGaps, type GapGroup, knownGaps } from '../facts/checks.ts'
import { day } from '../time.ts'
import { type Html, html } from './html.ts'
import { breakable, commas, linkToCheck } from './words.ts'

export function gaps(record: RunRecord): Html | null {
  const groups = knownGaps(record)
  const closed = closedGaps(record)
  if (groups.length === 0 && closed.length === 0) return null
  const today = record.startedAt.slice(0, 10)
  return html`${
    groups.length > 0 &&
    html`<div class="scroll" tabindex="0" role="region" aria-label="Known gaps"><table><thead><tr><th scope="col">Review by</th><th scope="col">Gap</th><th scope="col">Tests</th></tr></thead><tbody>${groups.map((group) => row(group, today))}</tbody></table></div>`
  }${
    closed.length > 0 &&
    html`<p class="note" style="margin-top:1rem"><b class="expected">Closed</b> The expectation is met after all, so the scenario need not name the gap any more: ${commas(closed.map((placed) => html`<code>${placed.check.analytic}</code> on ${linkToCheck(placed)}`))}</p>`
  }`
}

const row = ({ reviewBy, analytic, reason, checks }: GapGroup, today: string): Html =>
  html`<tr><td style="white-space:nowrap">${day(reviewBy)}${reviewBy < today && html`<small class="unexpected">overdue</small>`}</td><th scope="row">${reason}<small><code>${breakable(analytic)}</code></small></th><td>${commas(checks.map(linkToCheck))}</td></tr>\n`
