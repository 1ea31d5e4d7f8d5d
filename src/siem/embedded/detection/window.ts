/**
 * The events that a rule can match, kept from run to run: each document is tested once, when it is new, and only
 * documents that some stage of the query accepts are remembered while they are in the window. A run over these gives
 * exactly what a run over every event of the window would.
 */
import type { CompiledQuery } from '../../../language/compile.ts'
import { type Plan, stagesOf } from '../../../language/plan.ts'
import { stageTest, timeReader } from '../../../language/sequence/stage-test.ts'
import { planCandidates } from '../eql/candidates.ts'
import type { StoredDocument, StoredIndex } from '../store/stored-index.ts'

interface Candidate {
  document: StoredDocument
  index: StoredIndex
  time: number
}

export class Window {
  readonly #plan: Plan
  readonly #test: (source: unknown) => boolean
  /** How many documents of each index have been tested. */
  readonly #upTo = new Map<StoredIndex, number>()
  #candidates: Candidate[] = []
  /** Numbers of candidates that the last run saw, to tell whether another one could find anything else. */
  #seen = ''

  constructor({ plan }: CompiledQuery) {
    this.#plan = plan
    const stages = [...stagesOf(plan)]
    if (plan.shape === 'sequence' && plan.until !== null) stages.push(plan.until)
    const tests = stages.map(stageTest)
    this.#test = tests.length === 1 ? tests[0]! : (source) => tests.some((test) => test(source))
  }

  /** The documents of the window that matter, in the order in which they came; null when they are those of the last run. */
  between(indices: readonly StoredIndex[], from: number, to: number): StoredDocument[] | null {
    const asked = new Set(indices)
    for (const index of indices) this.#readNew(index, from)
    // What left the window never comes back: it only moves forward.
    this.#candidates = this.#candidates.filter(
      ({ document, index, time }) => time >= from && index.documents[document.number] === document,
    )
    const inside = this.#candidates.filter(({ time, index }) => time <= to && asked.has(index))
    const seen = inside.map(({ index, document }) => `${index.uuid}/${document.seqNo}`).join()
    if (seen === this.#seen) return null
    this.#seen = seen
    return inside.map(({ document }) => document)
  }

  /** The next `between` gives its documents whatever the last one gave: for runs that could not write all alerts. */
  forgetLastRun(): void {
    this.#seen = ''
  }

  /** Only documents with a value that the query names are tested, where it names one. */
  #readNew(index: StoredIndex, from: number): void {
    const { documents } = index
    const upTo = this.#upTo.get(index) ?? 0
    if (upTo === documents.length) return
    const times = timesOf(index)
    const test = (number: number) => {
      const document = documents[number]
      if (document === undefined) return
      const time = times(number, document)
      if (time >= from && this.#test(document.source)) this.#candidates.push({ document, index, time })
    }
    const candidates = planCandidates(this.#plan, index, upTo)
    if (candidates === null) for (let number = upTo; number < documents.length; number += 1) test(number)
    else for (const number of [...candidates.documents()].sort((a, b) => a - b)) test(number)
    this.#upTo.set(index, documents.length)
  }
}

const readTime = timeReader()

/** The time of a document: from the column that all rules share, where the mapping has one. */
function timesOf(index: StoredIndex): (number: number, document: StoredDocument) => number {
  const column = index.column('@timestamp')
  if (column?.field.type.family !== 'date') return (_, { source }) => readTime(source)
  return (number) => (column.at(number)?.[0] as number | undefined) ?? Number.NaN
}
