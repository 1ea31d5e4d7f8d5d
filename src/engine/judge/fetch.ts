/** Reads the events of many tests with few queries in one request. */
import type { EventAnswer, EventQuery, Judge, Siem } from '../ports.ts'
import { correlate } from './correlate.ts'
import { EventPool } from './event-pool.ts'
import type { WatchedTest } from './watched-test.ts'

const NO_ANSWER: EventAnswer = { complete: false, reason: 'the SIEM gave no answer', events: [] }

interface Shared {
  query: EventQuery
  tests: WatchedTest[]
}

/** Renews what is known of the tests' events. Throws `SiemError` when the SIEM fails as a whole. */
export async function fetchEvents(tests: readonly WatchedTest[], siem: Siem, judge: Judge): Promise<void> {
  const shared = share(tests.map((test) => ({ query: test.eventQuery(judge), tests: [test] })))
  if (shared.length === 0) return
  const answers = await siem.events(shared.map(({ query }) => query))
  for (const [index, { tests: asking }] of shared.entries()) {
    const answer = answers[index] ?? NO_ANSWER
    const local = asking.flatMap(({ sensed }) => sensed?.local ?? [])
    const pool = new EventPool([...answer.events, ...new Map(local.map((event) => [event.id, event])).values()])
    for (const test of asking) {
      test.trace = correlate(pool, {
        marker: test.planned.marker,
        isolation: test.planned.test.isolation,
        windows: test.windows,
      })
      test.trouble = answer.complete ? null : answer.reason
    }
  }
}

/** Queries of the same hosts and indices whose windows overlap become one: tests that share hosts share their reading. */
function share(asked: Shared[]): Shared[] {
  const groups = new Map<string, Shared[]>()
  for (const one of asked) {
    const { hosts, addresses, indices } = one.query
    const key = JSON.stringify([hosts, addresses, indices])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [one])
    else group.push(one)
  }
  return [...groups.values()].flatMap((group) => {
    const merged: Shared[] = []
    for (const next of group.toSorted((a, b) => a.query.from - b.query.from)) {
      const last = merged.at(-1)
      if (last === undefined || next.query.from >= last.query.to)
        merged.push({ query: { ...next.query }, tests: next.tests })
      else {
        last.query.to = Math.max(last.query.to, next.query.to)
        last.tests.push(...next.tests)
      }
    }
    return merged
  })
}
