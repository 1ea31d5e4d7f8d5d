/** Sigma's value modifiers. Source: SigmaHQ/sigma-specification, Sigma Modifiers 2.1. */
import type { Comparison } from '../predicate/expression.ts'

/** How a field is compared with its values, after all modifiers. */
export interface Manner {
  test: 'text' | 'regex' | 'cidr' | 'exists' | 'fieldref' | Comparison
  /** Where in the text of the field a value stands. */
  place: 'whole' | 'start' | 'end' | 'inside'
  all: boolean
  cased: boolean
  negated: boolean
  /** Flags of a regular expression. */
  flags: Set<'i' | 'm' | 's'>
  /** Changes of the values, in their order: names of encodings, or `windash`. */
  changes: string[]
}

export const plainManner = (): Manner => ({
  test: 'text',
  place: 'whole',
  all: false,
  cased: false,
  negated: false,
  flags: new Set(),
  changes: [],
})

const set = (part: Partial<Manner>) => (manner: Manner) => void Object.assign(manner, part)
const change = (name: string) => (manner: Manner) => void manner.changes.push(name)
const flag = (letter: 'i' | 'm' | 's') => (manner: Manner) => void manner.flags.add(letter)

export const MODIFIERS: Readonly<Record<string, (manner: Manner) => void>> = {
  all: set({ all: true }),
  contains: set({ place: 'inside' }),
  startswith: set({ place: 'start' }),
  endswith: set({ place: 'end' }),
  cased: set({ cased: true }),
  neq: set({ negated: true }),
  exists: set({ test: 'exists' }),
  fieldref: set({ test: 'fieldref' }),
  cidr: set({ test: 'cidr' }),
  lt: set({ test: '<' }),
  lte: set({ test: '<=' }),
  gt: set({ test: '>' }),
  gte: set({ test: '>=' }),
  re: set({ test: 'regex' }),
  i: flag('i'),
  m: flag('m'),
  s: flag('s'),
  windash: change('windash'),
  base64: change('base64'),
  base64offset: change('base64offset'),
  wide: change('wide'),
  utf16: change('utf16'),
  utf16le: change('utf16le'),
  utf16be: change('utf16be'),
}

const TIME = 'takes a part of a date, which fields here are not split into'

export const REFUSED_MODIFIERS: Readonly<Record<string, string>> = {
  expand: 'fills in lists that each site keeps for itself: write the values out',
  minute: TIME,
  hour: TIME,
  day: TIME,
  week: TIME,
  month: TIME,
  year: TIME,
}
