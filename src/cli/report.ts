/** `tocsin report`: makes the reports of a run again, from its record alone. */
import { existsSync } from 'node:fs'
import { stat, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import type { Command } from 'commander'
import type { RunRecord } from '../model/run-record.ts'
import { RECORD_FILE, readRecord } from '../record/store.ts'
import { formats } from '../report/formats.ts'
import { renderTerminal } from '../report/terminal/summary.ts'
import { type Io, UsageError } from './io.ts'
import { chosenFormats } from './run/reports.ts'
import { prepareFolder } from './run/run-folder.ts'

interface ReportOptions {
  format: string
  out?: string
}

export function register(program: Command, io: Io): void {
  program
    .command('report')
    .summary('make the reports of a run again')
    .description('Makes the reports of a run from its record and shows its summary.')
    .argument('<record>', 'a run.json, or the folder of a run')
    .option('--format <list>', `reports to write, with commas: ${Object.keys(formats).join(',')}`, 'html,md,junit')
    .option('--out <dir>', 'where the reports go; default: beside the record')
    .addHelpText(
      'after',
      `
Examples:
  tocsin report reports/20261122-083000-k3xq
  tocsin report run.json --format junit --out ci`,
    )
    .action(async (path: string, options: ReportOptions) => {
      const names = chosenFormats(options.format)
      const file = await recordFile(resolve(io.cwd, path))
      const record = await read(file)
      const folder = await prepareFolder(options.out ?? dirname(file), io)
      io.stdout.write(renderTerminal(record, { colour: io.colourOut, width: io.stdout.columns || 120 }))
      const written = await Promise.all(names.map((name) => write(record, name, folder))).catch((error: Error) => {
        throw new UsageError(`the reports cannot be written: ${error.message}`)
      })
      io.stdout.write(`\n${written.map((each) => `  ${fromHere(each, io)}\n`).join('')}`)
    })
}

/** The record that the user means: the file itself, or the one in the folder. */
async function recordFile(path: string): Promise<string> {
  const found = await stat(path).catch(() => null)
  if (found === null) throw new UsageError(`${path}: there is no such file or folder`)
  if (!found.isDirectory()) return path
  const file = join(path, RECORD_FILE)
  if (!existsSync(file)) throw new UsageError(`${path}: there is no ${RECORD_FILE} in it\n  name the folder of a run`)
  return file
}

async function read(file: string): Promise<RunRecord> {
  try {
    return await readRecord(file)
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

async function write(record: RunRecord, name: string, folder: string): Promise<string> {
  const { file, render } = formats[name]!
  const path = join(folder, file)
  await writeFile(path, render(record))
  return path
}

function fromHere(path: string, io: Io): string {
  const short = relative(io.cwd, path)
  return short.startsWith('..') ? path : short
}
