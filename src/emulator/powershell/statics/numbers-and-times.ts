/** Static members of dates, time spans and mathematics. */
import { convert, roundHalfEven, toNumber } from '../conversions.ts'
import { parseDate } from '../objects/date-parse.ts'
import type { Runtime } from '../runtime.ts'
import { DateTime, TimeSpan, type Value } from '../values.ts'
import { type StaticType, text } from './static-type.ts'

const now = ({ context }: Runtime, kind: 'Local' | 'Utc'): DateTime =>
  kind === 'Utc'
    ? new DateTime(context.now(), 'Utc', 0)
    : new DateTime(context.now() + context.timeZoneMinutes * 60_000, 'Local', context.timeZoneMinutes)

const fromUnits = (unitMs: number) => (args: Value[]) => new TimeSpan(toNumber(args[0]!, 'System.Double') * unitMs)

export const NUMBERS_AND_TIMES: Record<string, StaticType> = {
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
}
