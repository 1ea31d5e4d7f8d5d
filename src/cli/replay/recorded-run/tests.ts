/** The tests of a recording, ready to be judged again by the analytics and expectations as they are now. */

import { primaryOf } from '../../../engine/judge/indices.ts'
import type { ExecutedTest } from '../../../engine/judge-again.ts'
import type { PlannedCheck } from '../../../engine/plan/planned.ts'
import type { NamedHost } from '../../../engine/ports.ts'
import { indexOf, readsFrom } from '../../../engine/sensing/needs.ts'
import { createJudge } from '../../../language/judge.ts'
import type { Analytic } from '../../../model/analytic.ts'
import type { EventDocument } from '../../../model/event.ts'
import { Host } from '../../../model/lab.ts'
import type { RecordedTest, Recording } from '../../../model/recording.ts'
import type { TestRecord } from '../../../model/run-record.ts'
import type { ExpectedCheck, Scenario, Test } from '../../../model/scenario.ts'
import { readEventsOf } from '../../../record/recording/read.ts'
import { UsageError } from '../../io.ts'

export interface ReadTests {
  tests: ExecutedTest[]
  /** The events of all tests, each once. */
  events: EventDocument[]
  /** What is damaged, for people. */
  damage: string[]
}

export interface CurrentFiles {
  scenarios: readonly Scenario[]
  analytics: readonly Analytic[]
  /** Only the checks of these analytics; absent: all. */
  asked: readonly string[] | undefined
}

const judge = createJudge()

/** Where the events of sensors lie, whatever the lab's namespace was. */
const SENSED = [indexOf({ namespace: 'default' })]

const NOT_RECORDED = 'its telemetry was not recorded: the run ended before all of its checks were judged'
const NO_TIMES = { setup: null, test: null, cleanup: null }

/** Throws `UsageError` when an analytic that a test names is not there any more. */
export async function readTests(folder: string, recording: Recording, files: CurrentFiles): Promise<ReadTests> {
  const recorded = new Map(recording.tests.map((test) => [test.id, test]))
  const events = new Map<string, EventDocument>()
  const damage: string[] = []
  const tests: ExecutedTest[] = []
  for (const record of recording.run.tests) {
    const found = recorded.get(record.id)
    const planned = plannedTest(record, found, files)
    if (planned.checks.length === 0) continue
    const { certain = false, times = NO_TIMES, windows = NO_TIMES } = found ?? {}
    let unusable = found === undefined ? NOT_RECORDED : found.events.incomplete
    try {
      for (const event of found === undefined ? [] : await readEventsOf(folder, found)) {
        events.set(`${event.index}/${event.id}`, event)
      }
    } catch (error) {
      unusable = `its telemetry cannot be read: ${(error as Error).message}`
      damage.push(`${record.id}: ${(error as Error).message}`)
    }
    tests.push({ planned, record, certain, times, windows, unusable })
  }
  return { tests, events: [...events.values()], damage }
}

/** The test as its scenario has it now; as it was recorded where no scenario has it any more. */
function plannedTest(
  record: TestRecord,
  recorded: RecordedTest | undefined,
  { scenarios, analytics, asked }: CurrentFiles,
): ExecutedTest['planned'] {
  const [scenarioId, testId] = record.id.split('/') as [string, string]
  const scenario = scenarios.find(({ id }) => id === scenarioId)
  const test = scenario?.tests.find(({ id }) => id === testId) ?? asRecorded(testId, record, recorded)
  const expect = test.expect.filter(({ analytic }) => asked === undefined || asked.includes(analytic))
  return {
    id: record.id,
    scenario: scenario ?? { id: scenarioId, tests: [test] },
    test,
    hosts: new Map(Object.entries(recorded?.hosts ?? {}).map(([role, host]) => [role, hostOf(role, host)])),
    marker: recorded?.marker ?? '',
    carriesMarker: record.marker !== null,
    checks: expect.map((expected) => checkOf(expected, record, analytics)),
    sensors: [],
    maxspanMs: 0,
  }
}

/** A network sensor decided what it reads then, so whether it saw all of the traffic counts now. */
function checkOf(expected: ExpectedCheck, record: TestRecord, analytics: readonly Analytic[]): PlannedCheck {
  const analytic = analyticOf(expected, record.id, analytics)
  const sensed = record.captures.length > 0 && readsFrom(SENSED, analytic, primaryOf(analytic), judge)
  return { expected, analytic, sensed }
}

function analyticOf({ analytic: id }: ExpectedCheck, test: string, analytics: readonly Analytic[]): Analytic {
  const analytic = analytics.find((candidate) => candidate.id === id)
  if (analytic !== undefined) return analytic
  throw new UsageError(
    `${test} was recorded with the analytic ${id}, which there is not\n  name the folder that has it with --scenarios, or choose others with --analytic`,
  )
}

const asRecorded = (id: string, record: TestRecord, recorded: RecordedTest | undefined): Test => ({
  id,
  title: record.title,
  provenance: record.provenance,
  execution: record.execution.expected,
  isolation: recorded?.isolation ?? 'host',
  setup: [],
  steps: [],
  cleanup: [],
  changes: [],
  documentDefects: record.documentDefects,
  expect: recorded?.expect ?? record.checks.map(expectedOf),
})

const expectedOf = ({ analytic, expect, reason, knownGap }: TestRecord['checks'][number]): ExpectedCheck => ({
  analytic,
  is: expect,
  ...(reason === null ? {} : { reason }),
  ...(knownGap === null ? {} : { knownGap: { reason: knownGap.reason, reviewBy: knownGap.reviewBy } }),
})

const hostOf = (role: string, host: RecordedTest['hosts'][string]): NamedHost => {
  const { name, ...known } = host
  return { ...Host.parse({ role, ...known }), name }
}
