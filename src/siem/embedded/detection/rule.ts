/** A detection rule as it is kept, and as requests write it. */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { parseDuration } from '../../../model/duration.ts'

const Interval = z
  .string()
  .refine((text) => (parseDuration(text) ?? 0) >= 1000, 'is a duration of at least one second, such as 5m')
const LookBack = z.string().regex(/^now(-\d+(s|m|h|d))?$/, 'is written now-9m')

/** What people write. Keys that the embedded SIEM does not act on are kept as they are. */
export const RuleBody = z.looseObject({
  rule_id: z
    .string()
    .min(1)
    .default(() => randomUUID()),
  name: z.string().min(1),
  description: z.string(),
  type: z.enum(['eql', 'query']),
  language: z.enum(['eql', 'kuery']).optional(),
  query: z.string(),
  index: z.array(z.string().min(1)).default(['logs-*', 'winlogbeat-*']),
  interval: Interval.default('5m'),
  from: LookBack.default('now-6m'),
  to: z.string().default('now'),
  enabled: z.boolean().default(true),
  severity: z.enum(['low', 'medium', 'high', 'critical']),
  risk_score: z.int().min(0).max(100),
  tags: z.array(z.string()).default([]),
  max_signals: z.int().min(1).optional(),
})
export type RuleBody = z.infer<typeof RuleBody>

/** A rule of one space. Times are ISO texts. */
export type DetectionRule = RuleBody & {
  id: string
  space: string
  language: 'eql' | 'kuery'
  version: number
  revision: number
  created_at: string
  updated_at: string
}

export const intervalMs = (rule: DetectionRule): number => parseDuration(rule.interval)!

/** How far back each run looks. */
export const lookBackMs = (rule: DetectionRule): number =>
  rule.from === 'now' ? 0 : parseDuration(rule.from.slice('now-'.length))!

/** What a run said of itself; `date` is when it ended. */
export interface Execution {
  date: string
  status: 'succeeded' | 'partial failure' | 'failed'
  message: string
  metrics: { total_search_duration_ms: number; total_indexing_duration_ms: number; execution_gap_duration_s?: number }
}

/** Order of statuses by gravity, as Kibana sorts by it. */
export const STATUS_ORDER: Record<Execution['status'], number> = { succeeded: 0, 'partial failure': 20, failed: 30 }
