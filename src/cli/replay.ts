/** `tocsin replay`: recordings through the analytics, without lab and SIEM. */
import { type Command, InvalidArgumentError, Option } from 'commander'
import { mendUnknown } from '../files/suggest.ts'
import { frontEnds } from '../language/front-ends.ts'
import type { Analytic } from '../model/analytic.ts'
import { valuesOf } from '../model/event.ts'
import { type InputSummary, readEvents } from '../telemetry/read-events.ts'
import { openInputs } from '../telemetry/readers/open-inputs.ts'
import { type Io, UsageError } from './io.ts'
import { type Contender, createContender } from './replay/contender.ts'
import { loadAnalytics } from './replay/load-analytics.ts'
import { exitCodeOf, type ReplayedInput, type ReplayResult } from './replay/result.ts'
import { problemList, replayTable } from './replay/table.ts'

interface Options {
  analytic?: string[]
  scenarios?: string
  time: 'event' | 'record'
  json?: boolean
  hits?: number
}

const HITS_SHOWN = 10

export function register(program: Command, io: Io): void {
  program
    .command('replay')
    .summary('recordings and captures through the analytics')
    .description(
      'Reads recordings of Windows events (JSON in any arrangement, also in zip, gz and tar), brings them into ECS and\nevaluates every analytic over each input alone. Exits 0 when every input was read whole, whatever matched, 3 when\none was damaged, 2 when nothing could be read.',
    )
    .argument('<FILE...>', 'files, folders, archives, or - for standard input')
    .option('--analytic <ID...>', 'only these analytics')
    .option('--scenarios <DIR>', 'folder of scenarios, with its analytics in analytics/')
    .addOption(
      new Option('--time <CLOCK>', 'what orders events: their own time, or the time their record was written')
        .choices(['event', 'record'])
        .default('event'),
    )
    .option('--json', 'the result as JSON, tocsin.replay/1')
    .option('--hits <N>', `most hits to show of each implementation (as JSON: all; else ${HITS_SHOWN})`, count)
    .addHelpText('after', '\nExample:\n  tocsin replay recording.zip --analytic CAR-2013-08-001\n')
    .action(async (files: string[], options: Options) => {
      const contenders = contendersOf(await loadAnalytics(options.scenarios, io), options.analytic)
      const inputs = await replay(files, contenders, options.time, io)
      const limit = options.hits ?? (options.json ? Number.POSITIVE_INFINITY : HITS_SHOWN)
      const analytics = contenders.map((contender) => contender.result(limit))
      const result: ReplayResult = { format: 'tocsin.replay/1', inputs, analytics }
      io.stderr.write(problemList(inputs))
      const exitCode = exitCodeOf(result)
      if (exitCode === 2) throw new UsageError('No events could be read.')
      io.stdout.write(
        options.json
          ? `${JSON.stringify(result, null, 2)}\n`
          : replayTable(result, contenders, { colour: io.colourOut, hits: limit }),
      )
      io.setExitCode(exitCode)
    })
}

function count(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It is a number of hits, such as 20.')
  return Number(text)
}

/** Every implementation in a language that is evaluated here, of the analytics asked for. */
function contendersOf(analytics: readonly Analytic[], asked?: string[]): Contender[] {
  for (const id of asked ?? []) {
    if (analytics.some((analytic) => analytic.id === id)) continue
    const ids = analytics.map((analytic) => analytic.id)
    throw new UsageError(`There is no analytic ${id}: ${mendUnknown(id, ids, 'the analytics are')}`)
  }
  return analytics
    .filter(({ id }) => asked === undefined || asked.includes(id))
    .flatMap(({ id, implementations }) =>
      implementations
        .filter(({ language }) => frontEnds[language] !== undefined)
        .map((implementation) => createContender(id, implementation)),
    )
}

/** Reads the inputs one after the other past all contenders. */
async function replay(
  files: string[],
  contenders: readonly Contender[],
  time: Options['time'],
  io: Io,
): Promise<ReplayedInput[]> {
  const inputs: ReplayedInput[] = []
  for await (const input of openInputs(files, { cwd: io.cwd, stdin: io.stdin })) {
    if ('problem' in input) {
      inputs.push(unopened(input.path, input.problem))
    } else {
      const summary = await readEvents(input, { time }, (event) => {
        const categories = valuesOf(event.document, 'event.category')
        for (const contender of contenders) contender.take(event, categories)
      })
      inputs.push(named(summary))
    }
    for (const contender of contenders) contender.endInput(inputs.length - 1)
  }
  return inputs
}

const named = (summary: InputSummary): ReplayedInput => ({ ...summary, shape: summary.shape ?? 'unknown' })

const unopened = (path: string, message: string): ReplayedInput => ({
  path,
  shape: 'unknown',
  events: 0,
  skipped: 0,
  problems: [{ message, record: null, offset: null }],
  problemCount: 1,
})
