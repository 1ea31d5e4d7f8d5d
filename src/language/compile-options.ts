/** What is known of the documents that a query will run over. */
import type { FieldSchema } from './schema.ts'

export interface CompileOptions {
  /** The fields that are mapped: then an unknown one is an error. */
  schema?: FieldSchema
  categoryField?: string
  timestampField?: string
  tiebreakerField?: string
}
