/** Each analytic: does it fire when it should, does it keep quiet when it should, how fast. */
import type { RunRecord } from '../../model/run-record.ts'
import type { Outcome } from '../../model/words.ts'
import { type AnalyticTally, tallyAnalytics } from '../facts/analytics.ts'
import { latencyOf } from '../facts/latency.ts'
import { duration } from '../time.ts'
import { type Html, html } from './html.ts'
import { breakable, number, symbol } from './words.ts'

export function detections(record: RunRecord): Html | null {
  const tallies = tallyAnalytics(record)
  if (tallies.length === 0) return null
  return html`<p class="note">A detection has two duties: to alert on what it is for, and to keep quiet on what it is not for.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Detections"><table><thead><tr><th scope="col">Detection</th><th scope="col">Fires where wanted</th><th scope="col">Quiet where wanted</th><th scope="col" class="number">Unexpected</th><th scope="col" class="number">Inconclusive</th><th scope="col" class="number">Known gaps</th><th scope="col" class="number">Median to alert</th></tr></thead>
<tbody>${tallies.map((tally) => row(record, tally))}</tbody></table></div>`
}

function row(record: RunRecord, tally: AnalyticTally): Html {
  const median = latencyOf(record, 'total', tally.id)?.median
  return html`<tr><th scope="row">${symbol(standingOf(tally))} ${tally.title}<small><code>${breakable(tally.id)}</code></small></th>${share(tally.alerts)}${share(tally.silences)}${number(tally.outcomes.unexpected, 'unexpected')}${number(tally.outcomes.inconclusive, 'inconclusive')}${number(tally.outcomes['known-gap'], 'known-gap')}<td class="number">${median === undefined ? '–' : duration(median)}</td></tr>\n`
}

const standingOf = ({ outcomes, checks }: AnalyticTally): Outcome =>
  outcomes.unexpected > 0
    ? 'unexpected'
    : outcomes.inconclusive > 0 || checks === 0
      ? 'inconclusive'
      : outcomes.expected > 0
        ? 'expected'
        : 'known-gap'

/** `12 of 14` over a bar. */
export function share({ met, wanted }: { met: number; wanted: number }): Html {
  if (wanted === 0) return html`<td class="zero">none asked</td>`
  return html`<td>${met} of ${wanted}<span class="share" aria-hidden="true"><i style="width:${Math.round((100 * met) / wanted)}%"></i></span></td>`
}
