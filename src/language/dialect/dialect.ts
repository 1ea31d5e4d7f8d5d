/** What a product calls log sources and fields, and where these lie in ECS. One data file a product. */

export interface DialectField {
  /** As the product names it. */
  name: string
  ecs: string
  /** Sysmon event ids of which this holds; all that no other row of the name lists when absent. */
  events?: readonly number[]
}

export interface DialectSource {
  /** The value by which the product names this source. */
  value: string
  /** `event.provider` values. */
  providers: readonly string[]
  /** By event id a value of `event.category` that all of its events have. */
  categories: Readonly<Record<number, string>>
  fields: readonly DialectField[]
}

export interface Dialect {
  /** Of the product, for people. */
  product: string
  /** The field that names the log source. */
  sourceField: string
  eventIdField: string
  /** The first is meant where a query names none. */
  sources: readonly DialectSource[]
  /** Names that the product has and that cannot be asked for here, each with the reason. */
  refused: Readonly<Record<string, string>>
}
