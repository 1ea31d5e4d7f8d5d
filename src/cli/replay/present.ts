/** A replay's result on its way out: problems, then JSON or a table, then the exit code. */
import { type Io, UsageError } from '../io.ts'
import type { Contender } from './contender.ts'
import { HITS_SHOWN, type ReplayOptions } from './options.ts'
import { exitCodeOf, type ReplayedInput, type ReplayResult } from './result.ts'
import { problemList, replayTable } from './table.ts'

/** @throws UsageError when no input gave an event */
export function present(
  inputs: ReplayedInput[],
  contenders: readonly Contender[],
  options: ReplayOptions,
  io: Io,
): void {
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
}
