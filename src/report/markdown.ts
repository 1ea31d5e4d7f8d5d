/** Markdown for merge requests and wikis (GitHub's flavour): short, worst first. */
import type { RunRecord, TestRecord } from '../model/run-record.ts'
import { tallyAnalytics } from './facts/analytics.ts'
import {
  byScenario,
  checksWith,
  closedGaps,
  documentDefects,
  inconclusiveByReason,
  knownGaps,
  leftOnHosts,
  namesOf,
} from './facts/checks.ts'
import { headlineOf, labNotice } from './facts/headline.ts'
import { LEGS, latencyOf } from './facts/latency.ts'
import { endpointText, matchedConversations, messageName } from './facts/wire.ts'
import { code, codeBlock, escapeMarkdown as md, table } from './markdown-text.ts'
import { count, listed } from './text.ts'
import { day, duration, instant } from './time.ts'
import { breakage, labelOf, NOT_CHECKED, nextStep, OUTCOME, OUTCOMES } from './words.ts'

export function renderMarkdown(record: RunRecord): string {
  const sections = [
    head(record),
    unexpected(record),
    inconclusive(record),
    left(record),
    matrix(record),
    gaps(record),
    defects(record),
    wire(record),
    latency(record),
    facts(record),
  ]
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`
}

function head(record: RunRecord): string {
  const { title, detail, broken } = headlineOf(record)
  const notice = labNotice(record)
  return [
    `# ${title}`,
    ...(notice ? [`> **${notice.word} lab.** ${notice.text}`] : []),
    md(detail),
    ...(broken.length > 0 ? [`Not so: **${md(listed(broken))}**.`] : []),
    OUTCOMES.map(
      (outcome) =>
        `${OUTCOME[outcome].symbol} ${record.summary.outcomes[outcome]} ${labelOf(outcome, record.summary.outcomes[outcome])}`,
    ).join(' · '),
    ...(record.endedAt === null ? ['**The run did not end: checks that nobody judged are inconclusive.**'] : []),
  ].join('\n\n')
}

function unexpected(record: RunRecord): string {
  const found = checksWith(record, 'unexpected')
  if (found.length === 0) return ''
  const blocks = found.map(({ test, check }) =>
    [
      `### ${OUTCOME.unexpected.symbol} ${code(check.analytic)} on ${code(test.id)}`,
      [
        `- **Expected** ${check.expect}, **verdict** ${check.verdict}${check.late ? ', late' : ''}`,
        ...(check.brokenStage ? [`- **Stage** ${check.brokenStage}: ${breakage(check)}`] : []),
        `- **Cause** ${md(check.cause ?? 'not recorded')}`,
        `- **Next** ${nextStep(check)}`,
      ].join('\n'),
      ...commands(test),
    ].join('\n\n'),
  )
  return ['## Unexpected', ...blocks].join('\n\n')
}

function commands({ execution }: TestRecord): string[] {
  const steps = execution.steps.filter(({ phase }) => phase === 'test')
  if (steps.length === 0) return []
  const text = steps.map(({ host, command, exitCode }) => `[${host}] ${command}\n→ exit code ${exitCode ?? 'none'}`)
  return [codeBlock(text.join('\n'))]
}

function inconclusive(record: RunRecord): string {
  const groups = inconclusiveByReason(record)
  if (groups.length === 0) return ''
  const rows = groups.map(({ reason, checks }) => {
    const tests = [...new Set(checks.map(({ test }) => test.id))]
    return [md(reason), String(checks.length), tests.map(code).join(', ')]
  })
  return `## Inconclusive\n\n${table(['Reason', 'Checks', 'Tests'], rows)}`
}

function left(record: RunRecord): string {
  const tests = leftOnHosts(record)
  if (tests.length === 0) return ''
  const rows = tests.map((test) => [
    code(test.id),
    test.cleanup.status === 'failed' ? 'failed' : 'not verified',
    md(test.cleanup.reason ?? ''),
  ])
  return `## Clean-up that needs a look\n\n${table(['Test', 'Clean-up', 'Reason'], rows)}`
}

function matrix(record: RunRecord): string {
  const analytics = tallyAnalytics(record)
  if (analytics.length === 0) return ''
  const legend = OUTCOMES.map((outcome) => `${OUTCOME[outcome].symbol} ${OUTCOME[outcome].label}`).join(', ')
  const rows = byScenario(record).flatMap(({ scenario, tests }) => [
    [`**${md(scenario)}**`, ...analytics.map(() => '')],
    ...tests.map(({ test }) => [
      code(namesOf(test).name),
      ...analytics.map(({ id }) => {
        const check = test.checks.find(({ analytic }) => analytic === id)
        return check ? `${OUTCOME[check.outcome].symbol} ${check.verdict}` : NOT_CHECKED
      }),
    ]),
  ])
  const headings = ['Test', ...analytics.map(({ id }) => md(id))]
  return `## Tests × analytics\n\n${legend}, ${NOT_CHECKED} not checked\n\n${table(headings, rows)}`
}

function gaps(record: RunRecord): string {
  const groups = knownGaps(record)
  const closed = closedGaps(record)
  const rows = groups.map(({ analytic, reason, reviewBy, checks }) => [
    day(reviewBy),
    code(analytic),
    md(reason),
    checks.map(({ test }) => code(test.id)).join(', '),
  ])
  const closedLine = closed.map(({ test, check }) => `${code(check.analytic)} on ${code(test.id)}`).join(', ')
  return [
    ...(rows.length === 0 ? [] : [`## Known gaps\n\n${table(['Review by', 'Analytic', 'Reason', 'Tests'], rows)}`]),
    ...(closed.length === 0 ? [] : [`**Closed gaps**, which the scenarios need no longer name: ${closedLine}`]),
  ].join('\n\n')
}

function defects(record: RunRecord): string {
  const rows = documentDefects(record).map(({ document, test, text, tests }) => [
    md(document),
    md(test),
    md(text),
    tests.map(code).join(', '),
  ])
  return rows.length === 0
    ? ''
    : `## Defects of the documents themselves\n\n${table(['Document', 'Its test', 'Defect', 'Shown by'], rows)}`
}

function wire(record: RunRecord): string {
  const rows = matchedConversations(record).map(({ test, exchange, matchedBy }) => [
    code(test),
    `${code(endpointText(exchange.client))} → ${code(endpointText(exchange.server))}`,
    exchange.messages.map((message) => `${md(messageName(message))}${message.matched ? '' : ' (no match)'}`).join(', '),
    matchedBy.map(code).join(', '),
  ])
  return rows.length === 0
    ? ''
    : `## On the wire\n\n${table(['Test', 'Who spoke to whom', 'Said', 'Matched by'], rows)}`
}

function latency(record: RunRecord): string {
  const rows = LEGS.flatMap(({ leg, title }) => {
    const spread = latencyOf(record, leg)
    return spread
      ? [[title, duration(spread.median), duration(spread.p95), duration(spread.max), String(spread.count)]]
      : []
  })
  return rows.length === 0 ? '' : `## Latency, lab time\n\n${table(['Leg', 'Median', 'p95', 'Most', 'Checks'], rows)}`
}

function facts(record: RunRecord): string {
  const { lab, siem, tool } = record
  const rows = [
    ['Run', code(record.id)],
    ['Started', instant(record.startedAt)],
    ['Took', `${duration(record.durationMs)} of real time`],
    ['Lab', `${md(lab.name)}, ${lab.kind}, time × ${Number(lab.timeScale.toFixed(2))}`],
    ['SIEM', `${siem.kind} ${md(siem.version)}`],
    ['Tocsin', md(tool.version)],
    ['Hosts', count(new Set(record.tests.flatMap(({ hosts }) => Object.values(hosts))).size, 'host')],
    ...(record.authorization
      ? [['Authorized', `by ${md(record.authorization.approvedBy)}: ${md(record.authorization.reason)}`]]
      : []),
  ]
  return `## Run\n\n${table(['', ''], rows)}`
}
