/** `tocsin run`: plans, checks authorization, executes, waits, judges, cleans up, writes record and reports. */
import { type Command, InvalidArgumentError } from 'commander'
import type { Io } from './io.ts'
import { type RunCommandOptions, runCommand } from './run/run-command.ts'
import { addScrubOptions } from './scrub-options.ts'

export function register(program: Command, io: Io): void {
  const command = program
    .command('run')
    .summary('run tests and judge the analytics')
    .description('Runs the tests of the scenarios, follows their traces through the SIEM and writes the reports.')
    .argument('[scenario...]', 'ids of scenarios, or of tests as scenario/test; default: all')
    .option('--lab <file>', 'the lab file; default: the embedded lab')
    .option('--authorization <file>', 'leave to use hosts that are not emulated; default: the one the lab file names')
    .option('--scenarios <dir>', "folder of scenarios and analytics; default: ./scenarios, else the package's own")
    .option('--analytic <id...>', 'only the checks of these analytics')
    .option('--tag <tag...>', 'only tests with one of these tags')
    .option('--out <dir>', 'where the record and the reports go; default: reports/<run id>')
    .option(
      '--format <list>',
      'reports to write, with commas: html,md,junit; run.json is always written',
      'html,md,junit',
    )
    .option('--concurrency <n>', 'tests that may execute at once', count, 16)
    .option('--record <dir>', 'keep the telemetry of each test there, for `tocsin replay <dir>`; a new folder')
  addScrubOptions(command)
    .option('--dry-run', 'show what would be run, and run nothing')
    .option('--json', 'write the run record to stdout, and nothing else there')
    .addHelpText(
      'after',
      `
Exit codes: 0 all expected or known gaps, 1 something unexpected, 3 something inconclusive or not cleaned up,
2 a mistake in usage, files or authorization (nothing was run), 130 interrupted (cleaned up).

Examples:
  tocsin run
  tocsin run --analytic CAR-2013-08-001 --tag remote
  tocsin run --record recording && tocsin replay recording
  tocsin run --lab lab.yml --authorization authorization.yml --json | jq .summary`,
    )
    .action(async (ids: string[], options: RunCommandOptions) => {
      io.setExitCode(await runCommand(ids, options, io))
    })
}

function count(text: string): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('It takes a whole number from 1.')
  return number
}
