/** Triggers of the Schedule.Service object: one object a kind, with the properties of its interface. */
import { DAYS, MONTHS } from '../../tasks/calendar.ts'
import type { Trigger } from '../../tasks/definition.ts'
import { toNumber } from '../conversions.ts'
import { Unknown } from '../errors.ts'
import { NetObject, type Property, toText, type Value } from '../values.ts'

/** A trigger while it is being made: the fields of all kinds. */
export interface TriggerDraft {
  type: number
  enabled: boolean
  startBoundary: string
  endBoundary: string
  interval: number
  daysOfWeek: number
  daysOfMonth: number
  months: number
  userId: string
  delay: string
  subscription: string
  repetition: { interval: string; duration: string }
}

const KINDS: Record<number, Trigger['kind']> = {
  0: 'event',
  1: 'time',
  2: 'daily',
  3: 'weekly',
  4: 'monthly',
  6: 'idle',
  7: 'registration',
  8: 'boot',
  9: 'logon',
}

export function newTrigger(type: number): TriggerDraft {
  if (KINDS[type] === undefined) throw new Unknown(`triggers of type ${type}`)
  return {
    type,
    enabled: true,
    startBoundary: '',
    endBoundary: '',
    interval: 1,
    daysOfWeek: 0,
    daysOfMonth: 0,
    months: 0xfff,
    userId: '',
    delay: '',
    subscription: '',
    repetition: { interval: '', duration: '' },
  }
}

export function draftOf(trigger: Trigger): TriggerDraft {
  const type = Number(Object.keys(KINDS).find((key) => KINDS[Number(key)] === trigger.kind))
  const bits = (names: string[], all: string[]) => names.reduce((mask, name) => mask | (1 << all.indexOf(name)), 0)
  const draft = { ...newTrigger(type), enabled: trigger.enabled }
  if ('startBoundary' in trigger) draft.startBoundary = trigger.startBoundary
  if ('delay' in trigger) draft.delay = trigger.delay ?? ''
  switch (trigger.kind) {
    case 'time':
      return {
        ...draft,
        endBoundary: trigger.endBoundary ?? '',
        repetition: { interval: trigger.repetition?.interval ?? '', duration: trigger.repetition?.duration ?? '' },
      }
    case 'daily':
      return { ...draft, interval: trigger.daysInterval }
    case 'weekly':
      return { ...draft, interval: trigger.weeksInterval, daysOfWeek: bits(trigger.daysOfWeek, DAYS) }
    case 'monthly':
      return {
        ...draft,
        daysOfMonth: trigger.daysOfMonth.reduce((mask, day) => mask | (1 << (day - 1)), 0),
        months: bits(trigger.months, MONTHS),
      }
    case 'logon':
      return { ...draft, userId: trigger.userId ?? '' }
    case 'event':
      return { ...draft, subscription: trigger.subscription }
    default:
      return draft
  }
}

export function triggerOf(draft: TriggerDraft): Trigger {
  const { enabled, startBoundary } = draft
  const named = (mask: number, all: string[]) => all.filter((_, index) => mask & (1 << index))
  const delay = draft.delay === '' ? {} : { delay: draft.delay }
  const kind = KINDS[draft.type]!
  switch (kind) {
    case 'time': {
      const { interval, duration } = draft.repetition
      const repetition = interval === '' ? {} : { repetition: { interval, ...(duration === '' ? {} : { duration }) } }
      return {
        kind,
        enabled,
        startBoundary,
        ...repetition,
        ...(draft.endBoundary === '' ? {} : { endBoundary: draft.endBoundary }),
      }
    }
    case 'daily':
      return { kind, enabled, startBoundary, daysInterval: draft.interval }
    case 'weekly':
      return { kind, enabled, startBoundary, weeksInterval: draft.interval, daysOfWeek: named(draft.daysOfWeek, DAYS) }
    case 'monthly': {
      const daysOfMonth = Array.from({ length: 31 }, (_, index) => index + 1).filter(
        (day) => draft.daysOfMonth & (1 << (day - 1)),
      )
      return { kind, enabled, startBoundary, daysOfMonth, months: named(draft.months, MONTHS) }
    }
    case 'logon':
      return { kind, enabled, ...delay, ...(draft.userId === '' ? {} : { userId: draft.userId }) }
    case 'event':
      return { kind, enabled, subscription: draft.subscription }
    case 'idle':
      return { kind, enabled }
    default:
      return { kind, enabled, ...delay }
  }
}

/** The COM object over a draft. */
export function triggerObject(draft: TriggerDraft): NetObject {
  const text = (name: 'startBoundary' | 'endBoundary' | 'userId' | 'delay' | 'subscription'): Property => ({
    get: () => draft[name],
    set: (value: Value) => {
      draft[name] = toText(value)
    },
  })
  const number = (name: 'interval' | 'daysOfWeek' | 'daysOfMonth' | 'months'): Property => ({
    get: () => draft[name],
    set: (value: Value) => {
      draft[name] = toNumber(value)
    },
  })
  let id = ''
  return new NetObject('System.__ComObject#Trigger', {
    native: draft,
    properties: {
      Type: { get: () => draft.type },
      Id: {
        get: () => id,
        set: (value) => {
          id = toText(value)
        },
      },
      Enabled: {
        get: () => draft.enabled,
        set: (value) => {
          draft.enabled = value === true
        },
      },
      StartBoundary: text('startBoundary'),
      EndBoundary: text('endBoundary'),
      UserId: text('userId'),
      Delay: text('delay'),
      Subscription: text('subscription'),
      DaysInterval: number('interval'),
      WeeksInterval: number('interval'),
      DaysOfWeek: number('daysOfWeek'),
      DaysOfMonth: number('daysOfMonth'),
      MonthsOfYear: number('months'),
      Repetition: { get: () => repetitionObject(draft) },
    },
  })
}

function repetitionObject({ repetition }: TriggerDraft): NetObject {
  const text = (name: 'interval' | 'duration'): Property => ({
    get: () => repetition[name],
    set: (value: Value) => {
      repetition[name] = toText(value)
    },
  })
  return new NetObject('System.__ComObject#Repetition', {
    properties: { Interval: text('interval'), Duration: text('duration') },
  })
}
