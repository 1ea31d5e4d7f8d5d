/**
 * The views that a sensor may have of a message, as implementations of one analytic: `<what is looked for> where
 * <condition>`. What is looked for is a UUID (decoded), bytes as hex pairs (raw) or a text in quotes (printable); the
 * condition is EQL.
 */
import type { CompileOptions } from '../compile-options.ts'
import { compileEql } from '../eql/compile.ts'
import type { Plan } from '../plan.ts'
import { allOf, type Expression, type Field } from '../predicate/expression.ts'
import { problemAt, QueryError, type Span } from '../query-error.ts'
import { parseView, type ViewName } from './parse.ts'

/** What a client offers interfaces with. */
const BINDS = ['dce_rpc_bind', 'dce_rpc_alter_context']

/** Only events made of packets have it. */
const PACKETS = { name: 'packets', field: 'wire.raw' }

const field = (name: string): Field => ({ kind: 'field', name, path: name, type: 'keyword' })

const contains = (name: string, text: string, span: Span): Expression => ({
  kind: 'call',
  name: 'stringContains',
  arguments: [field(name), { kind: 'literal', value: text }],
  span,
})

/** What an event must have, by view. */
const TESTS: Record<ViewName, (pattern: string, span: Span) => Expression[]> = {
  decoded: (uuid, span) => [
    {
      kind: 'member',
      value: field('event.action'),
      items: BINDS.map((value) => ({ kind: 'literal', value })),
      span,
    },
    {
      kind: 'compare',
      operator: '==',
      left: field('rpc.interface_uuid'),
      right: { kind: 'literal', value: uuid },
      span,
    },
  ],
  raw: (bytes, span) => [contains('wire.raw', bytes, span)],
  printable: (text, span) => [contains('wire.printable', text, span)],
}

const compileView =
  (view: ViewName) =>
  (query: string, options: CompileOptions = {}): Plan => {
    const { pattern, span } = parseView(view, query)
    const rest = query.slice(span.end)
    // What stands in the pattern's place is as long as it, so that every place in the query stays where it is.
    const plan = compileEql(`${'any'.padEnd(span.end)}${rest.trim() === '' ? ' where true' : rest}`, options)
    if (plan.shape !== 'event') throw new QueryError([problemAt(query, 0, 'a view looks at one message')])
    return {
      ...plan,
      stage: {
        ...plan.stage,
        category: 'network',
        condition: allOf([...TESTS[view](pattern, span), plan.stage.condition]),
        evidence: PACKETS,
        span: { start: 0, end: query.length },
      },
    }
  }

export const compileDecoded = compileView('decoded')
export const compileRaw = compileView('raw')
export const compilePrintable = compileView('printable')
