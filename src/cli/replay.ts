/** `tocsin replay`: recordings through the analytics, without lab and SIEM. */
import type { Command } from 'commander'
import type { Io } from './io.ts'
import { readingProgress } from './progress.ts'
import { findRecordedRun } from './replay/find-recorded-run.ts'
import { loadAnalytics } from './replay/load-analytics.ts'
import { addOptions, type ReplayOptions } from './replay/options.ts'
import { present } from './replay/present.ts'
import { replayInputs } from './replay/replay-inputs.ts'
import { selectContenders } from './replay/select-contenders.ts'

export function register(program: Command, io: Io): void {
  const command = program
    .command('replay')
    .summary('recordings and captures through the analytics')
    .description(
      'Reads recordings of Windows events (event logs, JSON in any arrangement, also in zip, gz, zstd and tar), brings them into ECS and evaluates every analytic over each input alone. Exits 0 when every input was read whole, whatever matched, 3 when one was damaged, 2 when nothing could be read.',
    )
    .argument('<FILE...>', 'files, folders, archives, or - for standard input')
  addOptions(command)
    .addHelpText('after', '\nExample:\n  tocsin replay recording.zip --analytic CAR-2013-08-001\n')
    .action((files: string[], options: ReplayOptions) => replay(files, options, io))
}

async function replay(files: string[], options: ReplayOptions, io: Io): Promise<void> {
  const recordedRun = await findRecordedRun(files, io)
  if (recordedRun !== null) {
    const { judgeRecording } = await import('./replay/recorded-run/judge-recording.ts')
    io.setExitCode(await judgeRecording(recordedRun, options, io))
    return
  }
  const contenders = selectContenders(await loadAnalytics(options.scenarios, io), options.analytic)
  const progress = readingProgress(io)
  const drift = options.json === true
  const reading = { time: options.time, drift, cwd: io.cwd, stdin: io.stdin, listener: progress }
  const inputs = await replayInputs(files, contenders, reading).finally(progress.end)
  present(inputs, contenders, options, io)
}
