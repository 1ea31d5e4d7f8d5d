/** Kibana's detection engine API: alerts, there still called signals; and the status of Kibana itself. */
import { alertIndexName } from '../detection/alert-index.ts'
import { ElasticsearchError } from '../errors.ts'
import type { ApiRequest } from '../http/request.ts'
import type { Handler, Routes } from '../http/routes.ts'
import { matching } from '../query/matcher.ts'
import { parseQuery } from '../query/parse.ts'
import { search } from '../search/execute.ts'
import { parseSearch } from '../search/request.ts'
import { SEARCH_OPTIONS } from '../store/names.ts'
import type { Store } from '../store/store.ts'
import { KibanaError } from './error.ts'
import { objectOf, spaceOf } from './rules.ts'

const STATUSES = ['open', 'closed', 'acknowledged', 'in-progress']

export function signalRoutes(routes: Routes, store: Store, now: () => number, version: string): void {
  const add = (methods: string, path: string, handler: Handler) => {
    for (const prefix of ['', '/s/:space']) routes.add('kibana', methods, `${prefix}${path}`, handler)
  }
  const alerts = (request: ApiRequest) =>
    store.resolve(alertIndexName(spaceOf(request)), { ...SEARCH_OPTIONS, ignoreUnavailable: true, hidden: true })

  add('GET', '/api/status', () => ({
    body: {
      name: 'tocsin',
      version: { number: version, build_hash: 'unknown', build_number: 0, build_snapshot: false },
      status: { overall: { level: 'available', summary: 'All services and plugins are available' } },
    },
  }))
  add('POST', '/api/detection_engine/signals/search', (request) =>
    inKibana(() => ({ body: search(alerts(request), parseSearch(objectOf(request)), { now: now() }) })),
  )
  add('POST', '/api/detection_engine/signals/status', (request) =>
    inKibana(() => {
      const from = performance.now()
      const { signal_ids: ids, query, status } = objectOf(request)
      if (typeof status !== 'string' || !STATUSES.includes(status)) {
        throw new KibanaError(400, `[request body]: status: Invalid enum value, received '${status}'`)
      }
      if (Array.isArray(ids) === (query !== undefined)) {
        throw new KibanaError(400, '[request body]: either "signal_ids" or "query" must be set')
      }
      const wanted = parseQuery(query ?? { ids: { values: ids } })
      let updated = 0
      for (const index of alerts(request)) {
        const shard = { index, now: now() }
        for (const number of matching(wanted.bind(shard), shard)) {
          const { id, source } = index.documents[number]!
          store.put(index, id, {
            ...source,
            'kibana.alert.workflow_status': status === 'in-progress' ? 'acknowledged' : status,
            'kibana.alert.workflow_status_updated_at': new Date(now()).toISOString(),
          })
          updated += 1
        }
      }
      const took = Math.round(performance.now() - from)
      return {
        body: {
          took,
          timed_out: false,
          total: updated,
          updated,
          deleted: 0,
          batches: 1,
          version_conflicts: 0,
          noops: 0,
          failures: [],
        },
      }
    }),
  )
}

/** Errors of a search, in Kibana's shape. */
function inKibana<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof ElasticsearchError) throw new KibanaError(error.status, `${error.type}: ${error.message}`)
    throw error
  }
}
