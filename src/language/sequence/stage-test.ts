/** Stages of a plan as tests of events. */

import { instantOf } from '../../model/instant.ts'
import type { Stage } from '../plan.ts'
import { type Condition, condition } from '../predicate/evaluate.ts'
import type { Expression } from '../predicate/expression.ts'
import { reader } from '../predicate/field-reader.ts'
import { type Key, keysReader } from './join-key.ts'

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

/** The test of a stage, compiled once, when it is first asked: most stages of a replay never are. */
export function stageTest(stage: Stage): StageTest {
  let test = TESTS.get(stage)
  if (test === undefined) {
    let compiled: StageTest | null = null
    test = (source) => {
      compiled ??= compiledTest(stage)
      return compiled(source)
    }
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
  keysOf: (source: unknown) => readonly Key[]
}

export const stageReader = (stage: Stage): StageReader => ({ test: stageTest(stage), keysOf: keysReader(stage.keys) })
