/** `tocsin explain`: clause by clause, why an analytic did or did not match recordings. */
import { type Command, Option } from 'commander'
import pc from 'picocolors'
import { mendUnknown } from '../files/suggest.ts'
import { anyOf } from '../language/categories.ts'
import type { CompiledQuery } from '../language/compile.ts'
import { recordName } from '../language/explain/name.ts'
import { frontEnds } from '../language/front-ends.ts'
import type { Analytic, Language } from '../model/analytic.ts'
import { type EventDocument, fieldOf } from '../model/event.ts'
import type { Explanation } from '../model/run-record.ts'
import { type Io, UsageError } from './io.ts'
import { languageOption, spokenName } from './language-option.ts'
import { printable } from './printable.ts'
import { compiled } from './query.ts'
import { recordedInputs } from './recorded-inputs.ts'
import { exitCodeOf, type ReplayedInput } from './replay/result.ts'
import { problemList } from './replay/table.ts'
import { tellingOf } from './telling.ts'
import { userFiles } from './user-files.ts'

interface Options {
  scenarios?: string
  language?: Language
  time: 'event' | 'record'
  json?: boolean
}

interface Explained extends Explanation {
  language: Language
  /** Index into `inputs`. */
  input: number
  matches: number
}

/** Which event an explanation shows, for people: when, where and what. By its id. */
type Shown = ReadonlyMap<string, string>

export function register(program: Command, io: Io): void {
  program
    .command('explain')
    .summary('clause by clause, why an analytic did or did not match, and the nearest miss')
    .description(
      'Evaluates an analytic over recordings, each file alone, and says for the nearest events which clauses hold, which do not, and what was seen instead. Exits 0 when every input was read whole, 3 when one was damaged, 2 when nothing could be read.',
    )
    .argument('<ANALYTIC>', 'id of the analytic')
    .argument('<FILE...>', 'files, folders, archives, or - for standard input')
    .option('--scenarios <DIR>', 'folder of scenarios, with its analytics in analytics/')
    .addOption(languageOption('only its implementations in this language'))
    .addOption(new Option('--time <CLOCK>', 'what orders events').choices(['event', 'record']).default('event'))
    .option('--json', 'the explanations as JSON')
    .addHelpText('after', '\nExample:\n  tocsin explain remote-scheduled-task-creation recording.zip\n')
    .action((id: string, files: string[], options: Options) => explain(id, files, options, io))
}

async function explain(id: string, files: string[], options: Options, io: Io): Promise<void> {
  const queries = queriesOf(await analyticNamed(id, options, io), options.language)
  const categories = anyOf(queries.map((query) => query.categories))
  const inputs: ReplayedInput[] = []
  const explanations: Explained[] = []
  const shown: Shown[] = []
  for await (const { summary, events } of recordedInputs(files, categories, options.time, io)) {
    const input = inputs.push(summary) - 1
    if (summary.events === 0) continue
    for (const query of queries) {
      const matches = query.evaluate(events).length
      const explanation = query.explain(events, recordName)
      explanations.push({ language: query.language, input, matches, ...explanation })
      shown.push(shownEvents(explanation, events))
    }
  }
  io.stderr.write(problemList(inputs))
  const exitCode = exitCodeOf({ format: 'tocsin.replay/1', inputs, analytics: [] })
  if (exitCode === 2) throw new UsageError('No events could be read.')
  io.stdout.write(
    options.json
      ? `${JSON.stringify({ format: 'tocsin.explain/1', analytic: id, inputs, explanations }, null, 2)}\n`
      : explanations
          .map((one, at) => explanationText(one, shown[at]!, inputs[one.input]!.path, io.colourOut))
          .join('\n'),
  )
  io.setExitCode(exitCode)
}

async function analyticNamed(id: string, { scenarios }: Options, io: Io): Promise<Analytic> {
  const { analytics } = userFiles(io, { scenarios })
  const found = analytics.find(({ analytic }) => analytic.id === id)
  if (found !== undefined) return found.analytic
  const ids = analytics.map(({ analytic }) => analytic.id)
  throw new UsageError(`There is no analytic ${id}: ${mendUnknown(id, ids, 'the analytics are')}`)
}

function queriesOf({ id, implementations }: Analytic, language: Language | undefined): CompiledQuery[] {
  const evaluable = implementations.filter((one) => frontEnds[one.language] !== undefined)
  const wanted = evaluable.filter((one) => language === undefined || one.language === language)
  if (wanted.length > 0) return wanted.map((one) => compiled(one.language, one.query))
  const languages = [...new Set(evaluable.map((one) => spokenName(one.language)))].join(', ')
  throw new UsageError(
    `${id} has no implementation to explain${language ? ` in ${spokenName(language)}; it has ${languages}` : ''}`,
  )
}

function shownEvents({ nearest }: Explanation, events: readonly EventDocument[]): Shown {
  const ids = new Set(nearest.map(({ event }) => event?.id))
  const wanted = events.filter(({ id }) => ids.has(id))
  return new Map(
    wanted.map(({ id, source }) => {
      const parts = [fieldOf(source, '@timestamp'), fieldOf(source, 'host.name'), tellingOf(source)]
      return [id, parts.filter((part) => part !== undefined && part !== '').join(' ')]
    }),
  )
}

const MARKS = { true: '✓', false: '✗', null: '?' }

/** The sentence, then each step's clauses: held, failed with what was seen, or without a value. */
function explanationText(
  { language, summary, nearest }: Explained,
  shown: Shown,
  path: string,
  colour: boolean,
): string {
  const paint = pc.createColors(colour)
  const lines = [`${paint.bold(printable(path))}  ${language}`, `  ${printable(summary)}`]
  for (const { step, event, clauses, note } of nearest) {
    const where = event === null ? 'no event' : `record ${event.id}  ${printable(shown.get(event.id) ?? '', 120)}`
    lines.push(`  ${nearest.length > 1 ? `step ${step + 1}, ` : ''}${where.trimEnd()}`)
    if (note !== null && note !== summary) lines.push(paint.red(`    ${printable(note)}`))
    for (const { clause, holds, seen } of clauses) {
      const mark = MARKS[`${holds}`]
      const line = `    ${mark} ${printable(clause, 110)}${holds === true ? '' : `  (${seen === null ? 'missing' : `is ${printable(seen, 80)}`})`}`
      lines.push(holds === true ? paint.green(line) : paint.red(line))
    }
  }
  return `${lines.join('\n')}\n`
}
