/** How long it took from the command to the alert, and where the time went. */
import type { RunRecord } from '../../model/run-record.ts'
import { tallyAnalytics } from '../facts/analytics.ts'
import { LEGS, latencyOf, type Spread } from '../facts/latency.ts'
import { duration } from '../time.ts'
import { type Html, html } from './html.ts'

export function latency(record: RunRecord): Html | null {
  const legs = LEGS.map(({ leg, title }) => ({ title: html`${title}`, spread: latencyOf(record, leg) }))
  const analytics = tallyAnalytics(record).map(({ id }) => ({
    title: html`<span class="note">to alert of</span> <code>${id}</code>`,
    spread: latencyOf(record, 'total', id),
  }))
  const rows = [...legs, ...analytics].filter((row): row is { title: Html; spread: Spread } => row.spread !== null)
  if (rows.length === 0) return null
  return html`<p class="note">Lab time. A negative value is the skew of a host's clock.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Latency"><table><thead><tr><th scope="col">Leg</th><th scope="col" class="number">Median</th><th scope="col" class="number">95th percentile</th><th scope="col" class="number">Most</th><th scope="col" class="number">Checks</th></tr></thead><tbody>${rows.map(
    ({ title, spread }) =>
      html`<tr><th scope="row">${title}</th><td class="number">${duration(spread.median)}</td><td class="number">${duration(spread.p95)}</td><td class="number">${duration(spread.max)}</td><td class="number">${spread.count}</td></tr>\n`,
  )}</tbody></table></div>`
}
