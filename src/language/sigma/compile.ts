/** Sigma rules → plan: one rule, or one correlation rule with the rules that it names. */
import type { CompileOptions } from '../compile-options.ts'
import type { Plan } from '../plan.ts'
import { correlationPlan } from './correlation.ts'
import { ruleOf } from './rule.ts'
import { RuleText } from './yaml.ts'

/** Throws `QueryError`. */
export function compileSigma(query: string, options: CompileOptions = {}): Plan {
  const text = new RuleText(query)
  const documents = text.documents()
  const correlations = documents.flatMap((map) => text.entry(map, 'correlation') ?? [])
  const simple = documents.filter((map) => text.entry(map, 'correlation') === undefined)
  const filter = documents.find((map) => text.entry(map, 'filter') !== undefined)
  if (filter !== undefined)
    text.fail(
      text.entry(filter, 'filter')!.keySpan,
      'Sigma filters cannot be run here: write the exclusion into the rule',
    )
  const rules = simple.map((map) => ruleOf(text, map, options))
  text.check()
  const [correlation, second] = correlations
  if (second !== undefined) text.fail(second.keySpan, 'correlations of correlations cannot be run here')
  if (correlation !== undefined) return correlationPlan(text, correlation, rules, options)
  const [rule] = rules
  if (rule === undefined) return text.fail({ start: 0, end: 0 }, 'there is no rule')
  if (rules.length > 1)
    text.fail(text.spanOf(simple[1]!), 'several rules, and no correlation that relates them: one at a time')
  return { shape: 'event', stage: rule.stage, limits: [] }
}
