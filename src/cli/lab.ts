/** `tocsin lab`: a lab as a process of its own, and the files a lab starts from. */
import type { Command } from 'commander'
import type { Io } from './io.ts'

export function register(program: Command, io: Io): void {
  const lab = program.command('lab').summary('run an emulated lab, or write the files of one').description('Labs.')
  lab
    .command('up')
    .summary('run the emulated hosts and the SIEM until interrupted')
    .description(
      'Runs the emulated hosts and the embedded SIEM as a process of their own. When all is ready, stdout gets one line: {"lab":"<path of a lab file>"}, for tocsin run --lab. It runs until it is interrupted.',
    )
    .option('--lab <file>', 'the lab to run; default: the embedded lab')
    .option(
      '--scenarios <dir>',
      "folder whose analytics are deployed as rules; default: ./scenarios, else the package's own",
    )
    .option('--data <dir>', 'keeps hosts, tasks, SIEM and clock over a restart; default: a temporary folder')
    .addHelpText('after', '\nExample:\n  tocsin lab up --data ./lab-data\n')
    .action(async (options) => {
      const { labUp } = await import('./lab/up.ts')
      io.setExitCode(await labUp(options, io))
    })
  lab
    .command('init')
    .summary("write a lab's files to start from")
    .description('Writes lab.yml to start from: for real hosts with an authorization, or the embedded lab to change.')
    .argument('<dir>', 'folder to write to; files that are there are never overwritten')
    .option('--embedded', "the embedded lab's own files")
    .addHelpText('after', '\nExample:\n  tocsin lab init --embedded my-lab && tocsin run --lab my-lab/lab.yml\n')
    .action(async (dir: string, options: { embedded?: boolean }) => {
      const { labInit } = await import('./lab/init.ts')
      io.setExitCode(await labInit(dir, options.embedded === true, io))
    })
}
