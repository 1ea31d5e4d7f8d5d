/** One Sigma rule → the event that it looks for. */

import type { CompileOptions } from '../compile-options.ts'
import { ecsField } from '../dialect/tests.ts'
import type { Stage } from '../plan.ts'
import { allOf, type Expression } from '../predicate/expression.ts'
import { wildcard } from '../predicate/wildcard.ts'
import type { Span } from '../query-error.ts'
import { parseCondition, type SigmaCondition } from './condition.ts'
import { Detection } from './detection.ts'
import type { SigmaField } from './fields.ts'
import { FILTER_WORDS, filtersFor } from './filters.ts'
import { sourceOf } from './sources.ts'
import type { Entry, Node, RuleText, YAMLMap } from './yaml.ts'

export interface SigmaRule {
  /** By which correlation rules call it. */
  names: string[]
  fields: Readonly<Record<string, SigmaField>>
  stage: Stage
}

/** Notes problems in the text; the rule is only to be used when there are none. */
export function ruleOf(
  text: RuleText,
  map: YAMLMap,
  filters: YAMLMap[],
  { schema, categoryField }: CompileOptions,
): SigmaRule {
  const whole = text.spanOf(map)
  const logsource = text.entry(map, 'logsource')
  if (logsource === undefined) text.fail(whole, "a rule needs a 'logsource'")
  const source = sourceOf(text, logsource, schema)
  const detection = text.entry(map, 'detection')
  if (detection === undefined) text.fail(whole, "a rule needs a 'detection'")
  const lowering = new Detection(text, source.fields, schema)
  const asked = (entry: Entry, words: string[]): Expression => {
    const searches = text.entries(entry.value).filter(({ key }) => !words.includes(key))
    const known = new Map(searches.map((search) => [search.key, lowering.search(search)]))
    return conditionOf(text, entry, known, searches)
  }
  const names = namesOf(text, map)
  const conditions = [
    asked(detection, ['condition', 'timeframe']),
    ...filtersFor(text, filters, names, logsource).map((filter) => asked(filter, FILTER_WORDS)),
  ]
  return {
    names,
    fields: source.fields,
    stage: {
      category: source.category,
      categoryField: ecsField(categoryField ?? 'event.category', schema),
      condition: allOf([source.condition, ...conditions].filter((one) => one.kind !== 'literal' || one.value !== true)),
      keys: [],
      missing: false,
      span: detection.span,
    },
  }
}

/** By what correlations and filters call a rule. */
export const namesOf = (text: RuleText, map: YAMLMap): string[] =>
  ['id', 'name', 'title'].flatMap((key) => text.textOf(text.entry(map, key)?.value) ?? [])

/** Each `1 of` stands for all the searches that it names. */
const MOST_SEARCHES = 10_000

/** Several conditions are alternatives. */
function conditionOf(text: RuleText, detection: Entry, known: Map<string, Expression>, searches: Entry[]): Expression {
  const entry = text.entry(detection.value, 'condition')
  if (entry === undefined) text.fail(detection.keySpan, `[${detection.key}] needs a 'condition'`)
  const conditions = text.items(entry.value).map((node) => oneCondition(text, node, known, searches))
  if (conditions.length === 0) text.fail(entry.keySpan, 'this condition is empty')
  return conditions.length === 1 ? conditions[0]! : { kind: 'or', operands: conditions, span: entry.span }
}

function oneCondition(text: RuleText, node: Node, known: Map<string, Expression>, searches: Entry[]): Expression {
  const place = text.spanOf(node)
  const written = text.textOf(node) ?? ''
  // Quotes shift what is written; the texts of other scalars stand as they are.
  const shift = text.query.slice(place.start, place.end).indexOf(written)
  const at = (offset: number): Span => ({ start: place.start + Math.max(0, shift) + offset, end: place.end })
  let stands = 0
  const tree = parseCondition(written, (offset, message) => text.fail(at(offset), message))
  return lowered(tree)

  function lowered(condition: SigmaCondition): Expression {
    switch (condition.kind) {
      case 'and':
      case 'or': {
        const operands = condition.operands.map(lowered)
        return { kind: condition.kind, operands, span: spanOf(condition) }
      }
      case 'not':
        return { kind: 'not', operand: lowered(condition.operand), span: spanOf(condition) }
      case 'name': {
        const found = known.get(condition.name)
        if (found !== undefined) return found
        const names = [...known.keys()].join(', ')
        text.problem(at(condition.start), `no search is named [${condition.name}]; there are ${names || 'none'}`)
        return { kind: 'literal', value: false }
      }
      case 'of': {
        const isNamed =
          condition.pattern === null ? (name: string) => !name.startsWith('_') : wildcard(condition.pattern)
        const operands = searches.filter(({ key }) => isNamed(key)).map(({ key }) => known.get(key)!)
        stands += operands.length
        if (stands > MOST_SEARCHES) {
          text.fail(at(condition.start), `this condition names searches more than ${MOST_SEARCHES} times`)
        }
        if (operands.length === 0)
          text.problem(at(condition.start), `no search is named like [${condition.pattern ?? 'them'}]`)
        if (operands.length === 1) return operands[0]!
        return { kind: condition.all ? 'and' : 'or', operands, span: spanOf(condition) }
      }
    }
  }

  function spanOf({ start, end }: Span): Span {
    return { start: at(start).start, end: at(end).start }
  }
}
