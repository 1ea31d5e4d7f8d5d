/** Sigma rules → plan: one rule, or one correlation rule with the rules that it names, and the filters of both. */
import type { CompileOptions } from '../compile-options.ts'
import type { Plan } from '../plan.ts'
import { type Correlation, correlationPlan } from './correlation.ts'
import { namesOf, ruleOf } from './rule.ts'
import { RuleText, type YAMLMap } from './yaml.ts'

/** Throws `QueryError`. */
export function compileSigma(query: string, options: CompileOptions = {}): Plan {
  const text = new RuleText(query)
  const documents = text.documents()
  const has = (key: string) => (map: YAMLMap) => text.entry(map, key) !== undefined
  const filters = documents.filter(has('filter'))
  const simple = documents.filter((map) => !has('correlation')(map) && !has('filter')(map))
  const correlations = documents
    .filter(has('correlation'))
    .map((map): Correlation => ({ names: namesOf(text, map), entry: text.entry(map, 'correlation')! }))
  const rules = simple.map((map) => ruleOf(text, map, filters, options))
  text.check()
  if (correlations.length > 0) {
    const outer = outermost(text, correlations)
    return correlationPlan(
      text,
      outer,
      rules,
      correlations.filter((one) => one !== outer),
      options,
    )
  }
  const [rule] = rules
  if (rule === undefined) return text.fail({ start: 0, end: 0 }, 'there is no rule')
  if (rules.length > 1)
    text.fail(text.spanOf(simple[1]!), 'several rules, and no correlation that relates them: one at a time')
  return { shape: 'event', stage: rule.stage, limits: [] }
}

/** The one correlation that no other names. */
function outermost(text: RuleText, correlations: Correlation[]): Correlation {
  const named = correlations.flatMap(({ entry }) =>
    text.items(text.entry(entry.value, 'rules')?.value).map((node) => text.textOf(node) ?? ''),
  )
  const free = correlations.filter(({ names }) => !names.some((name) => named.includes(name)))
  const [outer, second] = free
  if (outer === undefined) return text.fail(correlations[0]!.entry.keySpan, 'these correlations name each other')
  if (second !== undefined)
    text.fail(second.entry.keySpan, 'several correlations, and none that relates them: one at a time')
  return outer
}
