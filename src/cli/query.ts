/** `tocsin query`: one query over recordings or standard input. */
import { type Command, InvalidArgumentError, Option } from 'commander'
import { type CompiledQuery, compile } from '../language/compile.ts'
import { QueryError } from '../language/query-error.ts'
import type { Language } from '../model/analytic.ts'
import type { EventDocument } from '../model/event.ts'
import { counted } from './counted.ts'
import { type Io, UsageError } from './io.ts'
import { languageOption } from './language-option.ts'
import { printable } from './printable.ts'
import { queryProblems } from './query-problem.ts'
import { recordedInputs } from './recorded-inputs.ts'
import { hitEvent, sourceOf } from './replay/hit-event.ts'
import { exitCodeOf, type ReplayedInput } from './replay/result.ts'
import { problemList } from './replay/table.ts'
import { tellingOf } from './telling.ts'

interface Options {
  language: Language
  time: 'event' | 'record'
  json?: boolean
  size?: number
}

type Found = ReturnType<CompiledQuery['search']>[number]

export function register(program: Command, io: Io): void {
  program
    .command('query')
    .summary('one query over files or standard input')
    .description(
      'Runs one query over recordings of Windows events or ECS documents; each file is evaluated alone. Exits 0 when every input was read whole, whatever matched, 3 when one was damaged, 2 when nothing could be read.',
    )
    .argument('<QUERY>', 'the query')
    .argument('[FILE...]', 'files, folders or archives; standard input when there is none')
    .addOption(languageOption('the language it is written in').makeOptionMandatory())
    .addOption(new Option('--time <CLOCK>', 'what orders events').choices(['event', 'record']).default('event'))
    .option('--size <N>', 'most hits of each input', size)
    .option('--json', 'the hits as Elasticsearch prints them')
    .addHelpText(
      'after',
      `\nExample:\n  tocsin query --language eql 'process where process.name : "schtasks.exe"' recording.zip\n`,
    )
    .action((text: string, files: string[], options: Options) => runQuery(text, files, options, io))
}

function size(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It is a number of hits, such as 20.')
  return Number(text)
}

async function runQuery(text: string, files: string[], options: Options, io: Io): Promise<void> {
  const started = performance.now()
  const query = compiled(options.language, text)
  const inputs: ReplayedInput[] = []
  const hits: { path: string; found: Found }[] = []
  for await (const { summary, events } of recordedInputs(
    files.length === 0 ? ['-'] : files,
    query.categories,
    options.time,
    io,
  )) {
    inputs.push(summary)
    const found = query.search(events, options.size === undefined ? {} : { size: options.size })
    for (const one of found) hits.push({ path: summary.path, found: one })
  }
  io.stderr.write(problemList(inputs))
  const exitCode = exitCodeOf({ format: 'tocsin.replay/1', inputs, analytics: [] })
  if (exitCode === 2) throw new UsageError('No events could be read.')
  if (options.json) {
    const took = Math.round(performance.now() - started)
    io.stdout.write(
      `${JSON.stringify(
        response(
          query,
          hits.map(({ found }) => found),
          took,
        ),
        null,
        2,
      )}\n`,
    )
  } else {
    for (const [at, { path, found }] of hits.entries()) {
      if (path !== hits[at - 1]?.path) io.stdout.write(`${printable(path)}\n`)
      io.stdout.write(hitText(found))
    }
    io.stderr.write(`${counted(hits.length, 'hit')}\n`)
  }
  io.setExitCode(exitCode)
}

/** The query, or `UsageError` with its problems in their places. */
export function compiled(language: Language, text: string): CompiledQuery {
  try {
    return compile(language, text)
  } catch (error) {
    if (error instanceof QueryError) throw new UsageError(queryProblems(text, error))
    throw error
  }
}

const document = (event: EventDocument | null) =>
  event === null
    ? { _index: '', _id: '', _source: {}, missing: true }
    : { _index: event.index, _id: event.id, _source: event.source }

function response({ shape }: CompiledQuery, found: Found[], took: number) {
  const total = { value: found.length, relation: 'eq' }
  const hits =
    shape === 'event'
      ? { total, events: found.flatMap(({ events }) => events.map(document)) }
      : {
          total,
          sequences: found.map(({ events, joinKeys }) => ({ join_keys: joinKeys, events: events.map(document) })),
        }
  return { is_partial: false, is_running: false, took, timed_out: false, hits }
}

const PART_WIDTH = 200

/** One line an event, as replay shows it; the events of a sequence under each other, the first with a mark. */
function hitText({ events }: Found): string {
  const lines = events.flatMap((event, index) => {
    if (event === null) return []
    const mark = events.length === 1 ? '  ' : index === 0 ? '┌ ' : index === events.length - 1 ? '└ ' : '│ '
    const shown = hitEvent(0, { record: Number(event.id), source: event.source, tells: tellingOf(event.source) })
    const parts = [`record ${event.id}`, shown['@timestamp'], shown.host ?? '', sourceOf(shown), shown.tells]
    const line = parts.filter((part) => part !== '').map((part) => printable(part, PART_WIDTH))
    return [`${mark}${line.join('  ')}\n`]
  })
  return lines.join('')
}
