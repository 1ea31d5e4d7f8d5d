/** Tables of text. */

/** Columns padded to their widest cell, two spaces apart, indented by two. */
export function aligned(rows: readonly string[][], sides: readonly ('left' | 'right')[]): string {
  const widths = sides.map((_, column) => Math.max(0, ...rows.map((row) => (row[column] ?? '').length)))
  return rows
    .map((row) => {
      const cells = row.map((cell, column) =>
        sides[column] === 'right' ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
      )
      return `  ${cells.filter((_, column) => widths[column]! > 0).join('  ')}`.trimEnd()
    })
    .map((line) => `${line}\n`)
    .join('')
}
