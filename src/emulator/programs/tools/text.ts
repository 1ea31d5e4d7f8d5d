/** Programs that filter text: find, findstr, more, sort, and where, which finds files. */
import { findProgram } from '../../machine/launch.ts'
import type { Program, ProgramContext } from '../../program.ts'
import { WindowsError } from '../../program.ts'
import type { SystemProgram } from '../context.ts'

const isSwitch = (word: string): boolean => /^\/[a-z]+(:.*)?$/i.test(word)

/** Lines of the files, or of standard input when none is named. */
async function linesOf(context: ProgramContext, files: string[]): Promise<string[]> {
  const lines: string[] = []
  if (files.length === 0) {
    for (let line = await context.readLine(); line !== null; line = await context.readLine()) lines.push(line)
    return lines
  }
  for (const file of files) {
    const text = (await context.readFile(file)).toString('latin1').replace(/\r?\n$/, '')
    lines.push(...text.split(/\r?\n/))
  }
  return lines
}

/** A filter whose missing file is an error of its own. */
const orMissing =
  (program: Program): Program =>
  async (context) => {
    try {
      return await program(context)
    } catch (error) {
      if (!(error instanceof WindowsError)) throw error
      context.stderr(`${error.message}\n`)
      return 1
    }
  }

async function filter(context: ProgramContext, matches: (line: string) => boolean, files: string[]): Promise<number> {
  const { argv, stdout } = context
  const has = (name: string) => argv.some((word) => word.toLowerCase() === name)
  const found = (await linesOf(context, files)).filter((line) => matches(line) !== has('/v'))
  if (has('/c')) stdout(`${found.length}\n`)
  else for (const line of found) stdout(`${line}\n`)
  return found.length === 0 ? 1 : 0
}

/** `find [/v] [/c] [/i] "text" [file…]` */
export const find: Program = orMissing(async (context) => {
  const anyCase = context.argv.some((word) => word.toLowerCase() === '/i')
  const [text = '', ...files] = context.argv.filter((word) => !isSwitch(word))
  const fold = (value: string) => (anyCase ? value.toLowerCase() : value)
  return filter(context, (line) => fold(line).includes(fold(text)), files)
})

/** `findstr [/i] [/v] [/l] [/r] [/c:text] words [file…]`: words are alternatives; `.` and `*` mean what they mean in findstr. */
export const findstr: Program = orMissing(async (context) => {
  const { argv } = context
  const whole = argv.flatMap((word) => (/^\/c:/i.test(word) ? [word.slice(3)] : []))
  const plain = argv.filter((word) => !isSwitch(word))
  const words = whole.length > 0 ? whole : (plain.shift() ?? '').split(' ').filter((word) => word !== '')
  const literal = argv.some((word) => word.toLowerCase() === '/l') || whole.length > 0
  const flags = argv.some((word) => word.toLowerCase() === '/i') ? 'i' : ''
  const patterns = words.map((word) => {
    const escaped = word.replace(literal ? /[.*+?^${}()|[\]\\]/g : /[+?{}()|]/g, '\\$&')
    return new RegExp(escaped, flags)
  })
  return filter(context, (line) => patterns.some((pattern) => pattern.test(line)), plain)
})

export const more: Program = orMissing(async (context) => {
  for (const line of await linesOf(
    context,
    context.argv.filter((word) => !isSwitch(word)),
  ))
    context.stdout(`${line}\n`)
  return 0
})

export const sort: Program = orMissing(async (context) => {
  const lines = await linesOf(
    context,
    context.argv.filter((word) => !isSwitch(word)),
  )
  lines.sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1))
  if (context.argv.some((word) => word.toLowerCase() === '/r')) lines.reverse()
  for (const line of lines) context.stdout(`${line}\n`)
  return 0
})

/** `where name` */
export const where: SystemProgram = async ({ argv, stdout, stderr }, machine, process) => {
  const name = argv.find((word) => !isSwitch(word)) ?? ''
  const file = findProgram(machine, name, process.workingDirectory)
  if (file !== null) stdout(`${file.path}\n`)
  else stderr('INFO: Could not find files for the given pattern(s).\n')
  return file === null ? 1 : 0
}
