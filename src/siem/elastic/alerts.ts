/** Alerts of Elastic Security: documents with flat dotted keys in `.alerts-security.alerts-<space>`. */
import type { estypes } from '@elastic/elasticsearch'
import type { Alert } from '../../engine/ports.ts'
import { fieldOf, valuesOf } from '../../model/event.ts'
import { MOST_EVENTS } from './event-search.ts'

const FIELDS = [
  '@timestamp',
  'kibana.alert.rule.rule_id',
  'kibana.alert.rule.uuid',
  'kibana.alert.ancestors',
  'kibana.alert.building_block_type',
  'host.name',
  'host.id',
  'process.entity_id',
]

/** All alerts of these rules since a time (lab milliseconds), oldest first. */
export function alertSearch(space: string, ruleIds: string[], from: number): estypes.SearchRequest {
  return {
    index: `.alerts-security.alerts-${space}`,
    ignore_unavailable: true,
    allow_no_indices: true,
    size: MOST_EVENTS,
    query: {
      bool: {
        filter: [
          { terms: { 'kibana.alert.rule.rule_id': ruleIds } },
          { range: { '@timestamp': { gte: from, format: 'epoch_millis' } } },
        ],
      },
    },
    sort: [{ '@timestamp': { order: 'asc', unmapped_type: 'date' } }],
    _source: FIELDS,
    track_total_hits: false,
  }
}

/** An alert document as the engine reads it. */
export function alertFrom(hit: estypes.SearchHit<unknown>): Alert {
  const source = hit._source
  const text = (path: string) => valuesOf(source, path).map(String)
  const ancestors = valuesOf(source, 'kibana.alert.ancestors') as Alert['ancestors']
  return {
    index: hit._index,
    id: hit._id!,
    ruleId: text('kibana.alert.rule.rule_id')[0] ?? '',
    ruleUuid: text('kibana.alert.rule.uuid')[0] ?? null,
    at: Date.parse(String(fieldOf(source, '@timestamp'))),
    ancestors: ancestors.map(({ id, index, type, depth }) => ({ id, index, type, depth })),
    hosts: [...new Set([...text('host.name'), ...text('host.id')])],
    entities: text('process.entity_id'),
    buildingBlock: text('kibana.alert.building_block_type').length > 0,
  }
}
