/** What is wrong with a query, in the text that Elasticsearch gives where it has one. */

/** One mistake. Lines and columns count from 1. */
export interface QueryProblem {
  line: number
  column: number
  message: string
  /** What to write instead, when that is known. */
  mend?: string
  /** The column in Elasticsearch's text where that is another: it counts those of some parsing problems from 2. */
  reportedColumn?: number
}

/** All mistakes found in a query. `message` has one `line L:C: …` a problem. */
export class QueryError extends Error {
  override name = 'QueryError'
  readonly problems: QueryProblem[]
  /** `parsing`: the text is no query; `verification`: it is one, but cannot be run on these fields. */
  readonly stage: 'parsing' | 'verification'

  constructor(problems: QueryProblem[], stage: 'parsing' | 'verification' = 'parsing') {
    super(
      problems
        .map(({ line, column, reportedColumn, message }) => `line ${line}:${reportedColumn ?? column}: ${message}`)
        .join('\n'),
    )
    this.problems = problems
    this.stage = stage
  }
}

/** A stretch of a query's text: offsets in UTF-16 units, `end` exclusive. */
export interface Span {
  start: number
  end: number
}

/** More problems than this are named nowhere: nobody reads them, and each takes a look at the whole text. */
const MOST_PROBLEMS = 100

/** Throws what was found so far once it is enough. */
export function stopAtMany(problems: QueryProblem[], stage?: QueryError['stage']): void {
  if (problems.length >= MOST_PROBLEMS) throw new QueryError(problems, stage)
}

/** The problem at an offset of a query. */
export function problemAt(query: string, offset: number, message: string, mend?: string): QueryProblem {
  const before = query.slice(0, offset)
  const lineStart = before.lastIndexOf('\n') + 1
  const line = before.split('\n').length
  return { line, column: offset - lineStart + 1, message, ...(mend === undefined ? {} : { mend }) }
}
