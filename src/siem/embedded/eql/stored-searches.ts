/** EQL searches that outlive their request: those that were not waited for, and those whose answer is to be kept. */
import { randomBytes } from 'node:crypto'
import { ElasticsearchError, illegalArgument } from '../errors.ts'
import type { Answer } from '../http/request.ts'
import type { EqlAnswer } from './search.ts'

interface StoredSearch {
  started: number
  expires: number
  /** Its answer or its error; null while it runs. */
  outcome: EqlAnswer | ElasticsearchError | null
  done: Promise<void>
}

interface Submission {
  waitMs: number
  keepAliveMs: number
  keepOnCompletion: boolean
}

export class StoredSearches {
  readonly #searches = new Map<string, StoredSearch>()
  readonly #now: () => number

  /** @param now milliseconds since 1970 */
  constructor(now: () => number) {
    this.#now = now
  }

  /** Starts a search and waits for it as long as asked. Throws its error when it fails within that time. */
  async submit(run: () => EqlAnswer, { waitMs, keepAliveMs, keepOnCompletion }: Submission): Promise<Answer> {
    const started = this.#now()
    const search: StoredSearch = { started, expires: started + keepAliveMs, outcome: null, done: Promise.resolve() }
    search.done = new Promise((resolve) => {
      setImmediate(() => {
        search.outcome = outcomeOf(run)
        resolve()
      })
    })
    await within(search.done, waitMs)
    if (search.outcome === null || keepOnCompletion) {
      const id = newId()
      this.#searches.set(id, search)
      return answerOf(id, search)
    }
    if (search.outcome instanceof ElasticsearchError) throw search.outcome
    return { body: search.outcome }
  }

  /** The answer as it is after waiting; without a limit (null) to the end. Throws 404 for a search that there is not. */
  async get(
    id: string,
    { waitMs, keepAliveMs }: { waitMs: number | null; keepAliveMs: number | null },
  ): Promise<Answer> {
    const search = this.#find(id)
    if (keepAliveMs !== null) search.expires = this.#now() + keepAliveMs
    await (waitMs === null ? search.done : within(search.done, waitMs))
    return answerOf(id, search)
  }

  status(id: string): Answer {
    const { outcome, started, expires } = this.#find(id)
    const isRunning = outcome === null
    const end = { expiration_time_in_millis: expires }
    if (isRunning) {
      return { body: { id, is_running: true, is_partial: true, start_time_in_millis: started, ...end } }
    }
    const failed = outcome instanceof ElasticsearchError
    const completion = failed ? outcome.status : 200
    return { body: { id, is_running: false, is_partial: failed, ...end, completion_status: completion } }
  }

  delete(id: string): Answer {
    this.#find(id)
    this.#searches.delete(id)
    return { body: { acknowledged: true } }
  }

  #find(id: string): StoredSearch {
    for (const [known, { expires }] of this.#searches) if (expires <= this.#now()) this.#searches.delete(known)
    const search = this.#searches.get(id)
    if (search !== undefined) return search
    if (!isId(id)) throw illegalArgument(`invalid id: [${id}]`)
    throw new ElasticsearchError(404, 'resource_not_found_exception', id)
  }
}

function outcomeOf(run: () => EqlAnswer): EqlAnswer | ElasticsearchError {
  try {
    return run()
  } catch (error) {
    if (error instanceof ElasticsearchError) return error
    return new ElasticsearchError(500, 'exception', error instanceof Error ? error.message : String(error))
  }
}

async function within(done: Promise<void>, ms: number): Promise<void> {
  if (ms === 0) return
  let timer: NodeJS.Timeout | undefined
  await Promise.race([
    done,
    new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms)
    }),
  ])
  clearTimeout(timer)
}

function answerOf(id: string, { outcome }: StoredSearch): Answer {
  if (outcome instanceof ElasticsearchError) throw outcome
  if (outcome !== null) return { body: { id, ...outcome } }
  return { body: { id, is_partial: true, is_running: true, took: 0, timed_out: false, hits: {} } }
}

const NAME_BYTES = 16
const TASK = 'tocsin-embedded-node-0:0'

/** An id as Elasticsearch makes them: a name and the task behind it, each with its length before it, in base64. */
function newId(): string {
  const name = randomBytes(NAME_BYTES).toString('base64url')
  return Buffer.concat([name, TASK].flatMap((part) => [Buffer.of(part.length), Buffer.from(part)])).toString(
    'base64url',
  )
}

function isId(text: string): boolean {
  const bytes = Buffer.from(text, 'base64url')
  const task = 1 + (bytes[0] ?? 0)
  return bytes.length > 2 && bytes.length === task + 1 + (bytes[task] ?? Number.NaN)
}
