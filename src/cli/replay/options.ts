/** The options of `tocsin replay`, as the command line gives them. */
import { type Command, InvalidArgumentError, Option } from 'commander'

export interface ReplayOptions {
  analytic?: string[]
  scenarios?: string
  time: 'event' | 'record'
  json?: boolean
  hits?: number
}

/** Hits of one implementation that a person is shown. */
export const HITS_SHOWN = 10

export function addOptions(command: Command): Command {
  return command
    .option('--analytic <ID...>', 'only these analytics')
    .option('--scenarios <DIR>', 'folder of scenarios, with its analytics in analytics/')
    .addOption(
      new Option('--time <CLOCK>', 'what orders events: their own time, or the time their record was written')
        .choices(['event', 'record'])
        .default('event'),
    )
    .option('--json', 'the result as JSON, tocsin.replay/1')
    .option('--hits <N>', `most hits to show of each implementation (as JSON: all; else ${HITS_SHOWN})`, count)
}

function count(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It is a number of hits, such as 20.')
  return Number(text)
}
