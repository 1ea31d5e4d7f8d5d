/** Sigma's correlation rules → sequences. Source: SigmaHQ/sigma-specification, Sigma Correlation Rules Specification 2.0. */

import type { CompileOptions } from '../compile-options.ts'
import { ecsField } from '../dialect/tests.ts'
import type { JoinKey, Plan, Stage } from '../plan.ts'
import { allOf } from '../predicate/expression.ts'
import type { Span } from '../query-error.ts'
import { sigmaField } from './detection.ts'
import type { SigmaRule } from './rule.ts'
import type { Entry, RuleText } from './yaml.ts'

/** More of the same event than this would make a sequence that nobody can follow. */
const MOST_EVENTS = 1_000

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

const REFUSED: Readonly<Record<string, string>> = {
  value_count: 'counts the different values of a field',
  temporal: 'takes events in any order: with [temporal_ordered] it can be run in one order',
  value_sum: 'adds up the values of a field',
  value_avg: 'takes the mean of the values of a field',
  value_percentile: 'takes a percentile of the values of a field',
  value_median: 'takes the median of the values of a field',
}

/** Throws `QueryError`. */
export function correlationPlan(
  text: RuleText,
  correlation: Entry,
  rules: SigmaRule[],
  { schema }: CompileOptions,
): Plan {
  const part = (name: string): Entry =>
    text.entry(correlation.value, name) ?? text.fail(correlation.keySpan, `a correlation needs '${name}'`)
  const type = part('type')
  const typeName = text.textOf(type.value) ?? ''
  if (typeName !== 'event_count' && typeName !== 'temporal_ordered') {
    const reason = REFUSED[typeName]
    const message = reason === undefined ? 'is no type of Sigma' : `${reason}, which cannot be done here`
    text.fail(text.spanOf(type.value!), `correlation type [${typeName}] ${message}`)
  }
  const maxspanMs = timespan(text, part('timespan'))
  const related = text.items(part('rules').value).map((node) => {
    const name = text.textOf(node) ?? ''
    const rule = rules.find(({ names }) => names.includes(name))
    return (
      rule ??
      text.fail(text.spanOf(node), `no rule is named [${name}] here; a correlation carries its rules in the same text`)
    )
  })
  const groups = text.items(text.entry(correlation.value, 'group-by')?.value).map((node) => text.textOf(node) ?? '')
  const aliases = text.entry(correlation.value, 'aliases')
  const keysOf = (rule: SigmaRule): JoinKey[] => {
    return groups.flatMap((group) => {
      const alias = text.entries(text.entry(aliases?.value, group)?.value).find(({ key }) => rule.names.includes(key))
      const { ecs } = sigmaField(text.textOf(alias?.value) ?? group, rule.fields)
      return ecs.map((name) => ({ field: ecsField(name, schema), optional: false }))
    })
  }
  const staged = related.map((rule): Stage => ({ ...rule.stage, keys: keysOf(rule) }))
  if (staged.length === 0) text.fail(correlation.keySpan, 'a correlation needs rules')
  const condition = text.entry(correlation.value, 'condition')
  if (typeName === 'temporal_ordered') {
    if (condition !== undefined)
      text.fail(condition.keySpan, 'a [temporal_ordered] correlation with a condition cannot be run here: leave it out')
    return planOf(staged, maxspanMs)
  }
  if (condition === undefined) text.fail(correlation.keySpan, "a correlation needs 'condition'")
  const count = atLeast(text, condition)
  const any = oneOf(staged, correlation.span, text)
  return planOf(
    Array.from({ length: count }, () => any),
    maxspanMs,
  )
}

function planOf(stages: Stage[], maxspanMs: number): Plan {
  const [only] = stages
  if (stages.length === 1) return { shape: 'event', stage: { ...only!, keys: [] }, limits: [] }
  return { shape: 'sequence', stages, until: null, maxspanMs, limits: [] }
}

/** One stage for the events of any of the rules, which have to share the fields that join them. */
function oneOf(stages: Stage[], span: Span, text: RuleText): Stage {
  const [first] = stages
  if (stages.length === 1) return first!
  const names = ({ keys }: Stage) => keys.map(({ field }) => field.name).join(' ')
  if (stages.some((stage) => names(stage) !== names(first!))) {
    text.fail(span, 'rules that call the fields of group-by differently cannot be counted together here')
  }
  const operands = stages.map(({ category, categoryField, condition }) => {
    if (category === null) return condition
    const isOfCategory = {
      kind: 'compare' as const,
      operator: '==' as const,
      left: categoryField,
      right: { kind: 'literal' as const, value: category },
    }
    return allOf([{ kind: 'definite', operand: isOfCategory }, condition])
  })
  return { ...first!, category: null, condition: { kind: 'or', operands, span }, span }
}

function timespan(text: RuleText, { value, keySpan }: Entry): number {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text.textOf(value) ?? '') ?? []
  return count === undefined
    ? text.fail(keySpan, 'a timespan is a number and s, m, h or d, such as 5m')
    : Number(count) * UNIT_MS[unit!]!
}

/** The fewest events that a condition asks for. */
function atLeast(text: RuleText, condition: Entry): number {
  const entries = text.entries(condition.value)
  const limits = entries.map(({ key, value, keySpan }) => {
    const number = Number(text.textOf(value))
    if (!['gt', 'gte'].includes(key) || !Number.isInteger(number)) {
      text.fail(
        keySpan,
        `[${key}]: only 'gt' and 'gte' with a number can be asked for here; that something is rare cannot`,
      )
    }
    return key === 'gt' ? number + 1 : number
  })
  const count = Math.max(...limits)
  if (limits.length === 0 || count < 1)
    text.fail(condition.keySpan, 'a condition asks for at least one event, such as gte: 5')
  if (count > MOST_EVENTS) text.fail(condition.keySpan, `more than ${MOST_EVENTS} events cannot be counted here`)
  return count
}
