/** The end of a run on a terminal: a table that is read in ten seconds, then what needs somebody. */
import type { RunRecord } from '../../model/run-record.ts'
import {
  checksWith,
  closedGaps,
  documentDefects,
  inconclusiveByReason,
  knownGaps,
  leftOnHosts,
  type PlacedCheck,
} from '../facts/checks.ts'
import { headlineOf, labNotice } from '../facts/headline.ts'
import { count, plain, shorten, wrap } from '../text.ts'
import { day, duration } from '../time.ts'
import { breakage, labelOf, NOT_CHECKED, nextStep, OUTCOME, OUTCOMES } from '../words.ts'
import { field, inLines, item } from './lines.ts'
import { matrix, matrixKey } from './matrix.ts'
import { type Paint, paintFor } from './paint.ts'

export interface TerminalOptions {
  colour: boolean
  /** Columns of the terminal. */
  width: number
}

const NARROWEST = 40
const WIDEST_TEXT = 100

/** More blocks than this say nothing new on a terminal; the rest is counted and stands in the reports. */
const BLOCKS_SHOWN = 20

export function renderTerminal(record: RunRecord, { colour, width: asked }: TerminalOptions): string {
  const width = Math.max(NARROWEST, asked)
  const screen: Screen = { paint: paintFor(colour), width, text: Math.min(width, WIDEST_TEXT) }
  const sections = [
    record.tests.length === 0 ? [] : [...matrix(record, screen.paint, width), '', ...legend(record, screen)],
    unexpected(record, screen),
    inconclusive(record, screen),
    cleanUp(record, screen),
    defects(record, screen),
    gaps(record, screen),
    head(record, screen),
  ]
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

interface Screen {
  paint: Paint
  width: number
  /** Columns for running text. */
  text: number
}

function legend(record: RunRecord, { paint, width }: Screen): string[] {
  const words = OUTCOMES.map((outcome) =>
    paint.outcome[outcome](`${OUTCOME[outcome].symbol} ${OUTCOME[outcome].label}`),
  )
  return [
    ...matrixKey(record, paint, width),
    '',
    ...inLines([...words, paint.dim(`${NOT_CHECKED} not checked`)], width),
  ]
}

function head(record: RunRecord, { paint, text }: Screen): string[] {
  const { title, detail, broken } = headlineOf(record)
  const { outcomes } = record.summary
  const notice = labNotice(record)
  const counts = OUTCOMES.filter((outcome) => outcomes[outcome] > 0).map((outcome) =>
    paint.outcome[outcome](`${OUTCOME[outcome].symbol} ${outcomes[outcome]} ${labelOf(outcome, outcomes[outcome])}`),
  )
  const standing =
    broken.length > 0 ? paint.outcome.unexpected : outcomes.inconclusive > 0 ? paint.outcome.inconclusive : paint.bold
  return [
    ...wrap(plain(title), text).map(standing),
    ...wrap(`${plain(detail)} Took ${duration(record.durationMs)}.`, text),
    ...inLines(counts, text),
    ...(record.endedAt === null ? ['The run did not end: what nobody judged is inconclusive.'] : []),
    ...(notice ? wrap(`${notice.word} LAB. ${notice.text}`, text).map(paint.outcome['known-gap']) : []),
  ]
}

function unexpected(record: RunRecord, { paint, text }: Screen): string[] {
  const found = checksWith(record, 'unexpected')
  const blocks = found
    .slice(0, BLOCKS_SHOWN)
    .flatMap(({ test, check }, index) => [
      ...(index === 0 ? [] : ['']),
      ...inLines(
        [
          paint.outcome.unexpected(shorten(`${OUTCOME.unexpected.symbol} ${check.analytic}`, text)),
          shorten(`on ${plain(test.id)}`, text),
        ],
        text,
      ),
      ...field(
        'stage',
        `${check.brokenStage ?? 'none'}: ${breakage(check) ?? check.verdict} (${check.expect} expected, ${check.verdict}${check.late ? ' late' : ''})`,
        text,
        paint,
      ),
      ...field('cause', check.cause ?? 'not recorded', text, paint),
      ...field('next', nextStep(check), text, paint),
    ])
  const rest = found.length - BLOCKS_SHOWN
  return rest > 0 ? [...blocks, '', `and ${rest} more unexpected in the reports`] : blocks
}

function inconclusive(record: RunRecord, { paint, text }: Screen): string[] {
  return inconclusiveByReason(record).flatMap(({ reason, checks }) => [
    ...item(`${OUTCOME.inconclusive.symbol} ${count(checks.length, 'check')} inconclusive: ${plain(reason)}`, text).map(
      paint.outcome.inconclusive,
    ),
    ...item(`  ${few(checks)}`, text).map(paint.dim),
  ])
}

/** More tests than this are counted. */
const TESTS_NAMED = 4

function few(checks: readonly PlacedCheck[]): string {
  const tests = [...new Set(checks.map(({ test }) => plain(test.id)))]
  const rest = tests.length - TESTS_NAMED
  return `${tests.slice(0, TESTS_NAMED).join(', ')}${rest > 0 ? ` and ${count(rest, 'test')} more` : ''}`
}

/** More clean-ups than this are counted. */
const CLEAN_UPS_SHOWN = 5

function cleanUp(record: RunRecord, { paint, text }: Screen): string[] {
  const tests = leftOnHosts(record)
  const rest = tests.length - CLEAN_UPS_SHOWN
  const lines = tests.slice(0, CLEAN_UPS_SHOWN).flatMap(({ id, cleanup }) => {
    const what = cleanup.status === 'failed' ? 'failed' : 'could not be verified'
    const reason = cleanup.reason === null ? '' : `: ${plain(cleanup.reason)}`
    return item(`! Clean-up of ${plain(id)} ${what}${reason}`, text)
  })
  if (rest > 0) lines.push(`! and ${rest} more; tocsin cleanup undoes what they left`)
  return lines.map(paint.outcome.unexpected)
}

function defects(record: RunRecord, { text }: Screen): string[] {
  const found = documentDefects(record)
  if (found.length === 0) return []
  return [
    `${count(found.length, 'defect')} of the documents themselves`,
    ...found.flatMap((defect) =>
      item(`  ${plain(defect.document)}, ${plain(defect.test)}: ${plain(defect.text)}`, text),
    ),
  ]
}

function gaps(record: RunRecord, { paint, text }: Screen): string[] {
  const [next] = knownGaps(record)
  const total = record.summary.outcomes['known-gap']
  const closed = closedGaps(record)
  return [
    ...(next
      ? [
          paint.outcome['known-gap'](
            `${OUTCOME['known-gap'].symbol} ${count(total, 'known gap')}; next review ${day(next.reviewBy)}`,
          ),
        ]
      : []),
    ...closed.flatMap(({ test, check }) =>
      item(`${OUTCOME.expected.symbol} The known gap of ${check.analytic} on ${plain(test.id)} is closed`, text),
    ),
  ]
}
