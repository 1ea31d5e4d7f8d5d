/** Static members by which scripts see the host: its environment, files, processes, user. */
import { credentialOf } from '../objects/credential.ts'
import { processStartInfo, startProcess } from '../objects/process.ts'
import { NOTHING, PsObject, toText } from '../values.ts'
import { type StaticType, text } from './static-type.ts'

export const HOST: Record<string, StaticType> = {
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
}

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
