/** A comparison as a person reads it: counts, the clauses that decide, then the events. */
import pc from 'picocolors'
import { counted, grouped } from '../counted.ts'
import { printable } from '../printable.ts'
import { eventLine } from '../replay/hit-event.ts'
import type { AnalyticComparison, ShownDifference } from './compare.ts'
import type { ParityResult } from './result.ts'

const DETAIL_WIDTH = 100
const SEEN_WIDTH = 60

export interface TableOptions {
  colour: boolean
  /** Most differences to show of each analytic. */
  limit: number
}

export function parityTable(
  result: ParityResult,
  comparisons: readonly AnalyticComparison[],
  { colour, limit }: TableOptions,
): string {
  const paint = pc.createColors(colour)
  const inputs = result.inputs.map(
    ({ path, events }, at) => `  #${at + 1}  ${grouped(events)} events  ${printable(path)}\n`,
  )
  const analytics = result.analytics.map((analytic, at) => {
    const { differences } = comparisons[at]!
    const width = Math.max(...analytic.implementations.map(({ language }) => language.length))
    const lines = [paint.bold(`${analytic.id}: ${verdictOf(differences.length, analytic.implementations)}`)]
    for (const { language, testable, events } of analytic.implementations) {
      lines.push(`  ${language.padEnd(width)}  ${testable ? counted(events, 'event') : 'not testable here'}`)
    }
    if (analytic.clauses.length > 0) {
      lines.push('', '  What makes the difference')
      for (const { language, clause, events } of analytic.clauses) {
        lines.push(
          `  ${language.padEnd(width)}  keeps out ${counted(events, 'event')}: ${printable(clause, DETAIL_WIDTH)}`,
        )
      }
    }
    for (const difference of differences.slice(0, limit)) lines.push('', ...differenceLines(difference, width, paint))
    if (differences.length > limit) {
      lines.push('', `  … ${differences.length - limit} more, which --differences ${differences.length} shows`)
    }
    return `${lines.join('\n')}\n`
  })
  return [`Inputs\n${inputs.join('')}`, ...analytics].join('\n')
}

function verdictOf(differing: number, implementations: { testable: boolean; events: number }[]): string {
  if (implementations.length === 1) return 'one implementation, nothing to compare it with'
  if (differing > 0) return `its implementations differ on ${counted(differing, 'event')}`
  if (implementations.every(({ testable }) => !testable)) return 'not testable: no event of a kind that it reads'
  return implementations.every(({ events }) => events === 0) ? 'no implementation matches' : 'all implementations agree'
}

type Paint = ReturnType<typeof pc.createColors>

function differenceLines({ event, implementations, tells }: ShownDifference, width: number, paint: Paint): string[] {
  const lines = [`  ${eventLine(`#${event.input + 1} record ${event.record}`, { ...event, tells })}`]
  for (const { language, matched, clauses } of implementations) {
    if (matched) lines.push(paint.green(`    ✓ ${language}`))
    for (const { clause, seen } of clauses) {
      const text = `    ✗ ${language.padEnd(width)}  ${printable(clause, DETAIL_WIDTH)}  (${printable(seen ?? 'missing', SEEN_WIDTH)})`
      lines.push(paint.red(text))
    }
  }
  return lines
}
