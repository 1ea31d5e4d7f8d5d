/** Coverage as a person reads it: analytics × inputs, then what was missing where nothing could match. */
import pc from 'picocolors'
import { aligned } from '../aligned.ts'
import { counted } from '../counted.ts'
import type { CoverageCell } from './coverage.ts'
import type { ReplayedInput } from './result.ts'
import { inputList, type ShownContender } from './table.ts'

const CELLS = {
  matched: ({ matches }: CoverageCell) => String(matches),
  missed: () => '0',
  'not-testable': () => '–',
}

/** Columns of the widest cell of an input, and the space before it. */
const CELL_WIDTH = 6
const FEWEST_INPUTS = 4

export function coverageTable(
  inputs: readonly ReplayedInput[],
  contenders: readonly ShownContender[],
  coverage: readonly CoverageCell[][],
  { colour, width }: { colour: boolean; width: number },
): string {
  const paint = pc.createColors(colour)
  const names = Math.max(...contenders.map(({ id, language }) => id.length + language.length), 0) + 6
  const atOnce = Math.max(FEWEST_INPUTS, Math.floor((width - names) / CELL_WIDTH))
  const parts = [inputList(inputs)]
  for (let from = 0; from < inputs.length; from += atOnce) {
    const shown = inputs.slice(from, from + atOnce).map((_, index) => from + index)
    const head = ['', '', ...shown.map((index) => `#${index + 1}`)]
    const rows = contenders.map(({ id, language }, row) => [
      id,
      language,
      ...shown.map((index) => cellText(coverage[row]![index]!)),
    ])
    const [first, ...rest] = aligned([head, ...rows], ['left', 'left', ...shown.map(() => 'right' as const)]).split(
      '\n',
    )
    parts.push(`Coverage\n${[paint.dim(first!), ...rest].join('\n')}`)
  }
  parts.push(`${sumOf(coverage.flat())}\n`, ...untestable(contenders, coverage))
  return parts.join('\n')
}

const cellText = (cell: CoverageCell): string => CELLS[cell.result](cell)

function sumOf(cells: readonly CoverageCell[]): string {
  const count = (result: CoverageCell['result']) => cells.filter((cell) => cell.result === result).length
  return `${count('matched')} matched, ${count('missed')} missed (0: all that they read was there), ${count('not-testable')} not testable (–)`
}

/** One line for each reason of an implementation, with the inputs that it holds for. */
function untestable(contenders: readonly ShownContender[], coverage: readonly CoverageCell[][]): string[] {
  const lines = contenders.flatMap(({ id, language }, row) => {
    const byReason = new Map<string, number[]>()
    for (const cell of coverage[row]!) {
      if (cell.result !== 'not-testable') continue
      const reason = reasonOf(cell)
      byReason.set(reason, [...(byReason.get(reason) ?? []), cell.input])
    }
    return [...byReason].map(
      ([reason, inputs]) => `  ${id} (${language}): ${reason} in ${named(inputs, coverage[row]!)}`,
    )
  })
  return lines.length === 0 ? [] : [`Not testable\n${lines.join('\n')}\n`]
}

const reasonOf = ({ missing: { kinds, fieldsOf } }: CoverageCell): string =>
  [
    ...(kinds.length === 0 ? [] : [`no ${kinds.join(' and no ')}`]),
    ...Object.entries(fieldsOf).map(([kind, fields]) => `no ${kind} with ${fields.join(', ')}`),
  ].join(', ')

const INPUTS_NAMED = 8

const named = (inputs: readonly number[], all: readonly CoverageCell[]): string => {
  if (inputs.length === all.length && all.length > 1) return `all ${counted(all.length, 'input')}`
  const more = inputs.length > INPUTS_NAMED ? ` and ${inputs.length - INPUTS_NAMED} more` : ''
  return `${inputs
    .slice(0, INPUTS_NAMED)
    .map((input) => `#${input + 1}`)
    .join(', ')}${more}`
}
