/** A replay as a person reads it: the inputs, then analytics × inputs with counts, then the hits. */
import pc from 'picocolors'
import { aligned } from '../aligned.ts'
import { counted, grouped } from '../counted.ts'
import { printable } from '../printable.ts'
import type { Contender } from './contender.ts'
import { eventLine, sourceOf } from './hit-event.ts'
import {
  type Hit,
  type InputDrift,
  matchesIn,
  type NotEvaluated,
  type ReplayedInput,
  type ReplayResult,
} from './result.ts'

/** Wider tables show only the inputs in which something matched. */
const COLUMNS = 12
const PROBLEMS_SHOWN = 5

export interface TableOptions {
  colour: boolean
  /** Most hits to show of each implementation. */
  hits: number
}

/** What a table shows of a contender. */
export type ShownContender = Pick<Contender, 'id' | 'language' | 'reads' | 'hits' | 'counts'>

export function replayTable(
  result: ReplayResult,
  contenders: readonly ShownContender[],
  options: TableOptions,
): string {
  const paint = pc.createColors(options.colour)
  const parts = [inputList(result.inputs), matrix(result, contenders, paint), clockList(result.inputs)]
  for (const contender of contenders)
    if (matchesIn(contender.counts) > 0) parts.push(hitList(contender, options.hits, paint))
  if (result.notEvaluated !== undefined && result.notEvaluated.length > 0) parts.push(leftOut(result.notEvaluated))
  return parts.filter((part) => part !== '').join('\n')
}

/** Results that depend on which clock orders events, one line each, with the drift behind it; empty when none does. */
function clockList(inputs: readonly ReplayedInput[]): string {
  const lines = inputs.flatMap(({ drift }, index) =>
    (drift?.changes ?? []).map(
      ({ id, language, codes, matches }) =>
        `  #${index + 1}  ${id} (${language}) matches ${matches.event} by event time and ${matches.record} by record time: ${driftText(drift!, codes)}\n`,
    ),
  )
  return lines.length === 0 ? '' : `Clocks\n${lines.join('')}`
}

/** How far the clocks lie apart, and which kind of the events looked at strays furthest from that. */
function driftText({ medianMs, reordered, kinds }: InputDrift, codes: readonly string[]): string {
  const strays = (kind: { medianMs: number }) => Math.abs(kind.medianMs - medianMs)
  const [first = kinds[0]!, ...others] = kinds.filter(({ code }) => code !== null && codes.includes(code))
  const stray = others.reduce((found, kind) => (strays(kind) > strays(found) ? kind : found), first)
  const name = printable(sourceOf(stray))
  const less = Math.abs(stray.medianMs) < Math.abs(medianMs) ? 'less' : 'more'
  const straying = strays(stray) === 0 ? '' : `, those of ${name} by ${apart(strays(stray))} ${less}`
  return `the two are ${apart(medianMs)} apart (median)${straying}; ${counted(reordered, 'event')} would change places`
}

const UNITS: readonly (readonly [string, number])[] = [
  ['days', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
]

/** A span in the largest unit of which it has one. */
function apart(milliseconds: number): string {
  const span = Math.abs(milliseconds)
  const [unit, size] = UNITS.find(([, ms]) => span >= ms) ?? ['ms', 1]
  return `${(span / size).toFixed(unit === 'ms' ? 0 : 1)} ${unit}`
}

/** What could not be read, one line a problem; empty when all was. */
export function problemList(inputs: readonly ReplayedInput[]): string {
  const lines: string[] = []
  for (const { path, problems, problemCount } of inputs) {
    for (const { message, record, offset } of problems.slice(0, PROBLEMS_SHOWN)) {
      const place = [record === null ? '' : `record ${record}`, offset === null ? '' : `byte ${offset}`]
        .filter((part) => part !== '')
        .join(', ')
      lines.push(`${printable(path)}: ${place === '' ? '' : `${place}: `}${printable(message)}`)
    }
    const more = problemCount - Math.min(problems.length, PROBLEMS_SHOWN)
    if (more > 0 && problems.length > 1) lines.push(`${printable(path)}: and ${counted(more, 'problem')} more`)
  }
  return lines.map((line) => `${line}\n`).join('')
}

export function inputList(inputs: readonly ReplayedInput[]): string {
  const rows = inputs.map(({ path, shape, events, skipped }, index) => [
    String(index + 1),
    shape,
    `${grouped(events)} event${events === 1 ? '' : 's'}`,
    skipped === 0 ? '' : `${grouped(skipped)} skipped`,
    printable(path),
  ])
  return `Inputs\n${aligned(rows, ['right', 'left', 'right', 'left', 'left'])}`
}

function matrix({ inputs, analytics }: ReplayResult, contenders: readonly ShownContender[], paint: Paint): string {
  const all = inputs.map((_, index) => index)
  const shown =
    all.length <= COLUMNS ? all : all.filter((index) => contenders.some(({ counts }) => (counts[index] ?? 0) > 0))
  const head = ['', '', 'all', ...shown.map((index) => `#${index + 1}`), '']
  const rows = contenders.map(({ id, language, counts, reads }, row) => {
    const { matches, testable } = analytics[row]!
    const cells = shown.map((index) => (counts[index] ? grouped(counts[index]) : '·'))
    return [
      id,
      language,
      testable ? grouped(matches) : '–',
      ...cells,
      testable ? '' : `not testable: no ${missing(reads)}`,
    ]
  })
  const text = aligned([head, ...rows], ['left', 'left', ...['all', ...shown].map(() => 'right' as const), 'left'])
  return `Matches\n${text
    .split('\n')
    .map((line, index) => (index === 0 ? paint.dim(line) : line))
    .join('\n')}`
}

const missing = (reads: readonly string[]) => (reads.length === 1 ? reads[0]! : `input with ${reads.join(' and ')}`)

function leftOut(left: readonly NotEvaluated[]): string {
  const lines = left.map(({ id, language, reason }) => `  ${id} (${language}): ${printable(reason)}\n`)
  return `Not evaluated there\n${lines.join('')}`
}

function hitList({ id, language, hits, counts }: ShownContender, limit: number, paint: Paint): string {
  const matches = matchesIn(counts)
  const lines = [paint.bold(`${id} (${language}): ${matches === 1 ? '1 match' : `${grouped(matches)} matches`}`)]
  for (const hit of hits.slice(0, limit)) lines.push(...hitLines(hit))
  if (matches > limit) lines.push(`  … ${grouped(matches - limit)} more, which --hits ${matches} shows`)
  return `${lines.join('\n')}\n`
}

/** One line an event; the events of a sequence stand under each other. */
function hitLines({ events }: Hit): string[] {
  return events.map((event, index) => {
    const lead = events.length === 1 ? ' ' : index === 0 ? '┌' : index === events.length - 1 ? '└' : '│'
    const place = `#${event.input + 1} ${event.record === null ? `${event.index} ${event.id}` : `record ${event.record}`}`
    return ` ${lead} ${eventLine(place, event)}`
  })
}

type Paint = ReturnType<typeof pc.createColors>
