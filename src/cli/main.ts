/** The command line: one file a command. Only this room touches `process`. */
import { Command } from 'commander'

export async function main(argv: string[]): Promise<void> {
  const program = new Command('tocsin')
    .description(
      'Runs the unit tests that detections carry and says which analytic fired, which did not, and where the trace broke.',
    )
    .version('0.1.0')
  await program.parseAsync(argv)
}
