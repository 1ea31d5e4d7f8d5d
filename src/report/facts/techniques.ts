/** What a run proves of ATT&CK techniques: a mapping in a file proves nothing, a test that alerted does. */
import type { RunRecord, TestRecord } from '../../model/run-record.ts'

export interface TechniqueProof {
  id: string
  name: string | null
  tactics: string[]
  /** Tests that exercise it. */
  tests: number
  /** Those of them that ask some analytic for an alert, a match or telemetry; the others ask for silence only. */
  asking: number
  /** Tests in which at least one analytic alerted as expected. */
  alerted: number
  /** Tests with at least one known gap, unexpected or inconclusive check. */
  withGap: number
  withUnexpected: number
  withInconclusive: number
  /** Analytics that alerted as expected in its tests. */
  provenBy: string[]
  /** Analytics that claim it, whether proven or not. */
  claimedBy: string[]
}

/** Techniques that a test exercises or an analytic claims, by id. */
export function proofOfTechniques(record: RunRecord): TechniqueProof[] {
  const claims = record.analytics.flatMap(({ id, attack }) => attack.map((mapping) => ({ id, ...mapping })))
  const ids = new Set([...claims.map(({ technique }) => technique), ...record.tests.flatMap(({ attack }) => attack)])
  return [...ids].sort().map((technique) => {
    const mappings = claims.filter((claim) => claim.technique === technique)
    const tests = record.tests.filter(({ attack }) => attack.includes(technique))
    const withOutcome = (outcome: string) =>
      tests.filter(({ checks }) => checks.some((check) => check.outcome === outcome)).length
    const provenBy = [...new Set(tests.flatMap(alertsAsExpected))]
    return {
      id: technique,
      name: mappings.find(({ name }) => name !== null)?.name ?? null,
      tactics: [...new Set(mappings.flatMap(({ tactics }) => tactics))].sort(),
      tests: tests.length,
      asking: tests.filter(({ checks }) => checks.some(({ expect }) => expect !== 'silent')).length,
      alerted: tests.filter((test) => alertsAsExpected(test).length > 0).length,
      withGap: withOutcome('known-gap'),
      withUnexpected: withOutcome('unexpected'),
      withInconclusive: withOutcome('inconclusive'),
      provenBy,
      claimedBy: [...new Set(mappings.map(({ id }) => id))],
    }
  })
}

const alertsAsExpected = (test: TestRecord): string[] =>
  test.checks
    .filter(({ verdict, outcome, expect }) => verdict === 'alerted' && outcome === 'expected' && expect !== 'silent')
    .map(({ analytic }) => analytic)

/** ATT&CK's enterprise tactics (attack.mitre.org/tactics/enterprise). */
export const TACTIC: Record<string, string> = {
  TA0043: 'Reconnaissance',
  TA0042: 'Resource Development',
  TA0001: 'Initial Access',
  TA0002: 'Execution',
  TA0003: 'Persistence',
  TA0004: 'Privilege Escalation',
  TA0005: 'Defense Evasion',
  TA0006: 'Credential Access',
  TA0007: 'Discovery',
  TA0008: 'Lateral Movement',
  TA0009: 'Collection',
  TA0011: 'Command and Control',
  TA0010: 'Exfiltration',
  TA0040: 'Impact',
}
