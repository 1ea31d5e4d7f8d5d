/** The words of the product: each value is the same in code, on the command line, in files and in reports. */
import { z } from 'zod'

/** What became of a test's own steps. `prevented`: something on the host refused them (antivirus, policy). */
export const ExecutionStatus = z.enum(['completed', 'failed', 'prevented', 'timed-out', 'skipped', 'interrupted'])
export type ExecutionStatus = z.infer<typeof ExecutionStatus>

/** How far the trace of a test got, best first: alerted > matched > logged > unseen; `unknown` when nobody could say. */
export const Verdict = z.enum(['alerted', 'matched', 'logged', 'unseen', 'unknown'])
export type Verdict = z.infer<typeof Verdict>

/** Whether the verdict is what the test states. */
export const Outcome = z.enum(['expected', 'unexpected', 'known-gap', 'inconclusive'])
export type Outcome = z.infer<typeof Outcome>

/** What a test states of an analytic. `match` and `log` are minimums. */
export const Expectation = z.enum(['alert', 'match', 'log', 'silent'])
export type Expectation = z.infer<typeof Expectation>

/** The first stage at which the trace broke. */
export const Stage = z.enum(['execution', 'telemetry', 'logic', 'rule', 'alert'])
export type Stage = z.infer<typeof Stage>

/** How an event was joined to its test: by its unique token, by an entity of a marked event, or by host and time only. */
export const Confidence = z.enum(['marker', 'entity', 'window'])
export type Confidence = z.infer<typeof Confidence>

export const Phase = z.enum(['setup', 'test', 'cleanup'])
export type Phase = z.infer<typeof Phase>

export const LabKind = z.enum(['real', 'emulated', 'recorded'])
export type LabKind = z.infer<typeof LabKind>

/** An ATT&CK technique or sub-technique, such as `T1053.005`. */
export const TechniqueId = z.string().regex(/^T\d{4}(\.\d{3})?$/, 'an ATT&CK technique looks like T1053 or T1053.005')

/** An ATT&CK tactic, such as `TA0008`. */
export const TacticId = z.string().regex(/^TA\d{4}$/, 'an ATT&CK tactic looks like TA0008')

/** An id that is used in file names, command lines and record ids. */
export const Id = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
    'an id has letters, digits, dots, hyphens and underscores, and starts with a letter or digit',
  )
