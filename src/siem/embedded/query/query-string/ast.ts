/** What query strings become before they are bound to an index. */

export interface Clause {
  occur: 'must' | 'should' | 'must_not'
  node: QueryNode
}

export type QueryNode =
  | { kind: 'clauses'; clauses: Clause[] }
  /** Words to analyse; `*:*` is `all`. */
  | { kind: 'text'; field: string | null; text: string; boost: number }
  | { kind: 'phrase'; field: string | null; text: string; slop: number; boost: number }
  /** Text with `*` and `?`, escapes kept. */
  | { kind: 'wildcard'; field: string | null; pattern: string; boost: number }
  | { kind: 'regexp'; field: string | null; pattern: string; boost: number }
  | {
      kind: 'range'
      field: string | null
      low: string | null
      includeLow: boolean
      high: string | null
      includeHigh: boolean
      boost: number
    }
  | { kind: 'exists'; field: string | null }
  | { kind: 'all' }
