/** Members of numbers, truth values and regular expressions. */
import { toNumber } from '../conversions.ts'
import { formatNumber } from '../objects/format-operator.ts'
import { PsObject, type RegularExpression, toText, type Value } from '../values.ts'
import { type Members, text } from './member-table.ts'

export const NUMBER: Members<number> = {
  methods: {
    tostring: (value, args) => (args.length === 0 ? toText(value) : formatNumber(value, text(args, 0))),
    equals: (value, args) => value === args[0],
    compareto: (value, args) => Math.sign(value - toNumber(args[0]!)),
  },
}

export const BOOLEAN: Members<boolean> = { methods: { tostring: (value) => toText(value) } }

const matchValue = (found: RegExpMatchArray | null): Value =>
  new PsObject(
    {
      Success: found !== null,
      Value: found?.[0] ?? '',
      Index: found?.index ?? 0,
      Groups: (found ?? []).map((group) => new PsObject({ Value: group ?? '', Success: group !== undefined })),
    },
    { typeName: 'System.Text.RegularExpressions.Match' },
  )

export const REGEX: Members<RegularExpression> = {
  methods: {
    ismatch: ({ pattern }, args) => pattern.test(text(args, 0)),
    match: ({ pattern }, args) => matchValue(text(args, 0).match(pattern)),
    matches: ({ pattern }, args) =>
      [...text(args, 0).matchAll(new RegExp(pattern, `${pattern.flags}g`))].map(matchValue),
    replace: ({ pattern }, args) => text(args, 0).replace(new RegExp(pattern, `${pattern.flags}g`), text(args, 1)),
    tostring: ({ pattern }) => pattern.source,
  },
}
