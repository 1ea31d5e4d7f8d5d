export interface Aggregations {
  [name: string]: unknown
}
export const parseAggregations = (_: unknown): Aggregations => ({})
