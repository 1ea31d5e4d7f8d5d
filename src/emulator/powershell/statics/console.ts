/** `[Console]`: the host's streams. */
import { formatValue } from '../objects/format-operator.ts'
import type { Runtime } from '../runtime.ts'
import { NetObject, NOTHING, type Value } from '../values.ts'
import { CONSOLE_ENCODING } from './encodings.ts'
import { type StaticType, text } from './static-type.ts'

export const console = ({ context }: Runtime): StaticType => {
  const line = (write: (text: string) => void) => (args: Value[]) => {
    write(`${args.length > 1 ? formatValue(text(args, 0), args.slice(1)) : text(args, 0)}\n`)
    return NOTHING
  }
  const writer = (write: (text: string) => void) =>
    new NetObject('System.IO.TextWriter', {
      methods: {
        WriteLine: line(write),
        Write: (args) => {
          write(text(args, 0))
          return NOTHING
        },
        Flush: () => NOTHING,
      },
    })
  return {
    properties: {
      outputencoding: () => CONSOLE_ENCODING,
      inputencoding: () => CONSOLE_ENCODING,
      out: () => writer((written) => context.stdout(written)),
      error: () => writer((written) => context.stderr(written)),
      in: () =>
        new NetObject('System.IO.TextReader', {
          methods: { ReadLine: () => context.readLine(), ReadToEnd: async () => await readAll(context) },
        }),
    },
    methods: {
      writeline: line((written) => context.stdout(written)),
      write: (args) => {
        context.stdout(text(args, 0))
        return NOTHING
      },
      readline: () => context.readLine(),
    },
  }
}

async function readAll(context: Runtime['context']): Promise<string> {
  const lines: string[] = []
  for (let line = await context.readLine(); line !== null; line = await context.readLine()) lines.push(`${line}\n`)
  return lines.join('')
}
