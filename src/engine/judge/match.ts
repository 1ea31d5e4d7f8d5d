/** Which implementations match which tests: the SIEM's own engine decides for the languages it has, the judge for all others. */
import type { Implementation } from '../../model/analytic.ts'
import type { EventReference } from '../../model/event.ts'
import type { PlannedCheck } from '../plan/planned.ts'
import type { Judge, QueryAnswer, Siem } from '../ports.ts'
import type { TestEvent } from './correlate.ts'
import type { Matching } from './decide.ts'
import { LONGEST_DRIFT_MS } from './event-pool.ts'
import { indicesOf } from './indices.ts'
import { eventsRead, missingKinds } from './kinds.ts'
import type { WatchedTest } from './watched-test.ts'

interface Asked {
  test: WatchedTest
  check: PlannedCheck
}

/** The matchings of each check, one query for each implementation that the SIEM evaluates itself. */
export async function matchAll(
  asked: readonly Asked[],
  { siem, judge }: { siem: Siem; judge: Judge },
): Promise<Map<PlannedCheck, Matching[]>> {
  const native = new Map<Implementation, Asked[]>()
  for (const ask of asked) {
    for (const implementation of ask.check.analytic.implementations) {
      if (!asksSiem(ask, implementation, { siem, judge })) continue
      native.set(implementation, [...(native.get(implementation) ?? []), ask])
    }
  }
  const answers = new Map<Implementation, QueryAnswer>()
  await Promise.all(
    [...native].map(async ([implementation, asking]) => {
      answers.set(implementation, await queryFor(implementation, asking, siem))
    }),
  )
  return new Map(
    asked.map((ask) => [
      ask.check,
      ask.check.analytic.implementations.map((implementation) => {
        const answer = answers.get(implementation)
        if (asksSiem(ask, implementation, { siem, judge })) return fromSiem(implementation, ask.test, answer)
        return fromJudge(implementation, ask, judge)
      }),
    ]),
  )
}

/** The SIEM decides for what it has: events of a sensor that were not written into it are the judge's. */
function asksSiem(ask: Asked, implementation: Implementation, { siem, judge }: { siem: Siem; judge: Judge }): boolean {
  if (!siem.languages.has(implementation.language) || !canMatch(ask, implementation, judge)) return false
  const { sensed, trace } = ask.test
  if (sensed === null || sensed.local.length === 0 || judge.refusal(implementation) !== null) return true
  return !eventsRead(ask.check, implementation, trace.phases.test).some(({ document }) => sensed.isLocal(document))
}

/** Without an event of every kind nothing can match, and nobody need be asked. */
function canMatch({ test, check }: Asked, implementation: Implementation, judge: Judge): boolean {
  const read = eventsRead(check, implementation, test.trace.phases.test)
  return missingKinds(judge, implementation, read).length === 0
}

async function queryFor(implementation: Implementation, asking: Asked[], siem: Siem): Promise<QueryAnswer> {
  const windows = asking.map(({ test }) => test.windows.test ?? test.window)
  try {
    return await siem.query({
      language: implementation.language,
      query: implementation.query,
      indices: indicesOf(asking[0]!.check.analytic, implementation),
      from: Math.min(...windows.map(({ from }) => from)) - LONGEST_DRIFT_MS,
      to: Math.max(...windows.map(({ to }) => to)),
    })
  } catch (error) {
    return { complete: false, reason: error instanceof Error ? error.message : String(error), hits: [] }
  }
}

/** A hit is the test's when all of its events fall into the test's own steps. */
function fromSiem(implementation: Implementation, { trace }: WatchedTest, answer: QueryAnswer | undefined): Matching {
  const matches = (answer?.hits ?? []).flatMap((hit) => {
    const present = hit.filter(({ id }: EventReference) => id !== '')
    const events = present.map(({ id }) => trace.byId.get(id)).filter((event) => event !== undefined)
    return events.length > 0 && events.length === present.length ? [events] : []
  })
  if (matches.length > 0) return { implementation, matched: true, matches, trouble: null }
  if (answer?.complete) return { implementation, matched: false, matches: [], trouble: null }
  return { implementation, matched: null, matches: [], trouble: answer?.reason ?? 'the SIEM gave no answer' }
}

function fromJudge(implementation: Implementation, ask: Asked, judge: Judge): Matching {
  if (!canMatch(ask, implementation, judge)) return { implementation, matched: false, matches: [], trouble: null }
  const refusal = judge.refusal(implementation)
  if (refusal !== null) return { implementation, matched: null, matches: [], trouble: refusal }
  const read = eventsRead(ask.check, implementation, ask.test.trace.phases.test)
  const byDocument = new Map(read.map((event) => [event.document, event]))
  const matches = judge
    .evaluate(implementation, [...byDocument.keys()])
    .map((match) => match.map((document) => byDocument.get(document)).filter((event) => event !== undefined))
    .filter((match): match is TestEvent[] => match.length > 0)
  return { implementation, matched: matches.length > 0, matches, trouble: null }
}
