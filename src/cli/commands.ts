/** The commands, loaded only when they are asked for: start-up is most of a short command's time. */
import type { Command } from 'commander'
import type { Io } from './io.ts'

/** A command's file: adds the command to the program. */
export interface CommandModule {
  register(program: Command, io: Io): void
}

export interface CommandEntry {
  name: string
  summary: string
  load(): Promise<CommandModule>
}

export const commands: CommandEntry[] = [
  {
    name: 'lint',
    summary: 'every mistake in your files, with its place and its mend',
    load: () => import('./lint.ts'),
  },
  { name: 'list', summary: 'the tests and the analytics there are', load: () => import('./list.ts') },
  { name: 'schema', summary: 'JSON Schemas of the files', load: () => import('./schema.ts') },
]
