/**
 * Sigma's filters: what they ask for is asked of each rule that they name besides. Source: SigmaHQ/sigma-specification,
 * Sigma Filters Specification 2.1; that the condition is added as it is written, SigmaHQ/pySigma, sigma/filters.py.
 */
import type { Entry, RuleText, YAMLMap } from './yaml.ts'

/** Entries of a filter that are no searches. */
export const FILTER_WORDS = ['rules', 'condition']

/** The filters of a text that apply to a rule: those that name it, or any, and whose log source it has. */
export function filtersFor(text: RuleText, filters: YAMLMap[], names: string[], logsource: Entry): Entry[] {
  return filters
    .filter((filter) => namesRule(text, filter, names) && hasSource(text, filter, logsource))
    .map((filter) => text.entry(filter, 'filter')!)
}

function namesRule(text: RuleText, filter: YAMLMap, names: string[]): boolean {
  const named = text.items(text.entry(text.entry(filter, 'filter')?.value, 'rules')?.value)
  const wanted = named.map((node) => text.textOf(node) ?? '')
  return wanted.length === 0 || wanted.join() === 'any' || wanted.some((name) => names.includes(name))
}

function hasSource(text: RuleText, filter: YAMLMap, logsource: Entry): boolean {
  const wanted = text.entries(text.entry(filter, 'logsource')?.value)
  return wanted.every(({ key, value }) => text.textOf(value) === text.textOf(text.entry(logsource.value, key)?.value))
}
