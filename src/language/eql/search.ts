/** What `_eql/search` does with documents: compiles a query against a mapping and finds its matches. */
import type { EventDocument } from '../../model/event.ts'
import { type CompileOptions, compile } from '../compile.ts'
import type { Found } from '../plan.ts'
import type { SearchOptions } from '../run-plan.ts'

export interface EqlSearchOptions extends SearchOptions, CompileOptions {}

/** The matches with their join keys; null stands for a missing event. Throws `QueryError`. Elasticsearch's default size is 10. */
export function search(
  query: string,
  events: readonly EventDocument[],
  options: EqlSearchOptions = {},
): Found<EventDocument>[] {
  return compile('eql', query, options).search(events, { size: 10, ...options })
}
