/** The nouns of a plan. */
import type { Analytic } from '../../model/analytic.ts'
import type { Authorization } from '../../model/authorization.ts'
import type { Sensor } from '../../model/lab.ts'
import type { ExpectedCheck, Scenario, Test } from '../../model/scenario.ts'
import type { Judge, NamedHost } from '../ports.ts'

/** Which tests to take; an empty list takes all. */
export interface Selection {
  /** Ids of scenarios (`scenario`) or of tests (`scenario/test`). */
  ids: string[]
  tags: string[]
  /** Only the checks of these analytics, and only tests that have one. */
  analytics: string[]
}

export interface PlannedCheck {
  expected: ExpectedCheck
  analytic: Analytic
  /** The implementation that its verdict speaks of reads what a network sensor of the lab sees. */
  sensed: boolean
}

/** A host that captures. */
export type SensorHost = NamedHost & { sensor: Sensor }

/** One test with its hosts. */
export interface PlannedTest {
  /** `scenario/test`. */
  id: string
  scenario: Scenario
  test: Test
  /** Role → host. */
  hosts: ReadonlyMap<string, NamedHost>
  /** Unique to test and run; lower-case letters, digits and a hyphen. */
  marker: string
  /** Whether any text of the test carries the marker. */
  carriesMarker: boolean
  checks: PlannedCheck[]
  /** The lab's network sensors, where one of its analytics reads what they see. */
  sensors: SensorHost[]
  /** Longest maxspan of the implementations of its analytics: the gap that keeps its evidence apart. Milliseconds. */
  maxspanMs: number
}

/** A mistake that keeps a plan from being run. */
export interface PlanProblem {
  /** `scenario/test`, where one test is to blame. */
  test: string | null
  message: string
  mend: string | null
}

export interface Plan {
  tests: PlannedTest[]
  /** The analytics that any check names, in the order of first use. */
  analytics: Analytic[]
  /** All mistakes at once; a plan with any must not be run. */
  problems: PlanProblem[]
}

export interface PlanOptions {
  runId: string
  scenarios: Scenario[]
  analytics: Analytic[]
  /** Every host of the lab. */
  hosts: NamedHost[]
  selection: Selection
  authorization: Authorization | null
  /** Real time, milliseconds since 1970: authorizations are of the real world. */
  now: number
  judge: Judge
}
