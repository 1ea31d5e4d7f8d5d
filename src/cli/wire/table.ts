/** Captures as a person reads them: who spoke to whom, what was called, and where the views find what they look for. */
import pc from 'picocolors'
import type { Occurrence, View } from '../../wire/wire-types.ts'
import { aligned } from '../aligned.ts'
import { counted } from '../counted.ts'
import { printable } from '../printable.ts'
import type { Message } from './message.ts'
import type { ReadCapture, WireResult } from './result.ts'

const CONNECTIONS_SHOWN = 20
const LINES_SHOWN = 12
const FRAMES_SHOWN = 40
const NAME_WIDTH = 60

type Paint = ReturnType<typeof pc.createColors>

/** What could not be read, one line an error; empty when all was. */
export function errorList(inputs: readonly ReadCapture[]): string {
  const lines = inputs.flatMap(({ path, errors }) =>
    errors.map(({ message, packet, offset }) => {
      const place = [packet === null ? '' : `packet ${packet}`, offset === null ? '' : `byte ${offset}`].filter(Boolean)
      return `${printable(path)}: ${place.length === 0 ? '' : `${place.join(', ')}: `}${printable(message)}\n`
    }),
  )
  return lines.join('')
}

export function wireText(
  { inputs, occurrences }: WireResult,
  messages: readonly Message[],
  { colour }: { colour: boolean },
): string {
  const paint = pc.createColors(colour)
  const captures = inputs.map(({ path, packets }, input) => {
    const own = messages.filter((message) => message.input === input)
    const connections = connectionsOf(own)
    const holds = [
      `${packets.toLocaleString('en')} packet${packets === 1 ? '' : 's'}`,
      counted(connections.size, 'DCE/RPC connection'),
      counted(own.length, 'message'),
    ]
    return [
      `${paint.bold(printable(path))}: ${holds.join(', ')}\n`,
      ...[...connections].slice(0, CONNECTIONS_SHOWN).map(([ends, calls]) => connectionText(ends, calls, paint)),
      more(connections.size - CONNECTIONS_SHOWN, 'connection'),
      occurrenceText(
        occurrences.filter((occurrence) => occurrence.input === input),
        paint,
      ),
    ].join('')
  })
  return captures.join('\n')
}

const more = (count: number, noun: string) => (count > 0 ? `  … and ${counted(count, noun)} more\n` : '')

/** The messages by their two ends, in the order in which the connections began. */
function connectionsOf(messages: readonly Message[]): Map<string, Message[]> {
  const connections = new Map<string, Message[]>()
  for (const message of messages) {
    const known = connections.get(message.ends)
    if (known === undefined) connections.set(message.ends, [message])
    else known.push(message)
  }
  return connections
}

/** One line a message; equal ones that follow each other share a line. */
function connectionText(ends: string, messages: readonly Message[], paint: Paint): string {
  const lines: { message: Message; count: number }[] = []
  for (const message of messages) {
    const last = lines.at(-1)
    if (last !== undefined && isSame(last.message, message)) last.count += 1
    else lines.push({ message, count: 1 })
  }
  const rows = lines
    .slice(0, LINES_SHOWN)
    .map(({ message: { frame, call, interfaces, outcome }, count }) => [
      '',
      `frame ${frame}`,
      printable(count === 1 ? call : `${call} ×${count}`, NAME_WIDTH),
      printable(interfaces, NAME_WIDTH),
      outcome === '' ? '' : paint.red(outcome),
    ])
  const pipe = messages[0]!.pipe === '' ? '' : `  ${printable(messages[0]!.pipe, NAME_WIDTH)}`
  const left = 'left' as const
  return `\n  ${ends}${pipe}\n${aligned(rows, [left, left, left, left, left])}${more(lines.length - LINES_SHOWN, 'line')}`
}

const isSame = (one: Message, other: Message) =>
  one.call === other.call && one.interfaces === other.interfaces && one.outcome === other.outcome

const VIEWS: View[] = ['decoded', 'raw', 'printable']

/** A row for each PDU in which a view finds something: how often each does, and at which bytes. */
function occurrenceText(occurrences: readonly Occurrence[], paint: Paint): string {
  if (occurrences.length === 0) return ''
  const pdus = new Map<string, Occurrence[]>()
  for (const occurrence of occurrences) {
    const { frame, pdu, ports, streamOffset, pduOffset } = occurrence
    const key = [frame, pdu, ...ports, streamOffset - pduOffset].join(' ')
    pdus.set(key, [...(pdus.get(key) ?? []), occurrence])
  }
  const countsOf = (found: readonly Occurrence[]) =>
    VIEWS.map((view) => String(found.filter((one) => one.view === view).length || '·'))
  const rows = [...pdus.values()].slice(0, FRAMES_SHOWN).map((found) => {
    const { frame, pdu, ports } = found[0]!
    const places = [...new Set(found.map(({ pduOffset }) => pduOffset))].sort((one, other) => one - other)
    return [`frame ${frame}`, pdu, `${ports[0]} → ${ports[1]}`, ...countsOf(found), `at byte ${places.join(', ')}`]
  })
  const head = ['', '', '', ...VIEWS, '']
  const text = aligned(
    [head, ...rows, ['all', '', '', ...countsOf(occurrences), '']],
    ['left', 'left', 'left', 'right', 'right', 'right', 'left'],
  )
  const [first, ...rest] = text.split('\n')
  return `\n  ${paint.bold('What the views find')}\n${paint.dim(first!)}\n${rest.join('\n')}${more(pdus.size - FRAMES_SHOWN, 'PDU')}`
}
