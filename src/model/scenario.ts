/** A scenario: one file of related tests. */
import { z } from 'zod'
import { Duration } from './duration.ts'
import { ExecutionStatus, Expectation, Id, TechniqueId } from './words.ts'

/** `cmd` and `powershell` are what a Windows host offers, `sh` a local or remote POSIX shell. */
export const Shell = z.enum(['cmd', 'powershell', 'sh'])
export type Shell = z.infer<typeof Shell>

/** A command on a host, or a pause. Texts may hold `{{…}}`: see `docs/scenarios.md`. */
export const Step = z.union([
  z.strictObject({
    host: Id.describe('role of the host that runs it: source, target, or a role of the lab file'),
    run: z.string().min(1).describe('the command, or the PowerShell script'),
    shell: Shell.optional().describe('default: cmd on Windows hosts, sh on others'),
    stdin: z.string().optional().describe('what the command reads; standard input is always ended after it'),
    parameters: z
      .record(z.string().regex(/^[A-Za-z][A-Za-z0-9]*$/), z.string())
      .optional()
      .describe('PowerShell only: values the script reads as $Parameters.name; they are never part of its text'),
    timeout: Duration.optional().describe('real time; default 60s'),
    exitCodes: z.array(z.int()).optional().describe('exit codes that count as completed; default [0]'),
  }),
  z.strictObject({ wait: Duration.describe('lab time to let pass') }),
])
export type Step = z.infer<typeof Step>
export type CommandStep = Extract<Step, { run: string }>

/** Where a test comes from. */
export const Provenance = z.strictObject({
  document: z.string().describe('the document whose test this is: an analytic id, a page, a repository path'),
  test: z.string().optional().describe("the test's number or title in that document"),
  kind: z.enum(['verbatim', 'adapted', 'own']),
  why: z.string().optional().describe('adapted: what was changed and why'),
  url: z.url().optional(),
})
export type Provenance = z.infer<typeof Provenance>

/** A change that a test makes on a host: journaled before it is made, and read back after the clean-up. */
export const Change = z.strictObject({
  kind: z.enum(['scheduled-task', 'file', 'none']),
  host: Id.describe('role of the host that is changed'),
  name: z.string().describe('task path such as \\name, or file path'),
})
export type Change = z.infer<typeof Change>

export const KnownGap = z.strictObject({
  reason: z.string().min(1),
  reviewBy: z.iso.date().describe('the day on which somebody looks at it again'),
})
export type KnownGap = z.infer<typeof KnownGap>

export const ExpectedCheck = z.strictObject({
  analytic: Id,
  is: Expectation,
  within: Duration.optional().describe('lab time from the last event of the test to the alert; default 10m'),
  reason: z.string().optional().describe('why this is to be expected'),
  knownGap: KnownGap.optional(),
})
export type ExpectedCheck = z.infer<typeof ExpectedCheck>

/** A document that promises what does not happen. */
export const DocumentDefect = z.strictObject({ document: z.string(), test: z.string(), text: z.string() })
export type DocumentDefect = z.infer<typeof DocumentDefect>

export const Test = z.strictObject({
  id: Id,
  title: z.string().optional(),
  description: z.string().optional(),
  attack: z.array(TechniqueId).optional(),
  tags: z.array(z.string()).optional(),
  provenance: Provenance,
  execution: ExecutionStatus.default('completed').describe('the execution status that the test expects'),
  isolation: z
    .enum(['host', 'marker'])
    .default('host')
    .describe('marker: every event of this test carries its marker, so that others may use its hosts meanwhile'),
  variables: z.record(Id, z.string()).optional().describe('names for texts that several steps use'),
  setup: z.array(Step).default([]),
  steps: z.array(Step).min(1),
  cleanup: z.array(Step).default([]),
  changes: z.array(Change).default([]),
  documentDefects: z.array(DocumentDefect).default([]),
  expect: z.array(ExpectedCheck).min(1),
})
export type Test = z.infer<typeof Test>

export const Scenario = z.strictObject({
  id: Id,
  title: z.string().optional(),
  description: z.string().optional(),
  tags: z.array(z.string()).optional(),
  tests: z.array(Test).min(1),
})
export type Scenario = z.infer<typeof Scenario>
