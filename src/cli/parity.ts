/** `tocsin parity`: where the implementations of an analytic differ on the same events, and by which clause. */
import { type Command, InvalidArgumentError, Option } from 'commander'
import { mendUnknown } from '../files/suggest.ts'
import { anyOf } from '../language/categories.ts'
import { compile } from '../language/compile.ts'
import { frontEnds } from '../language/front-ends.ts'
import type { Analytic } from '../model/analytic.ts'
import { type Io, UsageError } from './io.ts'
import { AnalyticComparison } from './parity/compare.ts'
import type { ParityResult } from './parity/result.ts'
import { parityTable } from './parity/table.ts'
import { recordedInputs } from './recorded-inputs.ts'
import { loadAnalytics } from './replay/load-analytics.ts'
import { exitCodeOf, type ReplayedInput } from './replay/result.ts'
import { problemList } from './replay/table.ts'

interface Options {
  against: string[]
  scenarios?: string
  time: 'event' | 'record'
  json?: boolean
  differences: number
}

const DIFFERENCES_SHOWN = 10

export function register(program: Command, io: Io): void {
  program
    .command('parity')
    .summary('where the implementations of an analytic differ, and by which clause')
    .description(
      'Evaluates every implementation of an analytic over the same recorded events, each file alone, and names each event on which they differ with the clause that makes the difference. Exits 0 when every input was read whole, whether they differ or not, 3 when one was damaged, 2 when nothing could be read.',
    )
    .argument('[ANALYTIC...]', 'ids of analytics; all that have several implementations when there is none')
    .requiredOption('--against <FILE...>', 'files, folders, archives, or - for standard input')
    .option('--scenarios <DIR>', 'folder of scenarios, with its analytics in analytics/')
    .addOption(new Option('--time <CLOCK>', 'what orders events').choices(['event', 'record']).default('event'))
    .option('--json', 'the result as JSON, tocsin.parity/1')
    .option('--differences <N>', 'most events to show of each analytic; as JSON: all', count, DIFFERENCES_SHOWN)
    .addHelpText('after', '\nExample:\n  tocsin parity CAR-2013-08-001 --against recording.zip\n')
    .action((ids: string[], options: Options) => parity(ids, options, io))
}

function count(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It is a number of events, such as 20.')
  return Number(text)
}

async function parity(ids: string[], options: Options, io: Io): Promise<void> {
  const { analytics } = await loadAnalytics(options.scenarios, io)
  const comparisons = comparisonsOf(analytics, ids)
  const categories = anyOf(comparisons.flatMap(({ queries }) => queries.map((query) => query.categories)))
  const inputs: ReplayedInput[] = []
  for await (const { summary, events } of recordedInputs(options.against, categories, options.time, io)) {
    const input = inputs.push(summary) - 1
    for (const comparison of comparisons) comparison.add(input, events)
  }
  const result: ParityResult = {
    format: 'tocsin.parity/1',
    inputs,
    analytics: comparisons.map((comparison) => comparison.result()),
  }
  io.stderr.write(problemList(inputs))
  const exitCode = exitCodeOf({ format: 'tocsin.replay/1', inputs, analytics: [] })
  if (exitCode === 2) throw new UsageError('No events could be read.')
  io.stdout.write(
    options.json
      ? `${JSON.stringify(result, null, 2)}\n`
      : parityTable(result, comparisons, { colour: io.colour, limit: options.differences }),
  )
  io.setExitCode(exitCode)
}

function comparisonsOf(analytics: readonly Analytic[], asked: readonly string[]): AnalyticComparison[] {
  const ids = analytics.map(({ id }) => id)
  for (const id of asked) {
    if (ids.includes(id)) continue
    throw new UsageError(`There is no analytic ${id}: ${mendUnknown(id, ids, 'the analytics are')}`)
  }
  const comparisons = analytics
    .filter(({ id }) => asked.length === 0 || asked.includes(id))
    .map(({ id, implementations }) => {
      const evaluable = implementations.filter(({ language }) => frontEnds[language] !== undefined)
      return new AnalyticComparison(
        id,
        evaluable.map(({ language, query }) => compile(language, query)),
      )
    })
    .filter(({ queries }) => queries.length > 1 || asked.length > 0)
  if (comparisons.length === 0) throw new UsageError('No analytic has more than one implementation to compare.')
  return comparisons
}
