/** The problems found in a query so far, in Elasticsearch's words. */
import { problemAt, type QueryProblem, type Span, stopAtMany } from '../query-error.ts'
import type { EqlExpression } from './ast.ts'

/** A message that repeats a megabyte of query helps nobody. */
const LONGEST_SOURCE = 2_000

export class Findings {
  readonly problems: QueryProblem[] = []
  /** Calls with too few or too many arguments: Elasticsearch refuses these before it looks at fields. */
  readonly misbuilt: QueryProblem[] = []
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  /** What stands at a place of the query; the beginning, where it is long. */
  source({ start, end }: Span): string {
    return end - start > LONGEST_SOURCE
      ? `${this.#text.slice(start, start + LONGEST_SOURCE)}…`
      : this.#text.slice(start, end)
  }

  /** The same problem at the same place is one: the keys of a whole sequence are looked at for each of its events. */
  problem(at: number, message: string): void {
    const found = problemAt(this.#text, at, message)
    const isKnown = this.problems.some(
      ({ line, column, message: known }) => line === found.line && column === found.column && known === message,
    )
    if (!isKnown) this.problems.push(found)
    stopAtMany(this.problems, 'verification')
  }

  /** Elasticsearch counts the columns of these from 2. */
  misbuild(at: number, message: string): void {
    const problem = problemAt(this.#text, at, message)
    this.misbuilt.push({ ...problem, reportedColumn: problem.column + 1 })
    stopAtMany(this.misbuilt)
  }

  wrongType(
    ordinal: string | null,
    source: string,
    at: number,
    wanted: string,
    part: EqlExpression,
    type: string,
  ): void {
    const which = ordinal === null ? 'argument' : `${ordinal} argument`
    const found = `found value [${this.source(part)}] type [${type === 'date' ? 'datetime' : type}]`
    this.problem(at, `${which} of [${source}] must be [${wanted}], ${found}`)
  }
}
