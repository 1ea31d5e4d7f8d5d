/** One run of one rule: its window evaluated, its alerts written, its status told. */
import { randomUUID } from 'node:crypto'
import { type CompiledQuery, compile } from '../../../language/compile.ts'
import { QueryError } from '../../../language/query-error.ts'
import type { EventDocument } from '../../../model/event.ts'
import { ElasticsearchError } from '../errors.ts'
import { SEARCH_OPTIONS } from '../store/names.ts'
import { indexSchema } from '../store/schema.ts'
import type { Store } from '../store/store.ts'
import type { StoredIndex } from '../store/stored-index.ts'
import { type AlertDocument, eventAlert, type RunContext, sequenceAlerts } from './alert.ts'
import { alertIndex } from './alert-index.ts'
import { type DetectionRule, type Execution, lookBackMs } from './rule.ts'
import { Window } from './window.ts'

/**
 * Alerts that one run may write. Kibana's own default is 100; here a suite of tests must not lose alerts to a limit that
 * its rules do not name.
 */
const MAX_SIGNALS = 10_000

const OPTIONS = { ...SEARCH_OPTIONS, ignoreUnavailable: true }

export class RuleRunner {
  readonly #store: Store
  readonly #rule: DetectionRule
  readonly #version: string
  #indices: { generation: number; found: StoredIndex[] } | null = null
  #compiled: { query: CompiledQuery; window: Window; key: string } | null = null
  #mappings = ''

  constructor(store: Store, rule: DetectionRule, version: string) {
    this.#store = store
    this.#rule = rule
    this.#version = version
  }

  /** Runs the rule at a time, milliseconds since 1970. Never throws for what is wrong with the rule: its status tells. */
  run(now: number): Execution {
    const from = performance.now()
    const date = new Date(now).toISOString()
    const ended = (status: Execution['status'], message: string, searched = performance.now()): Execution => ({
      date,
      status,
      message,
      metrics: {
        total_search_duration_ms: Math.round(searched - from),
        total_indexing_duration_ms: Math.round(performance.now() - searched),
      },
    })
    const indices = this.#sources()
    if (indices.length === 0) return ended('partial failure', noIndex(this.#rule))
    try {
      const alerts = this.#alerts(indices, now, date)
      const searched = performance.now()
      const written = this.#write(alerts)
      if (written < 0)
        return ended(
          'partial failure',
          'This rule reached the maximum alert limit for the rule execution. Some alerts were not created.',
          searched,
        )
      return ended('succeeded', 'Rule execution completed successfully', searched)
    } catch (error) {
      if (error instanceof QueryError) return ended('failed', queryFailure(error))
      if (error instanceof ElasticsearchError) return ended('failed', `${error.type}: ${error.message}`)
      // Whatever it is, it must not end the loop of all other rules.
      return ended('failed', error instanceof Error ? error.message : String(error))
    }
  }

  #sources(): StoredIndex[] {
    const { generation } = this.#store
    if (this.#indices?.generation !== generation) {
      this.#indices = { generation, found: this.#store.resolve(this.#rule.index.join(','), OPTIONS) }
    }
    return this.#indices.found
  }

  /** The query against the mappings as they are; compiled anew when a field that it reads has changed. */
  #query(indices: readonly StoredIndex[]): { query: CompiledQuery; window: Window } {
    const mappings = indices.map(({ uuid, mapping }) => `${uuid}:${mapping.generation}`).join()
    if (this.#compiled !== null && mappings === this.#mappings) return this.#compiled
    const schema = indexSchema(indices)
    const query = compile(this.#rule.language, this.#rule.query, { schema })
    const key = JSON.stringify(query.fields.map((field) => schema.get(field) ?? null))
    if (this.#compiled?.key !== key) this.#compiled = { query, window: new Window(query), key }
    this.#mappings = mappings
    return this.#compiled
  }

  #alerts(indices: readonly StoredIndex[], now: number, date: string): AlertDocument[][] {
    const { query, window } = this.#query(indices)
    const events = window.between(indices, now - lookBackMs(this.#rule), now)
    if (events === null) return []
    const context: RunContext = { rule: this.#rule, executionId: randomUUID(), now: date, version: this.#version }
    return query
      .evaluate(events)
      .map((found: EventDocument[]) =>
        query.shape === 'event' ? [eventAlert(context, found[0]!)] : sequenceAlerts(context, found),
      )
  }

  /** Writes what is not there yet; -1 when the limit left some out. */
  #write(groups: AlertDocument[][]): number {
    if (groups.length === 0) return 0
    const index = alertIndex(this.#store, this.#rule.space)
    const fresh = groups.filter((group) => index.get(group.at(-1)!.id) === undefined)
    const most = this.#rule.max_signals ?? MAX_SIGNALS
    for (const alert of fresh.slice(0, most).flat()) this.#store.put(index, alert.id, alert.source)
    if (fresh.length <= most) return fresh.length
    this.#compiled?.window.forgetLastRun()
    return -1
  }
}

function noIndex({ index }: DetectionRule): string {
  const patterns = index.map((pattern) => `"${pattern}"`).join(',')
  return `This rule is attempting to query data from Elasticsearch indices listed in the "Index patterns" section of the rule definition, however no index matching: [${patterns}] was found. This warning will continue to appear until a matching index is created or this rule is disabled.`
}

function queryFailure({ stage, problems, message }: QueryError): string {
  if (stage === 'parsing') return `parsing_exception\n\tRoot causes:\n\t\tparsing_exception: ${message}`
  const count = `Found ${problems.length} problem${problems.length === 1 ? '' : 's'}`
  return `verification_exception\n\tRoot causes:\n\t\tverification_exception: ${count}\n${message}`
}
