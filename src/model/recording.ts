/**
 * The recording of a run, `recording.json`, format `tocsin.recording/1`: all that judging its tests again takes, next to
 * files with their events. All times are lab time, milliseconds since 1970.
 */
import { z } from 'zod'
import { RunRecord } from './run-record.ts'
import { ExpectedCheck } from './scenario.ts'
import { SCRUBBABLE } from './scrubbable.ts'
import { ExecutionStatus } from './words.ts'

const Count = z.int().min(0)
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)

const Window = z.strictObject({ from: z.number(), to: z.number().describe('exclusive') })
const PhaseTimes = z.strictObject({
  setup: Window.nullable(),
  test: Window.nullable(),
  cleanup: Window.nullable(),
})

const RecordedHost = z.strictObject({
  name: z.string().describe('its name in the inventory'),
  hostname: z.string().optional().describe('the name its telemetry carries'),
  domain: z.string().optional(),
  address: z.string().optional().describe('the address its telemetry shows'),
})

const RecordedAlert = z.strictObject({
  index: z.string(),
  id: z.string(),
  ruleId: z.string(),
  ruleUuid: z.string().nullable(),
  at: z.number(),
  ancestors: z.array(
    z.strictObject({ id: z.string(), index: z.string(), type: z.enum(['event', 'signal']), depth: Count }),
  ),
  hosts: z.array(z.string()),
  entities: z.array(z.string()),
  buildingBlock: z.boolean(),
})

/** A rule as the SIEM had it when the run ended. */
const RecordedRule = z.strictObject({
  ruleId: z.string(),
  missing: z.boolean(),
  enabled: z.boolean(),
  intervalMs: z.number(),
  lookBackMs: z.number(),
  query: z.string().nullable(),
  lastExecution: z
    .strictObject({
      at: z.number(),
      status: z.enum(['succeeded', 'partial failure', 'failed', 'running', 'unknown']),
      message: z.string().nullable(),
    })
    .nullable(),
  file: Sha256.nullable().describe("hash of the rule in the analytic's file: a file that differs was changed since"),
})
export type RecordedRule = z.infer<typeof RecordedRule>

export const RecordedTest = z.strictObject({
  id: z.string().describe('scenario/test'),
  marker: z.string(),
  hosts: z.record(z.string(), RecordedHost).describe('role → host'),
  isolation: z.enum(['host', 'marker']),
  execution: ExecutionStatus.describe('the one the test expects'),
  expect: z.array(ExpectedCheck),
  certain: z.boolean().describe('false: the transport lost sight of a command'),
  times: PhaseTimes.describe('when the commands of each phase ran'),
  windows: PhaseTimes.describe('when events count for each phase'),
  alerts: z.array(RecordedAlert),
  events: z.strictObject({
    file: z.string().regex(/^events\/\w[\w.-]*\/\w[\w.-]*\.ndjson\.gz$/),
    count: Count,
    sha256: Sha256.describe('of the file'),
    incomplete: z.string().nullable().describe('why the SIEM did not give all of them'),
  }),
})
export type RecordedTest = z.infer<typeof RecordedTest>

export const Recording = z.strictObject({
  format: z.literal('tocsin.recording/1'),
  sha256: z.string().describe('of this document with an empty text in this place'),
  scrubbed: z.array(z.enum(SCRUBBABLE)),
  detectionInterval: z.string().nullable().describe("the lab's interval of every rule, in place of its own"),
  run: RunRecord.describe('as it was judged'),
  rules: z.array(RecordedRule),
  tests: z.array(RecordedTest),
})
export type Recording = z.infer<typeof Recording>
