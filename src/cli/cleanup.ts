/** `tocsin cleanup`: undoes, and verifies as undone, what interrupted runs left on hosts. */
import type { Command } from 'commander'
import type { Io } from './io.ts'

export function register(program: Command, io: Io): void {
  program
    .command('cleanup')
    .summary('undo what interrupted runs left on hosts')
    .description('Reads the journals of runs that did not end, undoes what they left on hosts, and reads it back.')
    .argument('[run]', 'id or folder of a run; default: all below the reports folder')
    .option('--reports <dir>', 'folder of runs', 'reports')
    .option('--authorization <file>', 'leave to use hosts that are not emulated; default: the one the lab file names')
    .addHelpText('after', '\nHarmless when there is nothing to undo.\n\nExample:\n  tocsin cleanup\n')
    .action(async (run: string | undefined, options: { reports: string; authorization?: string }) => {
      const { cleanupCommand } = await import('./cleanup/cleanup-command.ts')
      io.setExitCode(await cleanupCommand(run, options, io))
    })
}
