/** `tocsin replay`: recordings through the analytics, without lab and SIEM. */
import type { Command } from 'commander'
import { findSources } from '../telemetry/readers/open-inputs.ts'
import type { Io } from './io.ts'
import { readingProgress } from './progress.ts'
import { withCoverage } from './replay/coverage.ts'
import { eventsFolder, findRecordedRun } from './replay/find-recorded-run.ts'
import { LearnedCache } from './replay/learned-cache.ts'
import { loadAnalytics } from './replay/load-analytics.ts'
import {
  addOptions,
  hitsAsked,
  type ReplayOptions,
  refuseContradictions,
  refuseOptionsOfEvents,
  refuseOptionsOfRuns,
} from './replay/options.ts'
import { present } from './replay/present.ts'
import { putOff } from './replay/put-off.ts'
import { replayInputs } from './replay/replay-inputs.ts'
import { selectAnalytics, selectContenders } from './replay/select-contenders.ts'
import { segmentThreads } from './replay/threads.ts'

export function register(program: Command, io: Io): void {
  const command = program
    .command('replay')
    .summary('recordings and captures through the analytics')
    .description(
      'Reads recordings of Windows events (event logs, also as XML, and JSON in any arrangement, also in zip, gz, zstd and tar), brings them into ECS and evaluates every analytic over each input alone. Exits 0 when every input was read whole, whatever matched, 3 when one was damaged, 2 when nothing could be read.',
    )
    .argument('[FILE...]', 'files, folders, archives, or - for standard input')
  addOptions(command)
    .addHelpText(
      'after',
      '\nExamples:\n  tocsin replay recording.zip --analytic CAR-2013-08-001\n  tocsin replay recordings/ --coverage\n  tocsin replay --on elastic --index "logs-*" --from now-24h\n',
    )
    .action((files: string[], options: ReplayOptions) =>
      replay(files, { ...options, timeAsked: command.getOptionValueSource('time') === 'cli' }, io),
    )
}

async function replay(files: string[], options: ReplayOptions & { timeAsked: boolean }, io: Io): Promise<void> {
  refuseContradictions(files, options)
  const { analytic, coverage = false } = options
  if (options.on !== undefined) {
    const { replayCluster } = await import('./replay/cluster/replay-cluster.ts')
    return replayCluster(selectAnalytics((await loadAnalytics(options.scenarios, io)).analytics, analytic), options, io)
  }
  const recordedRun = findRecordedRun(files, io)
  if (recordedRun !== null && !coverage) {
    refuseOptionsOfEvents(options)
    const { judgeRecording } = await import('./replay/recorded-run/judge-recording.ts')
    io.setExitCode(await judgeRecording(recordedRun, options, io))
    return
  }
  if (recordedRun === null) refuseOptionsOfRuns(options)
  const paths = recordedRun === null ? files : [eventsFolder(recordedRun)]
  const progress = readingProgress(io)
  const sources = await findSources(paths, { cwd: io.cwd, listener: progress })
  const threads = coverage ? null : segmentThreads(sources)
  const mostHits = hitsAsked(options)
  const loaded = await loadAnalytics(options.scenarios, io)
  const contenders = selectContenders(loaded, analytic, mostHits)
  const covered = coverage ? withCoverage(contenders) : null
  const drift = options.json === true && !coverage
  const reading = {
    time: options.time,
    drift,
    mostHits,
    threads,
    learned: new LearnedCache(loaded, contenders, io),
    get stdin() {
      return io.stdin
    },
    listener: progress,
    plain: coverage,
  }
  const undo = threads === null ? () => {} : putOff()
  const inputs = await replayInputs(sources, covered?.contenders ?? contenders, reading).finally(() => {
    undo()
    progress.end()
  })
  present(inputs, contenders, { ...options, ...(covered === null ? {} : { cells: covered.coverage }) }, io)
}
