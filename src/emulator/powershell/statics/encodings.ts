/** Text encodings, which turn text into bytes and back. */
import { convert } from '../conversions.ts'
import { NetObject, type Value } from '../values.ts'
import { text } from './static-type.ts'

export const bytes = (value: Value | undefined): Buffer =>
  Buffer.from(convert('byte[]', value ?? null, 0) as Uint8Array)

const encoding = (name: string, codec: BufferEncoding): NetObject =>
  new NetObject(`System.Text.${name}Encoding`, {
    methods: {
      GetString: (args) => bytes(args[0]).toString(codec),
      GetBytes: (args) => new Uint8Array(Buffer.from(text(args, 0), codec)),
    },
  })

export const ENCODINGS: Record<string, NetObject> = {
  utf8: encoding('UTF8', 'utf8'),
  unicode: encoding('Unicode', 'utf16le'),
  ascii: encoding('ASCII', 'latin1'),
}

/** Standing for the host's OEM code page: what it does to bytes happens where they leave the host. */
export const CONSOLE_ENCODING = encoding('SBCSCode', 'latin1')
