/** The shipped scenarios and analytics. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { loadUserFiles } from '../../src/files/load-user-files.ts'
import type { Analytic } from '../../src/model/analytic.ts'
import type { Test } from '../../src/model/scenario.ts'
import { home } from '../cli/tocsin.ts'

export interface Shipped {
  /** By scenario/test. */
  tests: Map<string, Test>
  analytics: Map<string, Analytic>
}

export async function shipped(): Promise<Shipped> {
  const { scenarios, analytics, problems } = loadUserFiles({ scenariosDir: join(home, 'scenarios') })
  assert.deepEqual(problems, [])
  const tests = scenarios.flatMap(({ scenario }) =>
    scenario.tests.map((test) => [`${scenario.id}/${test.id}`, test] as const),
  )
  return { tests: new Map(tests), analytics: new Map(analytics.map(({ analytic }) => [analytic.id, analytic])) }
}
