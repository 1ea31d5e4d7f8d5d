/**
 * The clean-up journal of a run: what it is about to change on hosts and how that is undone, one JSON object a line.
 * A line is on disk before the change is made, so that a run that was killed can still be undone. Secrets stay
 * template references such as `{{target.password}}`; the lab file named here gives their values again.
 */
import { z } from 'zod'
import { Change, Shell } from './scenario.ts'

const Time = z.iso.datetime()

/** One clean-up step as it was planned: every template is filled in but those of secrets. */
export const JournalStep = z.union([
  z.strictObject({
    role: z.string(),
    run: z.string(),
    shell: Shell,
    stdin: z.string().optional(),
    parameters: z.record(z.string(), z.string()).optional(),
    timeoutMs: z.int().min(1).describe('real time'),
  }),
  z.strictObject({ waitMs: z.number().min(0).describe('lab time') }),
])
export type JournalStep = z.infer<typeof JournalStep>

/** What one test is about to change, and what undoes it. */
export const JournalEntry = z.strictObject({
  test: z.string().describe('scenario/test'),
  marker: z.string().nullable(),
  hosts: z.record(z.string(), z.string()).describe('role → host'),
  changes: z.array(Change).describe('names filled in; host is a role'),
  cleanup: z.array(JournalStep),
})
export type JournalEntry = z.infer<typeof JournalEntry>

/** A capture that is about to be started on a sensor. */
export const JournalCapture = z.strictObject({
  id: z
    .string()
    .regex(/^tocsin-[A-Za-z0-9-]+$/)
    .describe('stands in the command line of all that it starts there'),
  sensor: z.string().describe('host of the lab'),
  test: z.string().describe('scenario/test'),
})
export type JournalCapture = z.infer<typeof JournalCapture>

export const JournalLine = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('run'),
    run: z.string(),
    at: Time,
    lab: z.string().nullable(),
    process: z.string().nullable().default(null).describe('which process runs it, while it runs'),
  }),
  z.strictObject({ type: z.literal('opened'), at: Time, entry: JournalEntry }),
  z.strictObject({ type: z.literal('closed'), at: Time, test: z.string() }),
  z.strictObject({ type: z.literal('capturing'), at: Time, capture: JournalCapture }),
  z.strictObject({ type: z.literal('captured'), at: Time, capture: z.string().describe('its id') }),
])
export type JournalLine = z.infer<typeof JournalLine>
