/** Samples of events that lie near each other in time, in any order: no event is in two of them. */
import type { Found, Plan, Within } from '../plan.ts'
import type { Value } from '../predicate/expression.ts'
import { fieldReader } from '../predicate/field-reader.ts'
import { type Key, keysReader } from './join-key.ts'
import { distinctSets } from './sample.ts'
import { stageTest, timeReader } from './stage-test.ts'

interface Seen<Event> {
  event: Event
  time: number
  value: Value
}

/** What of one join key lies in the span that ends now, by stage, oldest first. */
interface Group<Event> {
  key: Key
  stages: Seen<Event>[][]
}

/** Events come in time order; matches are in the order in which they become complete, each with one event a stage. */
export function samplesWithin<Event>(
  plan: Plan & { shape: 'sample' },
  within: Within,
  events: readonly Event[],
  document: (event: Event) => unknown,
  timestampField?: string,
): Found<Event>[] {
  const stages = [...new Set(plan.stages)].map((stage) => ({ test: stageTest(stage), keysOf: keysReader(stage.keys) }))
  const valuesOf = within.distinct === null ? () => NO_VALUE : fieldReader(within.distinct)
  const timeOf = timeReader(timestampField)
  const groups = new Map<string, Group<Event>>()
  const found: Found<Event>[] = []
  for (const event of events) {
    const source = document(event)
    const time = timeOf(source)
    if (Number.isNaN(time)) continue
    const touched = new Set<string>()
    for (const [index, { test, keysOf }] of stages.entries()) {
      if (!test(source)) continue
      for (const key of keysOf(source)) {
        const group = groups.get(key.text) ?? { key, stages: stages.map(() => []) }
        groups.set(key.text, group)
        touched.add(key.text)
        for (const value of valuesOf(source)) keep(group.stages[index]!, { event, time, value }, plan.stages.length)
      }
    }
    for (const text of touched) {
      const group = groups.get(text)!
      for (const [index, seen] of group.stages.entries()) {
        group.stages[index] = seen.filter((one) => time - one.time <= within.maxspanMs)
      }
      const chosen = chosenOf(group, plan.stages.length, within)
      if (chosen === null) continue
      found.push({ events: chosen, joinKeys: group.key.values })
      groups.delete(text)
    }
  }
  return found
}

const NO_VALUE: readonly Value[] = [null]

/** One event a value; without values as many as there are stages, since more give no further choice. */
function keep<Event>(seen: Seen<Event>[], one: Seen<Event>, most: number): void {
  const before = one.value === null ? -1 : seen.findIndex(({ value }) => value === one.value)
  if (before !== -1) seen.splice(before, 1)
  seen.push(one)
  if (one.value === null && seen.length > most) seen.shift()
}

function chosenOf<Event>({ stages }: Group<Event>, count: number, { distinct }: Within): Event[] | null {
  if (distinct === null)
    return (
      distinctSets(
        stages.map((seen) => seen.map(({ event }) => event)),
        1,
      )[0] ?? null
    )
  const [seen] = stages
  return seen!.length < count ? null : seen!.slice(-count).map(({ event }) => event)
}
