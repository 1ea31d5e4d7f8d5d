/** The options of `tocsin replay`, as the command line gives them. */
import { type Command, InvalidArgumentError, Option } from 'commander'
import { UsageError } from '../io.ts'
import { refuseEmptyNames } from '../named-files.ts'
import { addScrubOptions, type ScrubOptions } from '../scrub-options.ts'

export interface ReplayOptions extends RecordedRunOptions {
  time: 'event' | 'record'
  hits?: number
  coverage?: boolean
  on?: 'elastic'
  index?: string[]
  from?: string
  to?: string
  lab?: string
}

/** What replaying the recording of a run takes. */
export interface RecordedRunOptions extends ScrubOptions {
  analytic?: string[]
  scenarios?: string
  json?: boolean
  out?: string
  format: string
}

/** Hits of one implementation that a person is shown. */
const HITS_SHOWN = 10

/** The most hits of one implementation that are printed. */
export const hitsAsked = ({ hits, json }: Pick<ReplayOptions, 'hits' | 'json'>): number =>
  hits ?? (json ? Number.POSITIVE_INFINITY : HITS_SHOWN)

export function addOptions(command: Command): Command {
  command
    .option('--analytic <ID...>', 'only these analytics')
    .option('--scenarios <DIR>', 'folder of scenarios, with its analytics in analytics/')
    .addOption(
      new Option('--time <CLOCK>', 'what orders events: their own time, or the time their record was written')
        .choices(['event', 'record'])
        .default('event'),
    )
    .option('--json', 'the result as JSON, tocsin.replay/1')
    .option('--hits <N>', `most hits to show of each implementation (as JSON: all; else ${HITS_SHOWN})`, count)
    .option('--out <DIR>', 'recordings of runs: where the record and the reports go; default: nowhere')
    .option('--format <LIST>', 'recordings of runs: reports to write to --out, with commas', 'html,md,junit')
    .option('--record <DIR>', 'recordings of runs: write it again to this new folder, and judge that')
  addScrubOptions(command)
  return command
    .option('--coverage', 'analytics × inputs, and of those that did not match which could not have')
    .addOption(new Option('--on <WHERE>', 'ask an Elasticsearch cluster in place of files').choices(['elastic']))
    .option('--index <PATTERN...>', 'with --on: the indices; each pattern is an input')
    .option('--from <TIME>', 'with --on: events from then on, such as 2026-01-31T08:00:00Z or now-24h')
    .option('--to <TIME>', 'with --on: events before then')
    .option(
      '--lab <FILE>',
      'with --on: the lab file whose siem is asked; default: ELASTICSEARCH_URL of the environment',
    )
}

function count(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It is a number of hits, such as 20.')
  return Number(text)
}

/** Throws `UsageError` for options that do not go together. */
export function refuseContradictions(files: readonly string[], options: ReplayOptions): void {
  const { on, coverage, index, from, to, lab } = options
  refuseEmptyNames(files)
  if (on === undefined) {
    if (files.length === 0) throw new UsageError(missingFiles(options))
    refuseGiven({ index, from, to, lab }, '--on elastic: files are read whole')
    return
  }
  if (files.length > 0)
    throw new UsageError(`--on ${on} asks a cluster, and ${files[0]} is a file\n  name indices with --index`)
  if (coverage) throw new UsageError('--coverage reads every event: it goes with files')
}

function missingFiles({ analytic = [] }: ReplayOptions): string {
  const missing = 'missing required argument: files to replay, or a cluster with --on elastic --index PATTERN'
  if (analytic.length < 2) return missing
  return `${missing}\n  --analytic took ${analytic.at(-1)} too: name files before it, or after --`
}

/** Throws `UsageError` for options that only the recording of a run takes. */
export function refuseOptionsOfRuns({ out, record, scrub, scrubKey }: ReplayOptions): void {
  const given = { out, record, scrub, 'scrub-key': scrubKey }
  refuseGiven(given, 'the recording of a run, as `tocsin run --record` writes it')
}

/** Throws `UsageError` for options that have no meaning where the checks of a run are judged again. */
export function refuseOptionsOfEvents({ hits, timeAsked }: ReplayOptions & { timeAsked: boolean }): void {
  const given = { hits, time: timeAsked || undefined }
  refuseGiven(given, "recordings of events: a run's checks are judged as the run did")
}

function refuseGiven(given: Record<string, unknown>, goesWith: string): void {
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined) throw new UsageError(`--${name} goes with ${goesWith}`)
  }
}
