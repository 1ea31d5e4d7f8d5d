/** A rule's `logsource` → the events that it reads, and the fields by which it calls them. */
import { closest } from 'fastest-levenshtein'
import { SYSMON } from '../dialect/sysmon.ts'
import { anyOf, compares, ecsField } from '../dialect/tests.ts'
import { allOf, type Expression } from '../predicate/expression.ts'
import type { Span } from '../query-error.ts'
import type { FieldSchema } from '../schema.ts'
import { CHANNEL_FIELDS, LOADED_FIELDS, SIGMA_FIELDS, type SigmaField } from './fields.ts'
import {
  CATEGORY_SOURCES,
  type CategorySource,
  CHANNEL_CATEGORIES,
  type ChannelSource,
  SERVICES,
} from './log-sources.ts'
import type { Entry, RuleText } from './yaml.ts'

export interface RuleSource {
  /** Of all its events; null when there are several or none is known. */
  category: string | null
  condition: Expression
  fields: Readonly<Record<string, SigmaField>>
}

/** Notes problems in `text`. */
export function sourceOf(text: RuleText, logsource: Entry, schema: FieldSchema | undefined): RuleSource {
  const word = (name: string) => {
    const entry = text.entry(logsource.value, name)
    const value = text.textOf(entry?.value)
    return entry === undefined || value === null ? null : { value, span: text.spanOf(entry.value!) }
  }
  const [product, category, service] = [word('product'), word('category'), word('service')]
  const parts: Expression[] = []
  const source: RuleSource = { category: null, condition: { kind: 'literal', value: true }, fields: SIGMA_FIELDS }
  if (product === null && category === null && service === null) {
    text.problem(logsource.keySpan, "a log source names its 'category', its 'product' or its 'service'")
  }
  if (product !== null && product.value !== 'windows') {
    text.problem(
      product.span,
      `no events of product [${product.value}] are known here, only those of [windows]`,
      'windows',
    )
  }
  if (category !== null) {
    const row = CATEGORY_SOURCES[category.value]
    const channel = CHANNEL_CATEGORIES[category.value]
    if (row !== undefined) {
      const [only, ...more] = row.categories
      if (more.length === 0) source.category = only
      if (['image_load', 'driver_load'].includes(category.value)) source.fields = { ...SIGMA_FIELDS, ...LOADED_FIELDS }
      parts.push(ofCategory(row, category.span, schema))
    } else if (channel !== undefined) parts.push(ofChannel(channel, category.span, schema))
    else unknown(text, 'category', category, [...Object.keys(CATEGORY_SOURCES), ...Object.keys(CHANNEL_CATEGORIES)])
  }
  if (service !== null) {
    const row = SERVICES[service.value]
    if (row === undefined) unknown(text, 'service', service, Object.keys(SERVICES))
    else {
      if (category === null && !['sysmon', 'powershell'].includes(service.value)) source.fields = CHANNEL_FIELDS
      parts.push(ofChannel(row, service.span, schema))
    }
  }
  return { ...source, condition: allOf(parts) }
}

function unknown(text: RuleText, what: string, { value, span }: { value: string; span: Span }, known: string[]): void {
  const near = closest(value, known)
  text.problem(span, `no log source of ${what} [${value}] is known here, did you mean [${near}]?`, near)
}

function ofCategory(row: CategorySource, span: Span, schema: FieldSchema | undefined): Expression {
  const is = (field: string, values: readonly string[]) =>
    anyOf(
      values.map((value) => compares(ecsField(field, schema), '==', value, span)),
      span,
    )
  const isSysmon = is('event.provider', [SYSMON])
  const seenBySysmon = [isSysmon, is('event.code', row.sysmon.map(String))]
  if (row.eventTypes !== undefined) seenBySysmon.push(is('winlog.event_data.EventType', row.eventTypes))
  const ways: Expression[] = [{ kind: 'and', operands: seenBySysmon, span }]
  if (row.types.length > 0) {
    ways.push({ kind: 'and', operands: [{ kind: 'not', operand: isSysmon, span }, is('event.type', row.types)], span })
  }
  const seen = anyOf(ways, span)
  return row.categories.length === 1
    ? seen
    : { kind: 'and', operands: [is('event.category', row.categories), seen], span }
}

function ofChannel({ channel, codes }: ChannelSource, span: Span, schema: FieldSchema | undefined): Expression {
  const parts = [compares(ecsField('winlog.channel', schema), '==', channel, span)]
  if (codes !== undefined) {
    parts.push(
      anyOf(
        codes.map((code) => compares(ecsField('event.code', schema), '==', String(code), span)),
        span,
      ),
    )
  }
  return allOf(parts)
}
