/** Task definitions from the switches of /create and /change. */

import type { ProgramContext } from '../../program.ts'
import { MONTHS } from '../../tasks/calendar.ts'
import type { TaskDefinition, Trigger } from '../../tasks/definition.ts'
import { formatBoundary, parseBoundary } from '../../tasks/schedule.ts'
import { Refusal, type Switches } from './switches.ts'

const MINUTE_MS = 60_000
const MAX_COMMAND = 261
/** E_FAIL: what a date that cannot be read ends with. */
const FAILED = 0x80004005

const DAYS: Record<string, string> = {
  SUN: 'Sunday',
  MON: 'Monday',
  TUE: 'Tuesday',
  WED: 'Wednesday',
  THU: 'Thursday',
  FRI: 'Friday',
  SAT: 'Saturday',
}

/** The switches that each schedule type cannot do without, /tn and /tr apart. */
const SCHEDULES = ['MINUTE', 'HOURLY', 'DAILY', 'WEEKLY', 'MONTHLY', 'ONCE', 'ONSTART', 'ONLOGON', 'ONIDLE', 'ONEVENT']

/** The host's wall clock as milliseconds that would be UTC if the zone were. */
export const localNow = (context: ProgramContext): number => context.now() + context.timeZoneMinutes * MINUTE_MS

/** The action of a /tr value: a program, up to the first blank or in quotes, which stay, and its arguments. */
export function actionOf(text: string): { command: string; arguments?: string } {
  if (text.length > MAX_COMMAND) {
    throw new Refusal(`ERROR: Value for '/TR' option cannot be more than ${MAX_COMMAND} character(s).`)
  }
  const [, command = '', given = ''] = /^("[^"]*"|'[^']*'|\S+)\s*(.*)$/s.exec(text.trim()) ?? []
  const program = command.replace(/^'(.*)'$/s, '"$1"')
  return given === '' ? { command: program } : { command: program, arguments: given }
}

/** `HH:mm` as milliseconds of the day. */
function timeOfDay(text: string, what: string): number {
  const found = /^(\d{1,2}):(\d{2})$/.exec(text)
  if (found === null || Number(found[1]) > 23 || Number(found[2]) > 59) {
    throw new Refusal(`ERROR: Invalid ${what} value.`)
  }
  return (Number(found[1]) * 60 + Number(found[2])) * MINUTE_MS
}

/** A date as the emulated hosts' region writes it, `yyyy/mm/dd`, as milliseconds. */
function dateOf(text: string, what: string): number {
  const found = /^(\d{4})\/(\d{2})\/(\d{2})$/.exec(text)
  const time = found === null ? Number.NaN : Date.parse(`${found[1]}-${found[2]}-${found[3]}T00:00:00Z`)
  if (Number.isNaN(time)) throw new Refusal(`ERROR: Invalid ${what} (Date should be in "yyyy/mm/dd" format).`, FAILED)
  return time
}

function modifier(switches: Switches, highest: number): number {
  const value = Number(switches.get('mo') ?? 1)
  if (!Number.isInteger(value) || value < 1 || value > highest) throw switches.refuse('Invalid value for /MO option.')
  return value
}

/** `/delay mmmm:ss` as an ISO duration. */
function delayOf(switches: Switches): { delay?: string } {
  const text = switches.get('delay')
  if (text === undefined) return {}
  const found = /^(\d{4}):(\d{2})$/.exec(text)
  if (found === null) throw switches.refuse('Invalid value for /DELAY option.')
  return { delay: `PT${Number(found[1])}M${found[2] === '00' ? '' : `${Number(found[2])}S`}` }
}

export interface Schedule {
  trigger: Trigger
  /** Local milliseconds of the start, where it has one. */
  start: number | null
}

/** The trigger that /sc and its fellows describe. Throws `Refusal`. */
function scheduleOf(switches: Switches, context: ProgramContext): Schedule {
  const type = switches.demand('sc').toUpperCase()
  if (!SCHEDULES.includes(type)) throw new Refusal('ERROR: Invalid Schedule Type specified.')
  const enabled = true
  const now = localNow(context)
  const common = { startBoundary: formatBoundary(now - (now % MINUTE_MS)), enabled, ...delayOf(switches) }
  if (type === 'ONLOGON') return { trigger: { kind: 'logon', ...common }, start: null }
  if (type === 'ONSTART') return { trigger: { kind: 'boot', ...common }, start: null }
  if (type === 'ONIDLE') {
    switches.demand('i')
    return { trigger: { kind: 'idle', enabled }, start: null }
  }
  if (type === 'ONEVENT') {
    const channel = switches.demand('ec')
    const query = switches.get('mo') ?? '*'
    const subscription = `<QueryList><Query><Select Path="${channel}">${query}</Select></Query></QueryList>`
    return { trigger: { kind: 'event', enabled, subscription }, start: null }
  }
  const today = now - (now % (24 * 60 * MINUTE_MS))
  const date = switches.has('sd') ? dateOf(switches.get('sd')!, 'Start Date') : today
  const time = type === 'ONCE' || switches.has('st') ? timeOfDay(switches.demand('st'), 'Starttime') : now - today
  const start = date + time - ((date + time) % MINUTE_MS)
  return { trigger: timed(type, switches, start), start: type === 'ONCE' ? start : null }
}

function timed(type: string, switches: Switches, start: number): Trigger {
  const startBoundary = formatBoundary(start)
  const common = { startBoundary, enabled: true }
  const end = switches.has('ed') ? { endBoundary: formatBoundary(dateOf(switches.get('ed')!, 'End Date')) } : {}
  const days = (switches.get('d') ?? '').toUpperCase()
  switch (type) {
    case 'MINUTE':
      return { kind: 'time', ...common, ...end, repetition: { interval: `PT${modifier(switches, 1439)}M` } }
    case 'HOURLY':
      return { kind: 'time', ...common, ...end, repetition: { interval: `PT${modifier(switches, 23)}H` } }
    case 'DAILY':
      return { kind: 'daily', ...common, daysInterval: modifier(switches, 365) }
    case 'WEEKLY': {
      const named = days === '*' ? Object.keys(DAYS) : days === '' ? [] : days.split(',')
      const unknown = named.find((day) => DAYS[day] === undefined)
      if (unknown !== undefined) throw switches.refuse('Invalid value for /D option.')
      const today = Object.values(DAYS)[new Date(start).getUTCDay()]!
      const daysOfWeek = named.length === 0 ? [today] : named.map((day) => DAYS[day]!)
      return { kind: 'weekly', ...common, weeksInterval: modifier(switches, 52), daysOfWeek }
    }
    case 'MONTHLY': {
      const day = days === '' ? 1 : Number(days)
      if (!Number.isInteger(day) || day < 1 || day > 31) throw switches.refuse('Invalid value for /D option.')
      const wanted = (switches.get('m') ?? '*').toUpperCase()
      const months =
        wanted === '*' ? MONTHS : MONTHS.filter((month) => wanted.includes(month.slice(0, 3).toUpperCase()))
      return { kind: 'monthly', ...common, daysOfMonth: [day], months }
    }
    default: {
      const every = switches.get('ri')
      const repetition = every === undefined ? {} : { repetition: { interval: `PT${every}M`, ...durationOf(switches) } }
      return { kind: 'time', ...common, ...end, ...repetition }
    }
  }
}

function durationOf(switches: Switches): { duration?: string } {
  const found = /^(\d{1,4}):(\d{2})$/.exec(switches.get('du') ?? '0001:00')
  if (found === null) throw switches.refuse('Invalid value for /DU option.')
  return { duration: `PT${Number(found[1])}H${Number(found[2])}M` }
}

/** A start that /st moves: date kept, time of day new. */
export function movedStart(boundary: string, time: string): string {
  const start = parseBoundary(boundary, 0)
  return formatBoundary(start - (start % (24 * 60 * MINUTE_MS)) + timeOfDay(time, 'Starttime'))
}

/** The definition that /create makes. */
export function definitionOf(switches: Switches, context: ProgramContext): TaskDefinition & { start: number | null } {
  const { trigger, start } = scheduleOf(switches, context)
  const runLevel = (switches.get('rl') ?? 'LIMITED').toUpperCase()
  if (runLevel !== 'LIMITED' && runLevel !== 'HIGHEST') throw switches.refuse('Invalid value for /RL option.')
  return {
    registrationInfo: {},
    triggers: [trigger],
    principal: {
      logonType: switches.has('np') ? 'S4U' : 'InteractiveToken',
      runLevel: runLevel === 'HIGHEST' ? 'HighestAvailable' : 'LeastPrivilege',
    },
    settings: {
      enabled: true,
      hidden: false,
      startWhenAvailable: false,
      ...(switches.has('z') ? { deleteExpiredTaskAfter: 'PT0S' } : {}),
    },
    actions: [actionOf(switches.demand('tr'))],
    start,
  }
}
