/** `_eql/search`: at once, or kept and asked for later. */
import { parseEqlRequest, timeOf } from '../eql/request.ts'
import { eqlSearch } from '../eql/search.ts'
import { StoredSearches } from '../eql/stored-searches.ts'
import { indexNotFound } from '../errors.ts'
import type { ApiRequest } from '../http/request.ts'
import type { Routes } from '../http/routes.ts'
import { indexOptions, SEARCH_OPTIONS } from '../store/names.ts'
import type { Store } from '../store/store.ts'
import type { StoredIndex } from '../store/stored-index.ts'

export function eqlRoutes(routes: Routes, store: Store, now: () => number): void {
  const stored = new StoredSearches(now)
  routes.add('elasticsearch', 'GET|POST', '/:index/_eql/search', (request) => {
    const asked = parseEqlRequest(request)
    const indices = indicesOf(store, request)
    const run = () => eqlSearch(indices, asked, now())
    if (asked.waitMs === null) return { body: run() }
    return stored.submit(run, { ...asked, waitMs: asked.waitMs })
  })
  routes.add('elasticsearch', 'GET', '/_eql/search/status/:id', ({ params }) => stored.status(params.id!))
  routes.add('elasticsearch', 'GET', '/_eql/search/:id', ({ params, parameters }) => {
    const time = (name: string) => {
      const value = parameters.get(name)
      return value === null ? null : timeOf(name, value)
    }
    return stored.get(params.id!, { waitMs: time('wait_for_completion_timeout'), keepAliveMs: time('keep_alive') })
  })
  routes.add('elasticsearch', 'DELETE', '/_eql/search/:id', ({ params }) => stored.delete(params.id!))
}

/** Indices that are not there are passed over, but a search needs one. */
function indicesOf(store: Store, { params, parameters }: ApiRequest): StoredIndex[] {
  const indices = store.resolve(params.index!, indexOptions(parameters, { ...SEARCH_OPTIONS, ignoreUnavailable: true }))
  if (indices.length === 0) throw indexNotFound(params.index!)
  return indices
}
