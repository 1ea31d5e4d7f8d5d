/** `tocsin wire`: what captures hold of DCE/RPC. */
import type { Command } from 'commander'
import { type Io, UsageError } from './io.ts'
import { loadAnalytics } from './replay/load-analytics.ts'
import { readCaptures } from './wire/read-captures.ts'
import { exitCodeOf, type WireResult } from './wire/result.ts'
import { errorList, wireText } from './wire/table.ts'
import { watchedOf } from './wire/watched.ts'

interface Options {
  scenarios?: string
  json?: boolean
}

export function register(program: Command, io: Io): void {
  program
    .command('wire')
    .summary('what a capture holds: binds, calls, interface occurrences')
    .description(
      'Reads captures (pcap and pcapng, also in zip, gz and tar) and shows who spoke DCE/RPC to whom, what was called, and where the views of the analytics (decoded, raw, printable) find what they look for, whatever the ports. Exits 0 when every capture was read whole, 3 when one was damaged, 2 when nothing could be read.',
    )
    .argument('<FILE...>', 'captures, folders, archives, or - for standard input')
    .option('--scenarios <DIR>', 'folder of scenarios; the views of its analytics are looked for')
    .option('--json', 'the result as JSON, tocsin.wire/1')
    .addHelpText('after', '\nExample:\n  tcpdump -w - tcp | tocsin wire -\n')
    .action((files: string[], options: Options) => wire(files, options, io))
}

async function wire(files: string[], options: Options, io: Io): Promise<void> {
  const { analytics } = await loadAnalytics(options.scenarios, io)
  const watched = watchedOf(analytics)
  const { inputs, pdus, occurrences, messages } = await readCaptures(
    files,
    { watched, keep: options.json ? 'pdus' : 'messages' },
    io,
  )
  const result: WireResult = { format: 'tocsin.wire/1', inputs, pdus, occurrences }
  io.stderr.write(errorList(inputs))
  const exitCode = exitCodeOf(result)
  if (exitCode === 2) throw new UsageError('No packets could be read.')
  io.stdout.write(
    options.json ? `${JSON.stringify(result, null, 2)}\n` : wireText(result, messages, { colour: io.colourOut }),
  )
  io.setExitCode(exitCode)
}
