/** The checks of a record, placed and grouped as reports need them. */
import type { CheckRecord, RunRecord, TestRecord } from '../../model/run-record.ts'
import type { Outcome } from '../../model/words.ts'

/** A check with its test and the anchor it has in the HTML report. */
export interface PlacedCheck {
  test: TestRecord
  check: CheckRecord
  anchor: string
}

/** The anchor of the test at that position of the record, and of one of its checks. */
export const testAnchor = (test: number): string => `t${test + 1}`
export const checkAnchor = (test: number, check: number): string => `t${test + 1}c${check + 1}`

/** Every check with that outcome, in the order of the record. */
export function checksWith(record: RunRecord, outcome: Outcome): PlacedCheck[] {
  return record.tests.flatMap((test, t) =>
    test.checks.flatMap((check, c) => (check.outcome === outcome ? [{ test, check, anchor: checkAnchor(t, c) }] : [])),
  )
}

/** The scenario of a test and the test's own id. */
export function namesOf(test: TestRecord): { scenario: string; name: string } {
  const slash = test.id.indexOf('/')
  return { scenario: test.id.slice(0, Math.max(slash, 0)), name: test.id.slice(slash + 1) }
}

export interface ScenarioTests {
  scenario: string
  tests: { test: TestRecord; position: number }[]
}

/** Tests by scenario, in the order of the record. */
export function byScenario(record: RunRecord): ScenarioTests[] {
  const scenarios = new Map<string, ScenarioTests>()
  for (const [position, test] of record.tests.entries()) {
    const { scenario } = namesOf(test)
    const group = scenarios.get(scenario) ?? { scenario, tests: [] }
    scenarios.set(scenario, group)
    group.tests.push({ test, position })
  }
  return [...scenarios.values()]
}

/** Why an inconclusive check could not be judged. */
const reasonOf = ({ test, check }: PlacedCheck): string =>
  check.cause ?? (check.brokenStage === 'execution' ? test.execution.reason : null) ?? 'no reason is recorded'

/** Inconclusive checks by their reason, the reason of most checks first. */
export function inconclusiveByReason(record: RunRecord): { reason: string; checks: PlacedCheck[] }[] {
  const groups = new Map<string, PlacedCheck[]>()
  for (const placed of checksWith(record, 'inconclusive')) {
    const reason = reasonOf(placed)
    groups.set(reason, [...(groups.get(reason) ?? []), placed])
  }
  return [...groups].map(([reason, checks]) => ({ reason, checks })).sort((a, b) => b.checks.length - a.checks.length)
}

export interface GapGroup {
  analytic: string
  reason: string
  reviewBy: string
  checks: PlacedCheck[]
}

/** Known gaps by analytic, reason and review date, the next review first. */
export function knownGaps(record: RunRecord): GapGroup[] {
  const groups = new Map<string, GapGroup>()
  for (const placed of checksWith(record, 'known-gap')) {
    const { analytic, knownGap } = placed.check
    const { reason, reviewBy } = knownGap ?? { reason: 'no reason is recorded', reviewBy: '' }
    const key = JSON.stringify([analytic, reason, reviewBy])
    const group = groups.get(key) ?? { analytic, reason, reviewBy, checks: [] }
    groups.set(key, group)
    group.checks.push(placed)
  }
  return [...groups.values()].sort((a, b) => a.reviewBy.localeCompare(b.reviewBy))
}

/** Checks whose known gap did not show: the gap can be taken out of the scenario. */
export const closedGaps = (record: RunRecord): PlacedCheck[] =>
  checksWith(record, 'expected').filter(({ check }) => check.knownGap?.closed === true)

export interface DefectGroup {
  document: string
  test: string
  text: string
  tests: string[]
}

/** What documents promise and do not keep, each once, with the tests that show it. */
export function documentDefects(record: RunRecord): DefectGroup[] {
  const groups = new Map<string, DefectGroup>()
  for (const test of record.tests) {
    for (const defect of test.documentDefects) {
      const key = JSON.stringify([defect.document, defect.test, defect.text])
      const group = groups.get(key) ?? { ...defect, tests: [] }
      groups.set(key, group)
      group.tests.push(test.id)
    }
  }
  return [...groups.values()]
}

/** Tests that may have left something on a host: clean-up failed, or nobody could read back that it worked. */
export const leftOnHosts = (record: RunRecord): TestRecord[] =>
  record.tests.filter(({ cleanup }) => cleanup.status === 'failed' || (cleanup.status === 'done' && !cleanup.verified))
