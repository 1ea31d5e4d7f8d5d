/** A replay's result on its way out: problems, then JSON or a table, then the exit code. */
import { type Io, UsageError } from '../io.ts'
import type { CoverageCell } from './coverage.ts'
import { coverageTable } from './coverage-table.ts'
import { hitsAsked, type ReplayOptions } from './options.ts'
import {
  exitCodeOf,
  type NotEvaluated,
  type ReplayedAnalytic,
  type ReplayedInput,
  type ReplayResult,
} from './result.ts'
import { problemList, replayTable, type ShownContender } from './table.ts'

/** What a replay found of one implementation. */
export interface PresentedContender extends ShownContender {
  result(limit: number): ReplayedAnalytic
}

export interface PresentOptions extends Pick<ReplayOptions, 'json' | 'hits'> {
  /** For each contender its cells, where coverage was asked for. */
  cells?: readonly CoverageCell[][]
  /** What a cluster could not be asked for. */
  notEvaluated?: NotEvaluated[]
}

/** Columns where the output is no terminal. */
const WIDTH = 120

/** @throws UsageError when no input gave an event */
export function present(
  inputs: ReplayedInput[],
  contenders: readonly PresentedContender[],
  options: PresentOptions,
  io: Io,
): void {
  const { cells, notEvaluated, json } = options
  const limit = hitsAsked(options)
  const analytics = contenders.map((contender, row) => ({
    ...contender.result(limit),
    ...(cells === undefined ? {} : { coverage: cells[row]! }),
  }))
  const result: ReplayResult = {
    format: 'tocsin.replay/1',
    inputs,
    analytics,
    ...(notEvaluated === undefined ? {} : { notEvaluated }),
  }
  io.stderr.write(problemList(inputs))
  const exitCode = exitCodeOf(result)
  if (exitCode === 2) throw new UsageError('No events could be read.')
  if (json) io.stdout.write(`${JSON.stringify(result, null, 2)}\n`)
  else if (cells === undefined) {
    io.stdout.write(replayTable(result, contenders, { colour: io.colourOut, hits: limit }))
  } else {
    const width = io.stdout.columns || WIDTH
    io.stdout.write(coverageTable(inputs, contenders, cells, { colour: io.colourOut, width }))
  }
  io.setExitCode(exitCode)
}
