/** The index that the alerts of a space are written to. */
import type { Store } from '../store/store.ts'
import type { StoredIndex } from '../store/stored-index.ts'

const keyword = { type: 'keyword' }
const date = { type: 'date' }
const long = { type: 'long' }

/** Copied fields of events become keywords, whatever they look like; what alerts are found by has its own type. */
const MAPPINGS = {
  dynamic: true,
  date_detection: false,
  dynamic_templates: [
    { addresses: { match_mapping_type: 'string', match: 'ip', mapping: { type: 'ip' } } },
    { texts: { match_mapping_type: 'string', mapping: { type: 'keyword', ignore_above: 8191 } } },
  ],
  properties: {
    '@timestamp': date,
    event: { properties: { kind: keyword, category: keyword, type: keyword, created: date, ingested: date } },
    host: { properties: { name: keyword, id: keyword, ip: { type: 'ip' } } },
    process: { properties: { entity_id: keyword, name: keyword, pid: long } },
    source: { properties: { ip: { type: 'ip' }, port: long } },
    destination: { properties: { ip: { type: 'ip' }, port: long } },
    kibana: {
      properties: {
        space_ids: keyword,
        alert: {
          properties: {
            ancestors: { properties: { id: keyword, type: keyword, index: keyword, depth: long, rule: keyword } },
            original_time: date,
            original_event: { properties: { created: date, ingested: date } },
            start: date,
            last_detected: date,
            depth: long,
            risk_score: { type: 'float' },
            group: { properties: { id: keyword, index: { type: 'integer' } } },
            rule: {
              properties: {
                parameters: { type: 'flattened', ignore_above: 4096 },
                created_at: date,
                updated_at: date,
                execution: { properties: { uuid: keyword, timestamp: date } },
              },
            },
          },
        },
      },
    },
  },
}

export const alertIndexName = (space: string): string => `.alerts-security.alerts-${space}`

/** The index of a space's alerts; made when it is first asked for. */
export function alertIndex(store: Store, space: string): StoredIndex {
  const name = alertIndexName(space)
  return (
    store.indices.get(name) ??
    store.createIndex(name, {
      settings: { hidden: 'true', number_of_replicas: 0, 'mapping.ignore_malformed': true },
      mappings: MAPPINGS,
    })
  )
}
