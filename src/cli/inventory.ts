/** What users' files hold, flat, as `tocsin list --json` prints it. */
import type { UserFiles } from '../files/load-user-files.ts'
import type { Provenance } from '../model/scenario.ts'

export interface Inventory {
  tests: {
    /** scenario/test */
    id: string
    title: string | null
    path: string
    attack: string[]
    tags: string[]
    provenance: Provenance
    execution: string
    expect: { analytic: string; is: string; knownGap: boolean }[]
  }[]
  analytics: {
    id: string
    title: string
    path: string
    attack: string[]
    languages: string[]
    /** Id of the rule that is deployed; null when none is. */
    ruleId: string | null
  }[]
}

export function inventory({ scenarios, analytics }: UserFiles): Inventory {
  return {
    tests: scenarios.flatMap(({ path, scenario }) =>
      scenario.tests.map((test) => ({
        id: `${scenario.id}/${test.id}`,
        title: test.title ?? null,
        path,
        attack: test.attack ?? [],
        tags: [...new Set([...(scenario.tags ?? []), ...(test.tags ?? [])])],
        provenance: test.provenance,
        execution: test.execution,
        expect: test.expect.map(({ analytic, is, knownGap }) => ({ analytic, is, knownGap: knownGap !== undefined })),
      })),
    ),
    analytics: analytics.map(({ path, analytic }) => ({
      id: analytic.id,
      title: analytic.title,
      path,
      attack: analytic.attack.map(({ technique }) => technique),
      languages: analytic.implementations.map(({ language }) => language),
      ruleId: analytic.implementations.find(({ rule }) => rule)?.rule?.rule_id ?? null,
    })),
  }
}
