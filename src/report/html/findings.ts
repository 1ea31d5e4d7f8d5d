/** What needs somebody: unexpected checks one by one, inconclusive ones by reason, clean-up that did not work. */
import type { RunRecord } from '../../model/run-record.ts'
import { checksWith, inconclusiveByReason, leftOnHosts, type PlacedCheck } from '../facts/checks.ts'
import { count, sentence } from '../text.ts'
import { breakage, EXPECTATION, nextStep } from '../words.ts'
import { explanation } from './explanation.ts'
import { type Html, html } from './html.ts'
import { track } from './track.ts'
import { commas, linkToCheck, verdictOf } from './words.ts'

export function unexpected(record: RunRecord): Html | null {
  const found = checksWith(record, 'unexpected')
  if (found.length === 0) return null
  const titles = new Map(record.analytics.map(({ id, title }) => [id, title]))
  return html`${found.map((placed) => finding(placed, titles.get(placed.check.analytic)))}`
}

function finding(placed: PlacedCheck, title: string | undefined): Html {
  const { test, check } = placed
  return html`<article class="finding">
<h3>${title ?? check.analytic}</h3>
<p class="on"><code>${check.analytic}</code> on ${linkToCheck(placed)}: ${test.title}</p>
<p class="cause"><b class="unexpected">${sentence(breakage(check) ?? verdictOf(check))}${check.cause === null ? '.' : ':'}</b> ${check.cause}</p>
<p class="note">The test states ${EXPECTATION[check.expect]}; the verdict is <b>${verdictOf(check)}</b>.</p>
${track(test, check)}
${explanation(check)}
<p class="next"><b>Next</b> ${nextStep(check)}</p>
</article>
`
}

export function inconclusive(record: RunRecord): Html | null {
  const groups = inconclusiveByReason(record)
  if (groups.length === 0) return null
  return html`<p class="note">These say nothing for or against a detection until what kept them from being judged is mended.</p>
<ul class="reasons">${groups.map(
    ({ reason, checks }) =>
      html`<li><b>${count(checks.length, 'check')}:</b> ${reason}<br><span class="note">${commas(onePerTest(checks).map(linkToCheck))}</span></li>\n`,
  )}</ul>`
}

const onePerTest = (checks: readonly PlacedCheck[]): PlacedCheck[] => [
  ...new Map(checks.map((placed) => [placed.test.id, placed])).values(),
]

export function cleanUp(record: RunRecord): Html | null {
  const tests = leftOnHosts(record)
  if (tests.length === 0) return null
  return html`<p class="note">These tests may have left something on a host. <code>tocsin cleanup</code> undoes it.</p>
<ul class="reasons">${tests.map(
    ({ id, cleanup, hosts }) =>
      html`<li><b class="unexpected">${cleanup.status === 'failed' ? 'failed' : 'not verified'}</b> <code>${id}</code> on ${Object.values(hosts).join(', ')}<br><span class="note">${cleanup.reason ?? ''}</span></li>\n`,
  )}</ul>`
}
