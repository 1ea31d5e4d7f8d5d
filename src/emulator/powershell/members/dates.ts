/** Members of dates and time spans. */
import { toNumber } from '../conversions.ts'
import { formatDate } from '../objects/date-format.ts'
import { DateTime, TimeSpan, toText, type Value } from '../values.ts'
import { type Members, text } from './member-table.ts'

const plus = (unitMs: number) => (value: DateTime, args: Value[]) =>
  value.with(value.ms + toNumber(args[0]!, 'System.Double') * unitMs)
const utcPart = (read: (date: Date) => number) => (value: DateTime) => read(new Date(value.ms))
const addMonths = (value: DateTime, months: number): DateTime => {
  const at = new Date(value.ms)
  const day = at.getUTCDate()
  at.setUTCDate(1)
  at.setUTCMonth(at.getUTCMonth() + months)
  at.setUTCDate(Math.min(day, new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0)).getUTCDate()))
  return value.with(at.getTime())
}

/** .NET counts ticks of 100 ns from the year 1. */
const TICKS_AT_1970 = 621_355_968_000_000_000

export const DATE: Members<DateTime> = {
  properties: {
    year: utcPart((date) => date.getUTCFullYear()),
    month: utcPart((date) => date.getUTCMonth() + 1),
    day: utcPart((date) => date.getUTCDate()),
    hour: utcPart((date) => date.getUTCHours()),
    minute: utcPart((date) => date.getUTCMinutes()),
    second: utcPart((date) => date.getUTCSeconds()),
    millisecond: utcPart((date) => date.getUTCMilliseconds()),
    dayofweek: (value) => formatDate(value, 'dddd'),
    date: (value) => value.with(Math.floor(value.ms / 86_400_000) * 86_400_000),
    timeofday: (value) => new TimeSpan(((value.ms % 86_400_000) + 86_400_000) % 86_400_000),
    kind: (value) => value.kind,
    ticks: (value) => TICKS_AT_1970 + value.ms * 10_000,
  },
  methods: {
    addmilliseconds: plus(1),
    addseconds: plus(1000),
    addminutes: plus(60_000),
    addhours: plus(3_600_000),
    adddays: plus(86_400_000),
    addmonths: (value, args) => addMonths(value, toNumber(args[0]!)),
    addyears: (value, args) => addMonths(value, toNumber(args[0]!) * 12),
    add: (value, args) => value.with(value.ms + (args[0] as TimeSpan).ms),
    subtract: (value, args) => {
      const other = args[0]!
      return other instanceof DateTime
        ? new TimeSpan(value.ms - other.ms)
        : value.with(value.ms - (other as TimeSpan).ms)
    },
    tostring: (value, args) => formatDate(value, text(args, 0, 'G')),
    touniversaltime: (value) =>
      value.kind === 'Utc' ? value : new DateTime(value.ms - value.offsetMinutes * 60_000, 'Utc', 0),
    tolocaltime: (value) => value,
    toshortdatestring: (value) => formatDate(value, 'd'),
    toshorttimestring: (value) => formatDate(value, 't'),
    tolongdatestring: (value) => formatDate(value, 'D'),
    tounixtimemilliseconds: (value) => value.ms - value.offsetMinutes * 60_000,
    tounixtimeseconds: (value) => Math.floor((value.ms - value.offsetMinutes * 60_000) / 1000),
  },
}

const total = (unitMs: number) => (value: TimeSpan) => value.ms / unitMs
export const SPAN: Members<TimeSpan> = {
  properties: {
    totalmilliseconds: total(1),
    totalseconds: total(1000),
    totalminutes: total(60_000),
    totalhours: total(3_600_000),
    totaldays: total(86_400_000),
    days: (value) => Math.trunc(value.ms / 86_400_000),
    hours: (value) => Math.trunc(value.ms / 3_600_000) % 24,
    minutes: (value) => Math.trunc(value.ms / 60_000) % 60,
    seconds: (value) => Math.trunc(value.ms / 1000) % 60,
    milliseconds: (value) => Math.trunc(value.ms) % 1000,
  },
  methods: { tostring: (value) => toText(value) },
}
