/** Static members of .NET types, and `New-Object` of those that scripts make. */

import { convert, roundHalfEven, toNumber } from './conversions.ts'
import { Unknown } from './errors.ts'
import { callMethod, methodFailure } from './members.ts'
import { credentialOf } from './objects/credential.ts'
import { parseDate } from './objects/date-parse.ts'
import { formatValue } from './objects/format-operator.ts'
import { processStartInfo, startProcess } from './objects/process.ts'
import type { Runtime } from './runtime.ts'
import { parseScript } from './syntax/statements.ts'
import {
  DateTime,
  Hashtable,
  NetObject,
  NOTHING,
  PsObject,
  RegularExpression,
  ScriptBlock,
  TimeSpan,
  toText,
  type Value,
} from './values.ts'

interface StaticType {
  properties?: Record<string, (runtime: Runtime) => Value>
  methods?: Record<string, (args: Value[], runtime: Runtime) => Value | Promise<Value>>
  create?: (args: Value[], runtime: Runtime) => Value
}

const text = (args: Value[], index: number): string => toText(args[index] ?? null)
const bytes = (value: Value | undefined): Buffer => Buffer.from(convert('byte[]', value ?? null, 0) as Uint8Array)
const now = ({ context }: Runtime, kind: 'Local' | 'Utc'): DateTime =>
  kind === 'Utc'
    ? new DateTime(context.now(), 'Utc', 0)
    : new DateTime(context.now() + context.timeZoneMinutes * 60_000, 'Local', context.timeZoneMinutes)

const encoding = (name: string, codec: BufferEncoding): NetObject =>
  new NetObject(`System.Text.${name}Encoding`, {
    methods: {
      GetString: (args) => bytes(args[0]).toString(codec),
      GetBytes: (args) => new Uint8Array(Buffer.from(text(args, 0), codec)),
    },
  })

const ENCODINGS: Record<string, NetObject> = {
  utf8: encoding('UTF8', 'utf8'),
  unicode: encoding('Unicode', 'utf16le'),
  ascii: encoding('ASCII', 'latin1'),
}

/** Standing for the host's OEM code page: what it does to bytes happens where they leave the host. */
const CONSOLE_ENCODING = encoding('SBCSCode', 'latin1')

const list = (typeName: string): NetObject => {
  const items: Value[] = []
  return new NetObject(typeName, {
    items: () => items,
    properties: { Count: { get: () => items.length } },
    methods: {
      Add: (args) => {
        items.push(args[0]!)
        return typeName.endsWith('ArrayList') ? items.length - 1 : NOTHING
      },
      AddRange: (args) => {
        items.push(...(Array.isArray(args[0]) ? args[0] : args))
        return NOTHING
      },
      Contains: (args) => items.includes(args[0]!),
      ToArray: () => [...items],
      Clear: () => {
        items.length = 0
        return NOTHING
      },
      Item: (args) => items.at(toNumber(args[0]!)) ?? null,
    },
  })
}

const console = ({ context }: Runtime): StaticType => {
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

const fromUnits = (unitMs: number) => (args: Value[]) => new TimeSpan(toNumber(args[0]!, 'System.Double') * unitMs)

const TYPES: Record<string, StaticType> = {
  convert: {
    methods: {
      frombase64string: (args) => {
        const given = text(args, 0).replace(/\s/g, '')
        if (given.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(given)) {
          throw methodFailure(
            'FromBase64String',
            args,
            'System.FormatException',
            'Invalid length for a Base-64 char array or string.',
          )
        }
        return new Uint8Array(Buffer.from(given, 'base64'))
      },
      tobase64string: (args) => bytes(args[0]).toString('base64'),
      toint32: (args) =>
        args.length > 1
          ? Number.parseInt(text(args, 0).replace(/^0x/i, ''), toNumber(args[1]!)) | 0
          : convert('int', args[0]!, 0),
      tostring: (args) => (args.length > 1 ? toNumber(args[0]!).toString(toNumber(args[1]!)) : text(args, 0)),
    },
  },
  'text.encoding': {
    properties: Object.fromEntries(Object.entries(ENCODINGS).map(([name, value]) => [name, () => value])),
  },
  'text.utf8encoding': { create: () => ENCODINGS.utf8! },
  datetime: {
    properties: {
      now: (runtime) => now(runtime, 'Local'),
      utcnow: (runtime) => now(runtime, 'Utc'),
      today: (runtime) => {
        const { ms, offsetMinutes } = now(runtime, 'Local')
        return new DateTime(Math.floor(ms / 86_400_000) * 86_400_000, 'Local', offsetMinutes)
      },
    },
    methods: {
      parse: (args, { context }) =>
        parseDate(text(args, 0), context.timeZoneMinutes, context.now() + context.timeZoneMinutes * 60_000) ??
        convert('datetime', args[0]!, 0),
    },
  },
  datetimeoffset: { properties: { now: (runtime) => now(runtime, 'Local'), utcnow: (runtime) => now(runtime, 'Utc') } },
  timespan: {
    properties: { zero: () => new TimeSpan(0), maxvalue: () => new TimeSpan(Number.MAX_SAFE_INTEGER) },
    methods: {
      fromdays: fromUnits(86_400_000),
      fromhours: fromUnits(3_600_000),
      fromminutes: fromUnits(60_000),
      fromseconds: fromUnits(1000),
      frommilliseconds: fromUnits(1),
    },
    create: (args) => {
      const [days = 0, hours = 0, minutes = 0, seconds = 0] =
        args.length === 3 ? [0, ...args.map((item) => toNumber(item))] : args.map((item) => toNumber(item))
      return new TimeSpan((((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000)
    },
  },
  math: {
    methods: {
      min: (args) => Math.min(...args.map((item) => toNumber(item))),
      max: (args) => Math.max(...args.map((item) => toNumber(item))),
      abs: (args) => Math.abs(toNumber(args[0]!)),
      floor: (args) => Math.floor(toNumber(args[0]!)),
      ceiling: (args) => Math.ceil(toNumber(args[0]!)),
      truncate: (args) => Math.trunc(toNumber(args[0]!)),
      pow: (args) => toNumber(args[0]!) ** toNumber(args[1]!),
      round: (args) => {
        const factor = 10 ** toNumber(args[1] ?? 0)
        return roundHalfEven(toNumber(args[0]!) * factor) / factor
      },
    },
  },
  string: {
    properties: { empty: () => '' },
    methods: {
      isnullorempty: (args) => text(args, 0) === '',
      isnullorwhitespace: (args) => text(args, 0).trim() === '',
      join: (args) => (Array.isArray(args[1]) ? args[1] : args.slice(1)).map(toText).join(text(args, 0)),
      format: (args) => formatValue(text(args, 0), args.slice(1)),
      concat: (args) => args.map(toText).join(''),
    },
  },
  guid: {
    methods: {
      newguid: (_, { context }) => guid(context.now()),
    },
  },
  environment: {
    properties: {
      machinename: ({ context }) => context.hostName.toUpperCase(),
      username: ({ context }) => context.user.name,
      userdomainname: ({ context }) => context.user.domain,
      newline: () => '\r\n',
      exitcode: () => 0,
    },
    methods: {
      getenvironmentvariable: (args, { context }) => variable(context.environment, text(args, 0)),
      expandenvironmentvariables: (args, { context }) =>
        text(args, 0).replace(/%([^%]+)%/g, (whole, name) => variable(context.environment, name) ?? whole),
    },
  },
  scriptblock: {
    methods: {
      create: (args) => {
        const source = text(args, 0)
        return new ScriptBlock(parseScript(source), source, source)
      },
    },
  },
  regex: {
    methods: {
      escape: (args) => text(args, 0).replace(/[\\*+?|{[()^$.# ]/g, '\\$&'),
      ismatch: (args) => new RegExp(text(args, 1), 'u').test(text(args, 0)),
      match: (args) => callMethod(new RegularExpression(new RegExp(text(args, 1), 'u')), 'match', [args[0]!]),
      matches: (args) => callMethod(new RegularExpression(new RegExp(text(args, 1), 'u')), 'matches', [args[0]!]),
      replace: (args) => text(args, 0).replace(new RegExp(text(args, 1), 'gu'), text(args, 2)),
    },
  },
  'io.path': {
    methods: {
      combine: (args) =>
        args
          .map(toText)
          .reduce((path, part) => (/^(\\|[A-Za-z]:)/.test(part) ? part : `${path.replace(/\\$/, '')}\\${part}`)),
      getfilename: (args) => text(args, 0).replace(/^.*[\\/]/, ''),
      gettemppath: (_, { context }) => `${variable(context.environment, 'TEMP') ?? 'C:\\Windows\\Temp'}\\`,
    },
  },
  'io.file': {
    methods: {
      exists: (args, { context }) => context.fileExists(text(args, 0)),
      readalltext: async (args, { context }) => (await context.readFile(text(args, 0))).toString('utf8'),
      writealltext: async (args, { context }) => {
        await context.writeFile(text(args, 0), Buffer.from(text(args, 1), 'utf8'))
        return NOTHING
      },
      delete: async (args, { context }) => {
        if (context.fileExists(text(args, 0))) await context.removeFile(text(args, 0))
        return NOTHING
      },
    },
  },
  'diagnostics.processstartinfo': { create: (args) => processStartInfo(args) },
  'diagnostics.process': { methods: { start: (args, { context }) => startProcess(context, args) } },
  'security.principal.windowsidentity': {
    methods: {
      getcurrent: (_, { context }) =>
        new PsObject({
          Name: `${context.user.domain}\\${context.user.name}`,
          User: new PsObject({ Value: context.user.sid }),
        }),
    },
  },
  pscredential: { create: (args) => credentialOf(args[0]!, args[1]!) },
  'collections.arraylist': { create: () => list('System.Collections.ArrayList') },
  hashtable: { create: () => new Hashtable() },
  'collections.hashtable': { create: () => new Hashtable() },
  psobject: { create: () => new PsObject() },
  object: { create: () => new PsObject() },
  exception: { create: (args) => exception('System.Exception', args) },
  invalidoperationexception: { create: (args) => exception('System.InvalidOperationException', args) },
  argumentexception: { create: (args) => exception('System.ArgumentException', args) },
}

const exception = (type: string, args: Value[]): NetObject =>
  new NetObject(type, {
    properties: {
      Message: { get: () => text(args, 0) },
      HResult: { get: () => -2146233088 },
      InnerException: { get: () => args[1] ?? null },
    },
    text: () => `${type}: ${text(args, 0)}`,
  })

export function variable(environment: Record<string, string>, name: string): string | null {
  const key = Object.keys(environment).find((one) => one.toLowerCase() === name.toLowerCase())
  return key === undefined ? null : environment[key]!
}

let guids = 0
function guid(seed: number): string {
  guids += 1
  const digits = (BigInt(seed) * 2_862_933_555_777_941_757n + BigInt(guids) * 3_037_000_493n)
    .toString(16)
    .padStart(32, '0')
    .slice(-32)
  return digits.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-8$4-$5')
}

const canonical = (name: string): string => {
  const lower = name
    .replace(/^System\./i, '')
    .replace(/^Management\.Automation\./i, '')
    .toLowerCase()
  return /^collections\.generic\.list\[/.test(lower) ? 'collections.arraylist' : lower
}

function typeNamed(name: string, runtime: Runtime): StaticType | undefined {
  const key = canonical(name)
  if (key === 'console') return console(runtime)
  return Object.hasOwn(TYPES, key) ? TYPES[key] : undefined
}

export function readStatic(type: string, member: string, runtime: Runtime): Value {
  const property = typeNamed(type, runtime)?.properties?.[member.toLowerCase()]
  if (property !== undefined) return property(runtime)
  if (/^(int|int32)$/i.test(type)) {
    if (/^maxvalue$/i.test(member)) return 2 ** 31 - 1
    if (/^minvalue$/i.test(member)) return -(2 ** 31)
  }
  // A member of an enumeration is its name.
  if (/(StringSplitOptions|StringComparison|DayOfWeek|ConsoleColor)$/i.test(type)) return member
  throw new Unknown(`[${type}]::${member}`)
}

export async function callStatic(type: string, member: string, args: Value[], runtime: Runtime): Promise<Value> {
  const key = member.toLowerCase()
  if (key === 'new') return createObject(type, args, runtime)
  const method = typeNamed(type, runtime)?.methods?.[key]
  if (method === undefined) throw new Unknown(`[${type}]::${member}()`)
  return await method(args, runtime)
}

/** @throws {Unknown} for a type that is not known here */
export function createObject(type: string, args: Value[], runtime: Runtime): Value {
  const create = typeNamed(type, runtime)?.create
  if (create === undefined) throw new Unknown(`objects of the type ${type}`)
  return create(args, runtime)
}
