/** What the server says of itself: info, health, licence, nodes. */
import { ElasticsearchError } from '../errors.ts'
import type { ApiRequest } from '../http/request.ts'
import type { Routes } from '../http/routes.ts'
import { NODE_ID } from '../search/execute.ts'
import { SEARCH_OPTIONS } from '../store/names.ts'
import type { Store } from '../store/store.ts'

/** By this name clients can tell the embedded SIEM from a real one. */
const CLUSTER_NAME = 'tocsin-embedded'

export function clusterRoutes(routes: Routes, store: Store, version: string): void {
  routes.add('elasticsearch', 'GET', '/', () => ({
    body: {
      name: 'tocsin',
      cluster_name: CLUSTER_NAME,
      cluster_uuid: 'tocsin-embedded-cluster',
      version: {
        number: version,
        build_flavor: 'default',
        build_type: 'tocsin',
        build_hash: 'unknown',
        build_date: '2026-01-01T00:00:00.000Z',
        build_snapshot: false,
        lucene_version: '10.0.0',
        minimum_wire_compatibility_version: '8.19.0',
        minimum_index_compatibility_version: '8.0.0',
      },
      tagline: 'You Know, for Search',
    },
  }))
  const health = ({ params }: ApiRequest) => {
    const shards = store.resolve(params.index ?? '*', { ...SEARCH_OPTIONS, hidden: true }).length
    return {
      body: {
        cluster_name: CLUSTER_NAME,
        status: 'green',
        timed_out: false,
        number_of_nodes: 1,
        number_of_data_nodes: 1,
        active_primary_shards: shards,
        active_shards: shards,
        relocating_shards: 0,
        initializing_shards: 0,
        unassigned_shards: 0,
        unassigned_primary_shards: 0,
        delayed_unassigned_shards: 0,
        number_of_pending_tasks: 0,
        number_of_in_flight_fetch: 0,
        task_max_waiting_in_queue_millis: 0,
        active_shards_percent_as_number: 100,
      },
    }
  }
  routes.add('elasticsearch', 'GET', '/_cluster/health', health)
  routes.add('elasticsearch', 'GET', '/_cluster/health/:index', health)
  routes.add('elasticsearch', 'GET', '/_license', () => ({
    body: { license: { status: 'active', type: 'basic', mode: 'basic' } },
  }))
  routes.add('elasticsearch', 'GET', '/_security/_authenticate', () => ({
    body: { username: 'tocsin', roles: ['superuser'], enabled: true, authentication_type: 'api_key' },
  }))
  routes.add('elasticsearch', 'GET', '/_nodes', () => ({
    body: {
      _nodes: { total: 1, successful: 1, failed: 0 },
      cluster_name: CLUSTER_NAME,
      nodes: { [NODE_ID]: { name: 'tocsin', version, roles: ['data', 'master'] } },
    },
  }))
  // Ingest pipelines and life-cycle policies would change documents or remove them behind a test's back.
  for (const path of ['/_ingest/pipeline/:id', '/_ilm/policy/:id']) {
    routes.add('elasticsearch', 'GET|PUT|DELETE', path, ({ uri }) => {
      throw new ElasticsearchError(400, 'illegal_argument_exception', `[${uri}] is not supported by the embedded SIEM`)
    })
  }
}
