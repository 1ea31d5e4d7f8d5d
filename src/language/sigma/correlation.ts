/** Sigma's correlation rules → sequences and samples. Source: SigmaHQ/sigma-specification, Sigma Correlation Rules Specification 2.0. */

import type { CompileOptions } from '../compile-options.ts'
import { ecsField } from '../dialect/tests.ts'
import type { JoinKey, Plan, Stage, Within } from '../plan.ts'
import { allOf, type Field } from '../predicate/expression.ts'
import type { Span } from '../query-error.ts'
import { sigmaField } from './detection.ts'
import type { SigmaRule } from './rule.ts'
import type { Entry, Node, RuleText } from './yaml.ts'

/** More of the same event than this would make a sequence that nobody can follow. */
const MOST_EVENTS = 1_000

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

const TYPES = ['event_count', 'value_count', 'temporal', 'temporal_ordered']

const REFUSED: Readonly<Record<string, string>> = {
  value_sum: 'adds up the values of a field',
  value_avg: 'takes the mean of the values of a field',
  value_percentile: 'takes a percentile of the values of a field',
  value_median: 'takes the median of the values of a field',
}

/** A correlation rule as it is written. */
export interface Correlation {
  /** By which others call it. */
  names: string[]
  entry: Entry
}

/** Throws `QueryError`. */
export function correlationPlan(
  text: RuleText,
  correlation: Correlation,
  rules: SigmaRule[],
  others: Correlation[],
  { schema }: CompileOptions,
): Plan {
  const { entry } = correlation
  const part = (name: string): Entry =>
    text.entry(entry.value, name) ?? text.fail(entry.keySpan, `a correlation needs '${name}'`)
  const type = typeOf(text, part('type'))
  const maxspanMs = timespan(text, part('timespan'))
  const groups = groupsOf(text, entry)
  const aliases = text.entry(entry.value, 'aliases')
  const keysOf = (rule: SigmaRule): JoinKey[] => {
    return groups.flatMap((group) => {
      const alias = text.entries(text.entry(aliases?.value, group)?.value).find(({ key }) => rule.names.includes(key))
      const { ecs } = sigmaField(text.textOf(alias?.value) ?? group, rule.fields)
      return ecs.map((name) => ({ field: ecsField(name, schema), optional: false }))
    })
  }
  const ruleNamed = (node: Node): SigmaRule => {
    const name = text.textOf(node) ?? ''
    const found = rules.find(({ names }) => names.includes(name))
    if (found !== undefined) return found
    if (others.some(({ names }) => names.includes(name))) {
      text.fail(
        text.spanOf(node),
        `[${name}] is a correlation: only [temporal_ordered] can name one that counts events`,
      )
    }
    return text.fail(
      text.spanOf(node),
      `no rule is named [${name}] here; a correlation carries its rules in the same text`,
    )
  }
  const stageOf = (node: Node): Stage => {
    const rule = ruleNamed(node)
    return { ...rule.stage, keys: keysOf(rule) }
  }
  const named = text.items(part('rules').value)
  if (named.length === 0) text.fail(entry.keySpan, 'a correlation needs rules')
  const condition = text.entry(entry.value, 'condition')
  if (type === 'temporal_ordered') {
    if (condition !== undefined)
      text.fail(condition.keySpan, 'a [temporal_ordered] correlation with a condition cannot be run here: leave it out')
    const stages = named.flatMap((node) => {
      const counting = others.find(({ names }) => names.includes(text.textOf(node) ?? ''))
      return counting === undefined
        ? [stageOf(node)]
        : countedStages(text, counting, { node, groups, maxspanMs }, stageOf)
    })
    return planOf(stages, maxspanMs)
  }
  const stages = named.map(stageOf)
  if (type === 'temporal') {
    if (condition !== undefined && atLeast(text, condition) !== stages.length) {
      text.fail(condition.keySpan, `of a [temporal] correlation all ${stages.length} rules have to be found here`)
    }
    return stages.length === 1 ? planOf(stages, maxspanMs) : sampleOf(stages, { maxspanMs, distinct: null })
  }
  if (condition === undefined) text.fail(entry.keySpan, "a correlation needs 'condition'")
  const count = atLeast(text, condition)
  const any = oneOf(stages, entry.span, text)
  const repeated = Array.from({ length: count }, () => any)
  if (type === 'event_count') return planOf(repeated, maxspanMs)
  const distinct = countedField(text, condition, rules, named, schema)
  return sampleOf(repeated, { maxspanMs, distinct })
}

const sampleOf = (stages: Stage[], within: Within): Plan => ({ shape: 'sample', stages, within })

function typeOf(text: RuleText, { value }: Entry): string {
  const name = text.textOf(value) ?? ''
  if (TYPES.includes(name)) return name
  const reason = REFUSED[name]
  const message = reason === undefined ? 'is no type of Sigma' : `${reason}, which cannot be done here`
  return text.fail(text.spanOf(value!), `correlation type [${name}] ${message}`)
}

const groupsOf = (text: RuleText, { value }: Entry): string[] =>
  text.items(text.entry(value, 'group-by')?.value).map((node) => text.textOf(node) ?? '')

/** The field whose values are counted; the rules have to call it the same. */
function countedField(
  text: RuleText,
  condition: Entry,
  rules: SigmaRule[],
  named: Node[],
  schema: CompileOptions['schema'],
): Field {
  const entry =
    text.entry(condition.value, 'field') ??
    text.fail(condition.keySpan, "a [value_count] correlation needs the 'field' whose values it counts")
  const name = text.textOf(entry.value)
  if (name === null) return text.fail(entry.keySpan, 'the values of one field are counted here, not those of several')
  const used = named.flatMap((node) => rules.find(({ names }) => names.includes(text.textOf(node) ?? '')) ?? [])
  const paths = used.map((rule) => sigmaField(name, rule.fields).ecs)
  const [first] = paths
  if (first === undefined || first.length > 1 || paths.some((path) => path[0] !== first[0])) {
    text.fail(entry.keySpan, `[${name}] is not one field in all of these rules, so that its values cannot be counted`)
  }
  return ecsField(first![0]!, schema)
}

/**
 * The events of a correlation that counts, as steps of one that wants them in order. That is the same only where both
 * group by the same fields, and where what is counted has at least as long as the whole.
 */
function countedStages(
  text: RuleText,
  { entry }: Correlation,
  outer: { node: Node; groups: string[]; maxspanMs: number },
  stageOf: (node: Node) => Stage,
): Stage[] {
  const at = text.spanOf(outer.node)
  const type = text.textOf(text.entry(entry.value, 'type')?.value)
  const condition = text.entry(entry.value, 'condition')
  if (type !== 'event_count' || condition === undefined) {
    text.fail(at, 'of other correlations only those of type [event_count] can be a step here')
  }
  const span = text.entry(entry.value, 'timespan')
  if (span === undefined || timespan(text, span) < outer.maxspanMs) {
    text.fail(at, 'a correlation in another has to have at least its timespan to be run here')
  }
  if (groupsOf(text, entry).join('\n') !== outer.groups.join('\n')) {
    text.fail(at, 'a correlation in another has to group by the same fields to be run here')
  }
  const any = oneOf(text.items(text.entry(entry.value, 'rules')?.value).map(stageOf), entry.span, text)
  return Array.from({ length: atLeast(text, condition) }, () => any)
}

function planOf(stages: Stage[], maxspanMs: number): Plan {
  const [only] = stages
  if (stages.length === 1) return { shape: 'event', stage: { ...only!, keys: [] }, limits: [] }
  return { shape: 'sequence', stages, until: null, maxspanMs, limits: [] }
}

/** One stage for the events of any of the rules, which have to share the fields that join them. */
function oneOf(stages: Stage[], span: Span, text: RuleText): Stage {
  const [first] = stages
  if (first === undefined) text.fail(span, 'a correlation needs rules')
  if (stages.length === 1) return first
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
  const entries = text.entries(condition.value).filter(({ key }) => key !== 'field')
  const limits = entries.map(({ key, value, keySpan }) => {
    const number = Number(text.textOf(value))
    if (!['gt', 'gte'].includes(key) || !Number.isInteger(number)) {
      text.fail(
        keySpan,
        `[${key}]: only 'gt' and 'gte' with a number can be asked for here: with more events yet to come nobody knows that there are no more`,
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
