/** Objects that hold many records: responses of searches, and exports with all records in a list. */
import { shapeOf } from '../shapes.ts'
import { isJson, type Json } from './shape.ts'

/** Where exports put their list: Azure, Splunk, PowerShell and others. */
const LISTS = ['records', 'results', 'value', 'events', 'Events']

/** The records in an object; null when it is one itself. */
export function recordsIn(value: Json): Json[] | null {
  const { hits } = value
  if (isJson(hits)) return hitsIn(hits)
  const name = LISTS.find((key) => Array.isArray(value[key]))
  if (name === undefined || shapeOf(value) !== null) return null
  const records = (value[name] as unknown[]).filter(isJson)
  return records.length === 0 || shapeOf(records[0]!) === null ? null : records
}

/** The hits of a whole response, also of an EQL search: events, or the events of all sequences. */
function hitsIn(hits: Json): Json[] | null {
  if (Array.isArray(hits.sequences))
    return hits.sequences
      .filter(isJson)
      .flatMap(({ events }) => events)
      .filter(isJson)
  const found = hits.hits ?? hits.events
  return Array.isArray(found) ? found.filter(isJson) : null
}
