/** Static members of strings, conversions, regular expressions and scripts. */
import { convert, toNumber } from '../conversions.ts'
import { methodFailure } from '../members/method-failure.ts'
import { callMethod } from '../members.ts'
import { formatValue } from '../objects/format-operator.ts'
import { parseScript } from '../syntax/statements.ts'
import { RegularExpression, ScriptBlock, toText } from '../values.ts'
import { bytes, ENCODINGS } from './encodings.ts'
import { type StaticType, text } from './static-type.ts'

export const TEXT: Record<string, StaticType> = {
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
}
