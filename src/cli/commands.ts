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
  /** Begins what takes a while before it is of use to the command, while that is loaded. */
  begin?(args: readonly string[]): Promise<void>
}

export const commands: CommandEntry[] = [
  { name: 'run', summary: 'run tests and judge the analytics', load: () => import('./run.ts') },
  { name: 'lab', summary: 'run an emulated lab, or write the files of one', load: () => import('./lab.ts') },
  { name: 'cleanup', summary: 'undo what interrupted runs left on hosts', load: () => import('./cleanup.ts') },
  {
    name: 'lint',
    summary: 'every mistake in your files, with its place and its mend',
    load: () => import('./lint.ts'),
  },
  { name: 'list', summary: 'the tests and the analytics there are', load: () => import('./list.ts') },
  {
    name: 'replay',
    summary: 'recordings and captures through the analytics',
    load: () => import('./replay.ts'),
    begin: async (args) => (await import('./replay/threads.ts')).startAhead(args),
  },
  { name: 'report', summary: 'make the reports of a run again', load: () => import('./report.ts') },
  { name: 'query', summary: 'one query over files or standard input', load: () => import('./query.ts') },
  {
    name: 'explain',
    summary: 'clause by clause, why an analytic did or did not match, and the nearest miss',
    load: () => import('./explain.ts'),
  },
  {
    name: 'parity',
    summary: 'where the implementations of an analytic differ, and by which clause',
    load: () => import('./parity.ts'),
  },
  {
    name: 'wire',
    summary: 'what a capture holds: binds, calls, interface occurrences',
    load: () => import('./wire.ts'),
  },
  { name: 'schema', summary: 'JSON Schemas of the files', load: () => import('./schema.ts') },
  { name: 'siem', summary: 'the embedded SIEM on a port, for other programs', load: () => import('./siem.ts') },
]
