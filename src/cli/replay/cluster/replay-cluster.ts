/** `replay --on elastic`: the cluster evaluates the analytics, each index pattern alone. */

import { Untranslatable } from '../../../language/query-dsl.ts'
import { QueryError } from '../../../language/query-error.ts'
import type { Analytic } from '../../../model/analytic.ts'
import type { EventDocument } from '../../../model/event.ts'
import { createSearchCluster, type Place, type SearchCluster } from '../../../siem/elastic/search-cluster.ts'
import { type Io, UsageError } from '../../io.ts'
import { tellingOf } from '../../telling.ts'
import { hitEvent } from '../hit-event.ts'
import type { ReplayOptions } from '../options.ts'
import { type PresentedContender, present } from '../present.ts'
import { type NotEvaluated, type ReplayedInput, resultOf } from '../result.ts'
import { connectionFor, instantFor } from './connection.ts'
import { kindQuery, type Pushed, pushedFor } from './push-down.ts'

/** An implementation with what the cluster said of it. */
interface Asked extends PresentedContender {
  pushed: Pushed
  /** Some input has events of every kind that it reads. */
  testable: boolean
  /** Inputs that it was evaluated over. */
  answered: number
  /** Why it was not, the last time. */
  refusal: string | null
}

export async function replayCluster(analytics: readonly Analytic[], options: ReplayOptions, io: Io): Promise<void> {
  const { index = [], from, to, lab } = options
  if (index.length === 0) throw new UsageError('--on elastic needs --index: which indices are asked, such as logs-*')
  const now = Date.now()
  const time = { from: instantFor('--from', from, now), to: instantFor('--to', to, now) }
  const all = analytics.flatMap(({ id, implementations }) =>
    implementations.map((implementation) => askedOf(pushed(id, implementation))),
  )
  const cluster = createSearchCluster(connectionFor(lab, io))
  try {
    const inputs: ReplayedInput[] = []
    for (const each of index) inputs.push(await askOne(cluster, { index: each, ...time }, all, inputs.length))
    const evaluated = all.filter(({ answered }) => answered > 0)
    const notEvaluated = all
      .filter(({ answered }) => answered === 0)
      .map(
        ({ id, language, refusal }): NotEvaluated => ({ id, language, reason: refusal ?? 'no index could be asked' }),
      )
    present(inputs, evaluated, { ...options, notEvaluated }, io)
  } finally {
    await cluster.close()
  }
}

function pushed(id: string, implementation: Analytic['implementations'][number]): Pushed {
  try {
    return pushedFor(id, implementation)
  } catch (error) {
    if (!(error instanceof QueryError)) throw error
    const { language } = implementation
    return { id, language, kinds: [], fields: [], ask: { by: 'nothing', reason: error.message } }
  }
}

function askedOf(pushed: Pushed): Asked {
  const asked: Asked = {
    pushed,
    id: pushed.id,
    language: pushed.language,
    reads: pushed.kinds.map(({ name }) => name),
    hits: [],
    counts: [],
    testable: false,
    answered: 0,
    refusal: pushed.ask.by === 'nothing' ? pushed.ask.reason : null,
    result: (limit) => resultOf(asked, limit),
  }
  return asked
}

/** Asks for all implementations over one index pattern; what went wrong is the input's problem. */
async function askOne(
  cluster: SearchCluster,
  place: Place,
  all: readonly Asked[],
  input: number,
): Promise<ReplayedInput> {
  const about: ReplayedInput = {
    path: place.index,
    shape: 'elasticsearch',
    events: 0,
    skipped: 0,
    problems: [],
    problemCount: 0,
  }
  const note = (message: string) => {
    about.problems.push({ message, record: null, offset: null })
    about.problemCount += 1
  }
  for (const asked of all) asked.counts[input] = 0
  try {
    const [events] = await cluster.count(place, [{ match_all: {} }], null)
    about.events = events!
    await noteKinds(cluster, place, all)
    await askByEql(cluster, place, all, { input, note })
    await askBySearch(cluster, place, all, { input, note })
  } catch (error) {
    note((error as Error).message)
  }
  return about
}

async function noteKinds(cluster: SearchCluster, place: Place, all: readonly Asked[]): Promise<void> {
  const kinds = new Map(all.flatMap(({ pushed }) => pushed.kinds.map((kind) => [kind.name, kind])))
  if (kinds.size === 0) return
  const counts = await cluster.count(place, [...kinds.values()].map(kindQuery), 1)
  const there = new Set([...kinds.keys()].filter((_, position) => counts[position]! > 0))
  for (const asked of all) asked.testable ||= asked.pushed.kinds.every(({ name }) => there.has(name))
}

interface Noting {
  input: number
  note(message: string): void
}

async function askByEql(
  cluster: SearchCluster,
  place: Place,
  all: readonly Asked[],
  { input, note }: Noting,
): Promise<void> {
  for (const asked of all) {
    const { ask } = asked.pushed
    if (ask.by !== 'eql') continue
    try {
      const { hits, incomplete } = await cluster.eql(place, ask.query)
      take(asked, hits, input)
      if (incomplete !== null) note(`${nameOf(asked)}: ${incomplete}`)
    } catch (error) {
      refuse(asked, (error as Error).message, note)
    }
  }
}

async function askBySearch(
  cluster: SearchCluster,
  place: Place,
  all: readonly Asked[],
  { input, note }: Noting,
): Promise<void> {
  const searched = all.filter(({ pushed }) => pushed.ask.by === 'search')
  const types = await cluster.types(place, [...new Set(searched.flatMap(({ pushed }) => pushed.fields))])
  const queries = searched.flatMap((asked) => {
    const { ask } = asked.pushed
    try {
      return ask.by === 'search' ? [{ asked, query: ask.query((field) => types.get(field) ?? []) }] : []
    } catch (error) {
      if (!(error instanceof Untranslatable)) throw error
      asked.refusal = error.message
      return []
    }
  })
  if (queries.length === 0) return
  const answers = await cluster.search(
    place,
    queries.map(({ query }) => query),
  )
  for (const [position, answer] of answers.entries()) {
    const { asked } = queries[position]!
    if (answer instanceof Error) refuse(asked, answer.message, note)
    else {
      take(asked, answer.hits, input)
      if (answer.incomplete !== null) note(`${nameOf(asked)}: ${answer.incomplete}`)
    }
  }
}

const nameOf = ({ id, language }: Asked): string => `${id} (${language})`

function refuse(asked: Asked, reason: string, note: Noting['note']): void {
  asked.refusal = reason
  note(`${nameOf(asked)}: ${reason}`)
}

function take(asked: Asked, hits: readonly EventDocument[][], input: number): void {
  asked.answered += 1
  asked.counts[input] = hits.length
  for (const events of hits) {
    asked.hits.push({
      events: events.map(({ index, id, source }) => ({
        ...hitEvent(input, { record: null, source, tells: tellingOf(source) }),
        index,
        id,
      })),
    })
  }
}
