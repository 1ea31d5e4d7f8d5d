/** Errors as Elasticsearch answers them. */

export interface ErrorCause {
  type: string
  reason: string
  caused_by?: ErrorCause
  [detail: string]: unknown
}

/** Stops a request; answered as `{error: {root_cause, type, reason, …}, status}`. */
export class ElasticsearchError extends Error {
  override name = 'ElasticsearchError'
  readonly status: number
  readonly type: string
  readonly details: Record<string, unknown>

  constructor(status: number, type: string, reason: string, details: Record<string, unknown> = {}) {
    super(reason)
    this.status = status
    this.type = type
    this.details = details
  }

  /** The error as it stands in bulk items and in the failures of shards. */
  get body(): ErrorCause {
    return { type: this.type, reason: this.message, ...this.details }
  }

  /** The innermost cause is what `root_cause` shows; wrappers override it. */
  get rootCauses(): ErrorCause[] {
    const { caused_by: _, ...own } = this.body
    return [own as ErrorCause]
  }

  get answer(): { error: ErrorCause & { root_cause: ErrorCause[] }; status: number } {
    const { type, reason, ...details } = this.body
    return { error: { root_cause: this.rootCauses, type, reason, ...details }, status: this.status }
  }
}

/** An error around another one, which then is the root cause. */
export class CausedError extends ElasticsearchError {
  override name = 'CausedError'

  override get rootCauses(): ErrorCause[] {
    const cause = this.details.caused_by as ErrorCause
    return [cause]
  }
}

export const illegalArgument = (reason: string, details?: Record<string, unknown>): ElasticsearchError =>
  new ElasticsearchError(400, 'illegal_argument_exception', reason, details)

export const parsingError = (reason: string, details: Record<string, unknown> = {}): ElasticsearchError =>
  new ElasticsearchError(400, 'parsing_exception', reason, details)

export const indexNotFound = (index: string): ElasticsearchError =>
  new ElasticsearchError(404, 'index_not_found_exception', `no such index [${index}]`, {
    'resource.type': 'index_or_alias',
    'resource.id': index,
    index_uuid: '_na_',
    index,
  })

/** The kind of a JSON value, as messages name it. */
export function describe(value: unknown): string {
  if (value === null) return 'VALUE_NULL'
  if (Array.isArray(value)) return 'START_ARRAY'
  switch (typeof value) {
    case 'object':
      return 'START_OBJECT'
    case 'string':
      return 'VALUE_STRING'
    case 'boolean':
      return 'VALUE_BOOLEAN'
    default:
      return 'VALUE_NUMBER'
  }
}

/** An index as errors of its shards name it. */
interface NamedIndex {
  name: string
  uuid: string
}

/** A query that cannot be run on one index: it fails that shard, not the request as such. */
export function queryShardError(index: NamedIndex, reason: string, cause?: ErrorCause): ElasticsearchError {
  return new ElasticsearchError(400, 'query_shard_exception', reason, {
    index_uuid: index.uuid,
    index: index.name,
    ...(cause === undefined ? {} : { caused_by: cause }),
  })
}

export interface ShardFailure {
  shard: number
  index: string
  node: string
  reason: ErrorCause
}

/** Every shard failed. Failures that are not the query's own appear once more as the cause, nested twice, as the server does. */
export class AllShardsFailed extends ElasticsearchError {
  override name = 'AllShardsFailed'
  readonly failures: ShardFailure[]

  constructor(failures: ShardFailure[]) {
    const first = failures[0]!.reason
    super(400, 'search_phase_execution_exception', 'all shards failed', {
      phase: 'query',
      grouped: true,
      failed_shards: failures,
      ...(first.type === 'query_shard_exception' ? {} : { caused_by: { ...first, caused_by: first } }),
    })
    this.failures = failures
  }

  override get rootCauses(): ErrorCause[] {
    return this.failures.map(({ reason: { caused_by: _, ...own } }) => own as ErrorCause)
  }
}
