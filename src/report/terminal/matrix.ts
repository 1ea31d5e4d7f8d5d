/** Tests × analytics for a terminal: columns are numbered, words are left out where the terminal is too narrow for them. */
import { stripVTControlCharacters } from 'node:util'
import type { CheckRecord, RunRecord } from '../../model/run-record.ts'
import { tallyAnalytics } from '../facts/analytics.ts'
import { byScenario, namesOf } from '../facts/checks.ts'
import { columns, count, plain, shorten } from '../text.ts'
import { NOT_CHECKED, OUTCOME, OUTCOMES } from '../words.ts'
import type { Paint } from './paint.ts'

const WORD_CELL = '✓ alerted  '.length
const SYMBOL_CELL = '✓  '.length
const SHORTEST_NAME = 16

/** With more tests than this, those with nothing to look at are counted instead of drawn. */
const TESTS_DRAWN = 60

export function matrix(record: RunRecord, paint: Paint, width: number): string[] {
  const analytics = tallyAnalytics(record).map(({ id }) => id)
  const names = record.tests.map((test) => columns(plain(namesOf(test).name)))
  const longest = Math.max(SHORTEST_NAME, ...names)
  const withWords = width - 4 - analytics.length * WORD_CELL >= Math.min(longest, 2 * SHORTEST_NAME)
  const cell = withWords ? WORD_CELL : SYMBOL_CELL
  const room = Math.max(SHORTEST_NAME, Math.min(longest, width - 4 - analytics.length * cell))
  const cells = (texts: readonly string[]) => texts.join('')
  const heading = cells(analytics.map((_, index) => String(index + 1).padEnd(cell)))
  const lines = [paint.dim(`${' '.repeat(room + 4)}${heading}`.trimEnd())]
  const folds = record.tests.length > TESTS_DRAWN
  for (const { scenario, tests } of byScenario(record)) {
    const drawn = folds ? tests.filter(({ test }) => test.checks.some(needsLook)) : tests
    const folded = tests.length - drawn.length
    const rest = folded === 0 ? '' : paint.dim(`  ${count(folded, 'test')} with nothing to look at`)
    lines.push(`${paint.bold(shorten(plain(scenario), width))}${rest}`)
    for (const { test } of drawn) {
      const name = shorten(plain(namesOf(test).name), room)
      const row = analytics.map((id) => {
        const check = test.checks.find(({ analytic }) => analytic === id)
        return drawCell(check, paint, cell, withWords)
      })
      lines.push(`  ${name}${' '.repeat(room - columns(name) + 2)}${cells(row)}`.trimEnd())
    }
  }
  return lines
}

const needsLook = ({ outcome }: CheckRecord): boolean => outcome === 'unexpected' || outcome === 'inconclusive'

function drawCell(check: CheckRecord | undefined, paint: Paint, width: number, withWords: boolean): string {
  if (check === undefined) return paint.dim(NOT_CHECKED) + ' '.repeat(width - 1)
  const { symbol } = OUTCOME[check.outcome]
  const text = withWords ? `${symbol} ${check.late ? 'late' : check.verdict}` : symbol
  const quiet = check.outcome === 'expected' && check.expect === 'silent'
  return (quiet ? paint.dim : paint.outcome[check.outcome])(text) + ' '.repeat(width - columns(text))
}

/** The numbered columns by name, each with its counts; the counts go below the name where both do not fit in a line. */
export function matrixKey(record: RunRecord, paint: Paint, width: number): string[] {
  const tallies = tallyAnalytics(record)
  const longest = Math.max(...tallies.map(({ id }) => columns(id)))
  return tallies.flatMap(({ id, outcomes, checks }, index) => {
    const parts = OUTCOMES.filter((outcome) => outcome !== 'expected' && outcomes[outcome] > 0).map((outcome) =>
      paint.outcome[outcome](`${OUTCOME[outcome].symbol} ${outcomes[outcome]}`),
    )
    const good =
      checks === 0
        ? paint.dim(`${NOT_CHECKED} not checked`)
        : paint.outcome.expected(`${OUTCOME.expected.symbol} ${outcomes.expected} of ${checks}`)
    const counts = [good, ...parts].join('  ')
    const head = `${paint.dim(String(index + 1).padStart(2))}  `
    const fits = 4 + longest + 2 + columns(stripVTControlCharacters(counts)) <= width
    return fits ? [`${head}${id.padEnd(longest)}  ${counts}`] : [`${head}${shorten(id, width - 4)}`, `    ${counts}`]
  })
}
