/** Terminals that do not know their size, and say 0. */

const COLUMNS = 80
const ROWS = 24

/** The same stream; where it does not know its size, with the usual one. */
export const sized = (stream: NodeJS.WriteStream): NodeJS.WriteStream =>
  Object.create(stream, {
    columns: { get: () => stream.columns || COLUMNS },
    rows: { get: () => stream.rows || ROWS },
  })
