/** An analytic: a detection with its documentation and its implementations. */
import { z } from 'zod'
import { Duration } from './duration.ts'
import { Id, TacticId, TechniqueId } from './words.ts'

/** Languages that an implementation can be written in. */
export const Language = z.enum(['eql', 'kuery', 'car', 'dnif', 'logpoint', 'sigma', 'decoded', 'raw', 'printable'])
export type Language = z.infer<typeof Language>

/** The part of an implementation that a SIEM needs to run it as a rule. Keys as in Elastic's detection engine. */
export const Rule = z.strictObject({
  rule_id: z.string().min(1),
  name: z.string().optional(),
  index: z.array(z.string().min(1)).min(1).describe('index patterns the rule reads'),
  interval: Duration.default('5m'),
  from: z
    .string()
    .regex(/^now-\d+(s|m|h|d)$/, 'a look-back is written now-9m')
    .default('now-9m'),
  enabled: z.boolean().default(true),
  severity: z.enum(['low', 'medium', 'high', 'critical']).default('medium'),
  risk_score: z.int().min(0).max(100).default(47),
})
export type Rule = z.infer<typeof Rule>

export const Implementation = z.strictObject({
  language: Language,
  query: z.string().min(1),
  description: z.string().optional(),
  source: z.string().optional().describe('the document this text was taken from'),
  index: z.array(z.string().min(1)).optional().describe("index patterns it reads; default: the analytic's rule's"),
  rule: Rule.optional().describe('present on the one implementation that is deployed'),
})
export type Implementation = z.infer<typeof Implementation>

const AttackMapping = z.strictObject({
  technique: TechniqueId,
  name: z.string().optional(),
  tactics: z.array(TacticId).default([]),
  coverage: z.enum(['Low', 'Moderate', 'High']).optional(),
})

export const Analytic = z.strictObject({
  id: Id,
  title: z.string(),
  goal: z.string(),
  attack: z.array(AttackMapping).min(1),
  strategy: z.string().optional(),
  dataModel: z.array(z.string()).default([]).describe('object/action/field, as CAR writes it'),
  blindSpots: z.array(z.string()).default([]),
  falsePositives: z.array(z.string()).default([]),
  validation: z.array(z.string()).default([]),
  priority: z.string().optional(),
  response: z.array(z.string()).default([]),
  references: z.array(z.string()).default([]),
  implementations: z.array(Implementation).min(1),
})
export type Analytic = z.infer<typeof Analytic>
