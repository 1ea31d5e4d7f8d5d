/**
 * Every test with its commands, and every check with its trace, folded away until somebody asks. Anchors are inside the
 * folds: a browser that follows a link into a closed fold opens it.
 */
import type { CaptureRecord, CheckRecord, RunRecord, TestRecord } from '../../model/run-record.ts'
import { byScenario, checkAnchor, namesOf, testAnchor } from '../facts/checks.ts'
import { count } from '../text.ts'
import { duration } from '../time.ts'
import { breakage, CONFIDENCE, EXPECTATION, nextStep, OUTCOME, VERDICT } from '../words.ts'
import { exchange } from './exchange.ts'
import { explanation } from './explanation.ts'
import { type Html, html } from './html.ts'
import { steps } from './steps.ts'
import { track } from './track.ts'
import { symbol, verdictOf } from './words.ts'

export function tests(record: RunRecord): Html | null {
  if (record.tests.length === 0) return null
  return html`<div class="tests">${byScenario(record).map(
    ({ scenario, tests }) => html`<h3>${scenario}</h3>
${tests.map(({ test, position }) => testDetails(test, position))}`,
  )}</div>`
}

function testDetails(test: TestRecord, position: number): Html {
  return html`<details><summary><span class="title">${test.title}<small>${namesOf(test).name}</small></span><span class="strip" aria-hidden="true">${test.checks.map(({ outcome }) => html`<span class="${outcome}">${OUTCOME[outcome].symbol}</span>`)}</span></summary>
<div class="inside" id="${testAnchor(position)}">${facts(test)}
<h4>Checks</h4>
${test.checks.map((check, index) => checkDetails(test, check, checkAnchor(position, index)))}
<h4>Commands</h4>
${steps(test.execution.steps)}</div></details>
`
}

function facts(test: TestRecord): Html {
  const { execution, provenance, cleanup } = test
  const origin = [provenance.document, provenance.test, provenance.kind].filter((part) => part !== undefined).join(', ')
  const hosts = Object.entries(test.hosts).map(([role, host]) => `${host} (${role})`)
  const rows: [string, string | null][] = [
    ['From', `${origin}${provenance.why === undefined ? '' : `: ${provenance.why}`}`],
    ['Techniques', test.attack.join(', ')],
    ['Hosts', hosts.join(', ')],
    [
      'Execution',
      `${execution.status}${execution.status === execution.expected ? '' : `, ${execution.expected} expected`}${execution.reason === null ? '' : `: ${execution.reason}`}`,
    ],
    [
      'Clean-up',
      `${cleanup.status}${cleanup.status === 'done' ? (cleanup.verified ? ', verified' : ', not verified') : ''}${cleanup.reason === null ? '' : `: ${cleanup.reason}`}`,
    ],
    ...test.captures.map((capture): [string, string] => [`Capture of ${capture.sensor}`, captureText(capture)]),
    ['Marker', test.marker ?? 'none: a verbatim test carries none'],
  ]
  return html`<dl>${rows.map(([name, value]) => value !== null && value !== '' && html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`
}

function captureText({ path, bytes, events, sha256, problem }: CaptureRecord): string {
  const kept = path === null ? [] : [`${path}, ${count(bytes, 'byte')}, ${count(events, 'message')}, SHA-256 ${sha256}`]
  return [...kept, ...(problem === null ? [] : [`not whole: ${problem}`])].join('; ')
}

function checkDetails(test: TestRecord, check: CheckRecord, anchor: string): Html {
  const broken = check.outcome !== 'expected'
  return html`<details class="check"><summary>${symbol(check.outcome)}<span>${check.analytic}</span><span class="word">${verdictOf(check)}${check.expect === 'silent' ? ', silence stated' : `, ${check.expect} stated`}</span></summary>
<div class="inside" id="${anchor}">${track(test, check)}
<p>${sentenceOf(check)}</p>${check.cause !== null && html`<p><b>Cause</b> ${check.cause}</p>`}${check.knownGap && html`<p><b class="known-gap">Known gap${check.knownGap.closed && ', now closed'}</b> ${check.knownGap.reason} Review by ${check.knownGap.reviewBy}.</p>`}${explanation(check)}${exchange(check)}${broken && check.outcome !== 'known-gap' && html`<p class="next"><b>Next</b> ${nextStep(check)}</p>`}${latencies(check)}${evidence(check)}</div></details>
`
}

function sentenceOf(check: CheckRecord): Html {
  const stage =
    check.brokenStage === null ? null : html` Broken stage: <b>${check.brokenStage}</b>, ${breakage(check)}.`
  return html`The test states ${EXPECTATION[check.expect]}${check.reason !== null && ` (${check.reason})`}; verdict <b>${check.verdict}</b>, ${VERDICT[check.verdict]}.${stage}`
}

function latencies({ latencyMs, confidence, implementations }: CheckRecord): Html {
  const legs = latencyMs
    ? [
        ['to event', latencyMs.executionToEvent],
        ['to index', latencyMs.eventToIngest],
        ['to alert', latencyMs.ingestToAlert],
        ['in all', latencyMs.total],
      ].flatMap(([name, value]) => (typeof value === 'number' ? [`${name} ${duration(value)}`] : []))
    : []
  const languages = implementations.map(
    ({ language, matched }) =>
      `${language} ${matched === null ? 'not evaluated' : matched ? 'matches' : 'does not match'}`,
  )
  return html`<dl style="margin-top:0.8rem">${legs.length > 0 && html`<dt>Latency</dt><dd>${legs.join(', ')}</dd>`}${languages.length > 0 && html`<dt>Implementations</dt><dd>${languages.join(', ')}</dd>`}${confidence && html`<dt>Joined</dt><dd>${CONFIDENCE[confidence]}</dd>`}</dl>`
}

/** More evidence than this is counted here and listed in the record. */
const EVIDENCE_SHOWN = 12

function evidence({ evidence: { events, alerts } }: CheckRecord): Html | null {
  const ids = [
    ...alerts.map(
      ({ index, id, ruleId }) => html`<li>alert <code>${index}/${id}</code>, rule <code>${ruleId}</code></li>`,
    ),
    ...events.map(({ index, id }) => html`<li>event <code>${index}/${id}</code></li>`),
  ]
  if (ids.length === 0) return null
  const rest = ids.length - EVIDENCE_SHOWN
  return html`<ul class="ids">${ids.slice(0, EVIDENCE_SHOWN)}${rest > 0 && html`<li>and ${rest} more in <code>run.json</code></li>`}</ul>`
}
