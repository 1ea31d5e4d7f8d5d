/** A mistake in a user's file: where it is, what it is, and how it is mended. */
export interface Problem {
  path: string
  /** From 1; 0 when the problem is the file as a whole (it is missing, or cannot be read). */
  line: number
  /** From 1, in UTF-16 units. */
  column: number
  /** Length of what the caret underlines; 1 unless given. */
  length?: number
  message: string
  /** What to do about it, as a sentence without its full stop. */
  mend?: string
}

/** A stretch of a file on one line. */
export interface Span {
  line: number
  column: number
  length: number
}

/** Problems in the order in which a reader meets them: by file, line, column. */
export function inReadingOrder(problems: Problem[]): Problem[] {
  const order = (a: Problem, b: Problem) =>
    a.path < b.path ? -1 : a.path > b.path ? 1 : a.line - b.line || a.column - b.column
  return [...problems].sort(order)
}
