/**
 * JUnit XML as Jenkins' xunit plugin accepts it (junit-10.xsd), which GitLab, Azure DevOps and GitHub's reporters read too.
 * One suite a scenario, one case a check: unexpected is a failure, inconclusive an error, a known gap is skipped.
 * Times are seconds of lab time: of a case from execution to alert, of a suite the sum of its tests.
 */
import type { RunRecord, TestRecord } from '../model/run-record.ts'
import { byScenario, checksWith, namesOf, type ScenarioTests } from './facts/checks.ts'
import { traceLines } from './facts/trace-lines.ts'
import { visible } from './text.ts'
import { between } from './time.ts'
import { nextStep } from './words.ts'

type Attributes = Record<string, string | number>

export function renderJunit(record: RunRecord): string {
  const { outcomes, checks } = record.summary
  const attributes = {
    name: `tocsin ${record.id}`,
    tests: checks,
    failures: outcomes.unexpected,
    errors: outcomes.inconclusive,
    time: seconds(record.durationMs),
  }
  const suites = byScenario(record).map((group) => suite(record, group))
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('testsuites', attributes, suites)}`
}

function suite(record: RunRecord, { scenario, tests }: ScenarioTests): string {
  const part: RunRecord = { ...record, tests: tests.map(({ test }) => test) }
  const cases = part.tests.flatMap((test) => test.checks.map((check) => testCase(test, check)))
  const lasted = part.tests.reduce(
    (sum, { execution }) => sum + (between(execution.startedAt, execution.endedAt) ?? 0),
    0,
  )
  const attributes = {
    name: scenario,
    tests: cases.length,
    failures: checksWith(part, 'unexpected').length,
    errors: checksWith(part, 'inconclusive').length,
    skipped: checksWith(part, 'known-gap').length,
    time: seconds(lasted),
    timestamp: record.startedAt.slice(0, 19),
  }
  const facts: Attributes = {
    run: record.id,
    'tocsin.version': record.tool.version,
    'lab.name': record.lab.name,
    'lab.kind': record.lab.kind,
    'lab.timeScale': record.lab.timeScale,
    'siem.kind': record.siem.kind,
    'siem.version': record.siem.version,
  }
  const properties = Object.entries(facts).map(([name, value]) => element('property', { name, value }))
  return element('testsuite', attributes, [element('properties', {}, properties), ...cases])
}

function testCase(test: TestRecord, check: TestRecord['checks'][number]): string {
  const { scenario, name } = namesOf(test)
  const message = check.cause ?? `${check.verdict}, ${check.expect} expected`
  const body = `${message}\nNext: ${nextStep(check)}`
  const type = check.brokenStage ?? check.verdict
  const results: string[] = []
  if (check.outcome === 'unexpected') results.push(element('failure', { message, type }, body))
  if (check.outcome === 'inconclusive') results.push(element('error', { message, type }, body))
  if (check.outcome === 'known-gap') {
    const { reason, reviewBy } = check.knownGap ?? { reason: message, reviewBy: '' }
    results.push(element('skipped', { message: `known gap, review by ${reviewBy}: ${reason}` }))
  }
  const took = check.latencyMs?.total ?? between(test.execution.startedAt, test.execution.endedAt) ?? 0
  const attributes = { classname: `${scenario}.${name}`, name: check.analytic, time: seconds(took) }
  return element('testcase', attributes, [...results, element('system-out', {}, traceLines(test, check).join('\n'))])
}

const seconds = (ms: number): string => (Math.max(0, ms) / 1000).toFixed(3)

/** An element with its children, each of which is an element and ends in a line break, or with text. */
function element(name: string, attributes: Attributes, content: string[] | string = []): string {
  const head = Object.entries(attributes).reduce((text, [key, value]) => `${text} ${key}="${escapeXml(value)}"`, name)
  if (content.length === 0) return `<${head}/>\n`
  return `<${head}>${typeof content === 'string' ? escapeXml(content) : `\n${content.join('')}`}</${name}>\n`
}

/** Line breaks and tabs are written as references, which attributes would lose otherwise. */
const XML: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\t': '&#9;',
}

const escapeXml = (value: string | number): string =>
  visible(String(value)).replace(/[&<>"\n\t]/g, (character) => XML[character]!)
