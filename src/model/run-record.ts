/** The run record `run.json`, format `tocsin.run/1`: the one source of every report. All times but `durationMs` are lab time. */
import { z } from 'zod'
import { DocumentDefect, KnownGap, Provenance } from './scenario.ts'
import { Confidence, ExecutionStatus, Expectation, Id, LabKind, Outcome, Phase, Stage, Verdict } from './words.ts'

const Time = z.iso.datetime()
const Count = z.int().min(0)

const EventEvidence = z.strictObject({ index: z.string(), id: z.string() })
const AlertEvidence = z.strictObject({ index: z.string(), id: z.string(), ruleId: z.string() })

/** One clause of a query, and what an event had for it. */
export const ClauseResult = z.strictObject({
  clause: z.string().describe('the clause as the query writes it, or in words where one text of it stands for several'),
  holds: z.boolean().nullable().describe('null: the field is missing'),
  seen: z.string().nullable().describe('the value the event has, as text'),
  wanted: z.string().nullable(),
})
export type ClauseResult = z.infer<typeof ClauseResult>

/** Why an implementation did or did not match: the nearest event or sequence, clause by clause. */
export const Explanation = z.strictObject({
  summary: z.string().describe('one sentence with the fact that decides'),
  nearest: z
    .array(
      z.strictObject({
        step: z.int().describe('position in the sequence, from 0; 0 for an event query'),
        event: EventEvidence.nullable(),
        holds: z.boolean(),
        clauses: z.array(ClauseResult),
        note: z
          .string()
          .nullable()
          .describe(
            'sequences: why the step went no further, or must not be there (join key, order, maxspan, until, missing event)',
          ),
      }),
    )
    .default([]),
})
export type Explanation = z.infer<typeof Explanation>

const Endpoint = z.strictObject({ ip: z.string(), port: z.int() })

/** Bytes of a message that say what the analytic reads. */
const WireMark = z.strictObject({
  what: z.string().describe('what they say, such as the interface or the operation number'),
  offset: z.int().min(0).describe('of the first byte, in the message'),
  length: z.int().min(1),
})
export type WireMark = z.infer<typeof WireMark>

/** One message of a client that a sensor saw, with the answer to it. */
export const WireMessage = z.strictObject({
  at: Time,
  event: EventEvidence,
  action: z.string().describe('dce_rpc_bind, dce_rpc_alter_context, or the name of the operation that is called'),
  interface: z.string().nullable(),
  opnum: z.int().nullable().describe('null for what is no call'),
  callId: z.int().nullable(),
  contexts: z
    .array(
      z.strictObject({
        id: z.int(),
        interface: z.string(),
        transferSyntax: z.string().nullable(),
        result: z.string().nullable().describe('what the server said to it; null when its answer was not seen'),
      }),
    )
    .describe('those that a bind or alter_context proposes'),
  answer: z.string().nullable().describe('success, or failure with its status; null: no answer was seen'),
  matched: z.boolean().describe("the analytic's logic matches it"),
  frames: z.array(z.int()).describe("numbers of its and its answer's frames in the capture, from 1"),
  length: Count.nullable().describe('bytes of the message; null where the sensor keeps none of them'),
  hex: z
    .string()
    .regex(/^([0-9a-f]{2})*$/)
    .describe('its first bytes, as far as there is a mark'),
  marks: z.array(WireMark),
})
export type WireMessage = z.infer<typeof WireMessage>

/** What one client and one server said to each other on one connection, as a network sensor saw it. */
export const WireExchange = z.strictObject({
  sensor: z.string().nullable(),
  client: Endpoint,
  server: Endpoint,
  messages: z.array(WireMessage),
  more: Count.describe('messages that are left out here'),
})
export type WireExchange = z.infer<typeof WireExchange>

export const CheckRecord = z.strictObject({
  analytic: Id,
  expect: Expectation,
  reason: z.string().nullable(),
  verdict: Verdict,
  outcome: Outcome,
  late: z.boolean(),
  brokenStage: Stage.nullable(),
  cause: z.string().nullable(),
  confidence: Confidence.nullable(),
  knownGap: KnownGap.extend({ closed: z.boolean() }).nullable(),
  latencyMs: z
    .strictObject({
      executionToEvent: z.number().nullable(),
      eventToIngest: z.number().nullable(),
      ingestToAlert: z.number().nullable(),
      total: z.number().nullable(),
    })
    .nullable(),
  implementations: z.array(
    z.strictObject({ language: z.string(), matched: z.boolean().nullable().describe('null: could not be evaluated') }),
  ),
  explanation: Explanation.nullable(),
  exchange: z.array(WireExchange).default([]).describe('network analytics: the conversations that decided'),
  evidence: z.strictObject({ events: z.array(EventEvidence), alerts: z.array(AlertEvidence) }),
})
export type CheckRecord = z.infer<typeof CheckRecord>

export const StepRecord = z.strictObject({
  phase: Phase,
  host: z.string(),
  command: z.string(),
  startedAt: Time,
  exitCode: z.int().nullable().describe('signed 32-bit; null when there was none'),
  problem: z
    .string()
    .nullable()
    .describe('what went wrong with transport or time limit; null when the command ended by itself'),
  durationMs: z.number().min(0),
  stdout: z.string(),
  stderr: z.string(),
})
export type StepRecord = z.infer<typeof StepRecord>

/** Folder of the captures, in the run's. */
export const CAPTURES_FOLDER = 'captures'

/** What a network sensor captured while a test ran. */
export const CaptureRecord = z.strictObject({
  sensor: z.string().describe('the host of the lab that captured'),
  path: z.string().nullable().describe("the capture, from the run's folder; null when nothing was captured"),
  sha256: z.string().nullable(),
  bytes: Count,
  events: Count.describe('messages that were read from it'),
  startedAt: Time.nullable().describe('when it listened'),
  endedAt: Time.nullable(),
  problem: z.string().nullable().describe('why it is not the whole traffic of the test'),
})
export type CaptureRecord = z.infer<typeof CaptureRecord>

/** How far a host's clock is ahead of the engine's: the sample with the shortest way there and back. */
const ClockOffset = z.strictObject({
  host: z.string(),
  offsetMs: z.number().describe("what was taken off the times of a sensor's events"),
  roundTripMs: z.number().min(0).describe('real time; half of it is the most that the offset may be wrong'),
})
export type ClockOffset = z.infer<typeof ClockOffset>

export const TestRecord = z.strictObject({
  id: z.string().describe('scenario/test'),
  title: z.string(),
  attack: z.array(z.string()),
  tags: z.array(z.string()),
  provenance: Provenance,
  marker: z.string().nullable(),
  documentDefects: z.array(DocumentDefect),
  hosts: z.record(z.string(), z.string()).describe('role → host'),
  execution: z.strictObject({
    status: ExecutionStatus,
    expected: ExecutionStatus,
    reason: z.string().nullable().describe('why it is not what was expected, or was not run'),
    startedAt: Time.nullable(),
    endedAt: Time.nullable(),
    steps: z.array(StepRecord),
  }),
  checks: z.array(CheckRecord),
  captures: z.array(CaptureRecord).default([]),
  cleanup: z.strictObject({
    status: z.enum(['done', 'failed', 'not-needed']),
    verified: z.boolean(),
    reason: z.string().nullable(),
  }),
})
export type TestRecord = z.infer<typeof TestRecord>

export const RunRecord = z.strictObject({
  format: z.literal('tocsin.run/1'),
  id: z.string(),
  startedAt: Time,
  endedAt: Time.nullable(),
  durationMs: z.number().min(0),
  tool: z.strictObject({ name: z.literal('tocsin'), version: z.string() }),
  lab: z.strictObject({ name: z.string(), kind: LabKind, timeScale: z.number() }),
  siem: z.strictObject({ kind: z.enum(['embedded', 'elastic']), version: z.string() }),
  authorization: z
    .strictObject({
      approvedBy: z.string(),
      reason: z.string(),
      notBefore: Time,
      notAfter: Time,
      hosts: z.array(z.string()),
    })
    .nullable(),
  analytics: z.array(
    z.strictObject({
      id: Id,
      title: z.string(),
      attack: z.array(
        z.strictObject({ technique: z.string(), name: z.string().nullable(), tactics: z.array(z.string()) }),
      ),
    }),
  ),
  summary: z.strictObject({
    tests: Count,
    checks: Count,
    outcomes: z.strictObject({ expected: Count, unexpected: Count, 'known-gap': Count, inconclusive: Count }),
    verdicts: z.strictObject({ alerted: Count, matched: Count, logged: Count, unseen: Count, unknown: Count }),
  }),
  clocks: z.array(ClockOffset).default([]).describe('of sensors and of the hosts that they watch, where measured'),
  tests: z.array(TestRecord),
})
export type RunRecord = z.infer<typeof RunRecord>

/** The counts of a record's tests. */
export function summarise(tests: readonly TestRecord[]): RunRecord['summary'] {
  const summary: RunRecord['summary'] = {
    tests: tests.length,
    checks: 0,
    outcomes: { expected: 0, unexpected: 0, 'known-gap': 0, inconclusive: 0 },
    verdicts: { alerted: 0, matched: 0, logged: 0, unseen: 0, unknown: 0 },
  }
  for (const check of tests.flatMap((test) => test.checks)) {
    summary.checks += 1
    summary.outcomes[check.outcome] += 1
    summary.verdicts[check.verdict] += 1
  }
  return summary
}
