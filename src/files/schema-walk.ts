/** What a schema allows at a place of a value. */
import { z } from 'zod'
import type { Path } from './yaml-file.ts'

/** The schemas that may hold at a path: several where the schema has alternatives. */
export function schemasAt(schema: z.ZodType, path: Path): z.ZodType[] {
  let here = alternatives(schema)
  for (const segment of path) here = here.flatMap((at) => child(at, segment)).flatMap(alternatives)
  return here
}

/** The keys that the objects among some schemas have. */
export function knownKeys(schemas: z.ZodType[]): string[] {
  return [...new Set(schemas.flatMap((schema) => (schema instanceof z.ZodObject ? Object.keys(schema.shape) : [])))]
}

/** A schema without its wrappers, and each branch of a union. A wrapper's description stays reachable beside it. */
function alternatives(schema: z.ZodType): z.ZodType[] {
  if (schema instanceof z.ZodUnion) return (schema.options as z.ZodType[]).flatMap(alternatives)
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodNullable) {
    return [schema as z.ZodType, ...alternatives(schema.unwrap() as z.ZodType)]
  }
  return [schema]
}

function child(schema: z.ZodType, segment: PropertyKey): z.ZodType[] {
  if (schema instanceof z.ZodObject) {
    const found = (schema.shape as Record<PropertyKey, z.ZodType>)[segment]
    return found === undefined ? [] : [found]
  }
  if (schema instanceof z.ZodArray) return [schema.element as z.ZodType]
  if (schema instanceof z.ZodRecord) return [schema.valueType as z.ZodType]
  return []
}
