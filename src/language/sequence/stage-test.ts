/** Stages of a plan as tests of events, and the values that join events. */
import type { JoinKey, Stage } from '../plan.ts'
import { type Condition, condition } from '../predicate/evaluate.ts'
import type { Expression, Value } from '../predicate/expression.ts'
import { fieldReader, reader } from '../predicate/field-reader.ts'
import { instantOf } from '../predicate/field-types.ts'

/** Whether an event's document is what a stage looks for. */
export type StageTest = (source: unknown) => boolean

/** The condition that an event is of a stage's category. */
export function categoryCondition(stage: Stage): Expression | null {
  if (stage.category === null) return null
  return {
    kind: 'definite',
    operand: {
      kind: 'compare',
      operator: '==',
      left: stage.categoryField,
      right: { kind: 'literal', value: stage.category },
    },
  }
}

export function categoryTest(stage: Stage): StageTest {
  const wanted = categoryCondition(stage)
  if (wanted === null) return () => true
  const test = condition(wanted)
  return (source) => test(source) === true
}

/** The test of a stage, compiled once. */
export function stageTest(stage: Stage): StageTest {
  let test = TESTS.get(stage)
  if (test === undefined) {
    test = compiledTest(stage)
    TESTS.set(stage, test)
  }
  return test
}

const TESTS = new WeakMap<Stage, StageTest>()

function compiledTest(stage: Stage): StageTest {
  const isOfCategory = categoryTest(stage)
  const holds: Condition = condition(stage.condition)
  return (source) => isOfCategory(source) && holds(source) === true
}

/** The join key of an event: its values, and one text that is equal for equal keys. */
export interface Key {
  values: Value[]
  text: string
}

const NO_KEY: Key = { values: [], text: '' }

const textOf = (value: Value) => (typeof value === 'string' ? `"${value.length}:${value}` : `${value},`)

/** A text as it is, so that none is made for each event; anything else, and what looks like it, begins with a NUL. */
const textOfOne = (value: Value) => {
  if (typeof value !== 'string') return `\0${value}`
  return value.charCodeAt(0) === 0 ? `\0"${value}` : value
}

/** Reads the join key of events; null when a key that must be there is missing. */
export function keyReader(keys: JoinKey[]): (source: unknown) => Key | null {
  if (keys.length === 0) return () => NO_KEY
  const readers = keys.map(({ field, optional }) => ({ read: fieldReader(field), optional }))
  if (readers.length === 1) {
    const { read, optional } = readers[0]!
    return (source) => {
      const value = read(source)[0] ?? null
      if (value === null && !optional) return null
      return { values: [value], text: textOfOne(value) }
    }
  }
  return (source) => {
    const values: Value[] = []
    let text = ''
    for (const { read, optional } of readers) {
      const value = read(source)[0] ?? null
      if (value === null && !optional) return null
      values.push(value)
      text += textOf(value)
    }
    return { values, text }
  }
}

/** The time of events in milliseconds since 1970, from a field that documents may write in several forms. */
export function timeReader(field = '@timestamp'): (source: unknown) => number {
  const read = reader(field)
  return (source) => {
    const found = read(source)
    return instantOf(Array.isArray(found) ? found[0] : found) ?? Number.NaN
  }
}

/** A stage, ready to look at events. */
export interface StageReader {
  test: StageTest
  keyOf: (source: unknown) => Key | null
}

export const stageReader = (stage: Stage): StageReader => ({ test: stageTest(stage), keyOf: keyReader(stage.keys) })
