/** Checks a document against the mapping and finds what it adds to it. */
import { ElasticsearchError, type ErrorCause } from '../errors.ts'
import { dynamicDefinition } from './dynamic.ts'
import { ValueError } from './field-types.ts'
import type { Dynamic, Field, Mapping, MappingSource, Node, ObjectNode } from './mapping.ts'

type Definitions = Record<string, Record<string, unknown>>

interface Walk {
  mapping: Mapping
  id: string
  /** New fields and objects by full path. */
  added: Definitions
  ignoreMalformed: boolean
}

const parsingError = (reason: string, cause?: ErrorCause): ElasticsearchError =>
  new ElasticsearchError(400, 'document_parsing_exception', reason, cause === undefined ? {} : { caused_by: cause })

/**
 * The definitions that a document adds, or null when the mapping covers it. Throws `document_parsing_exception` (400)
 * for a value that its field does not take, `strict_dynamic_mapping_exception` for a field that must not be new.
 */
export function checkDocument(
  mapping: Mapping,
  id: string,
  source: Record<string, unknown>,
  { ignoreMalformed = false }: { ignoreMalformed?: boolean } = {},
): MappingSource | null {
  const walk: Walk = { mapping, id, added: {}, ignoreMalformed }
  walkObject(walk, source, mapping.root, '', mapping.root.dynamic ?? 'true')
  return Object.keys(walk.added).length === 0 ? null : { properties: walk.added }
}

function walkObject(
  walk: Walk,
  object: Record<string, unknown>,
  node: ObjectNode | undefined,
  prefix: string,
  dynamic: Dynamic,
): void {
  for (const name of Object.keys(object)) {
    let parent = node
    let path = prefix
    let key = name
    let inherited = dynamic
    // A dotted name is a path of objects.
    for (let dot = key.indexOf('.'); dot > 0; dot = key.indexOf('.')) {
      const child: Node | undefined = parent?.children.get(key.slice(0, dot))
      if (child !== undefined && child.kind !== 'object') break
      path += `${key.slice(0, dot)}.`
      key = key.slice(dot + 1)
      parent = child
      inherited = child?.dynamic ?? inherited
      if (child?.enabled === false) return
    }
    const child = parent?.children.get(key) ?? parent?.children.get(key.split('.', 1)[0]!)
    walkValue(walk, object[name], child, `${path}${key}`, inherited)
  }
}

function walkValue(walk: Walk, value: unknown, node: Node | undefined, path: string, dynamic: Dynamic): void {
  if (value === null || value === undefined) return
  if (node?.kind === 'field') {
    checkField(walk, node, value)
    return
  }
  if (node?.kind === 'alias') throw parsingError(`Cannot write to a field alias [${path}].`)
  if (Array.isArray(value)) {
    for (const item of value) walkValue(walk, item, node, path, dynamic)
    return
  }
  if (typeof value === 'object') walkInner(walk, value as Record<string, unknown>, node, path, dynamic)
  else if (node?.kind === 'object') {
    if (node.enabled) {
      throw parsingError(
        `object mapping for [${path}] tried to parse field [${path.slice(path.lastIndexOf('.') + 1)}] as object, but found a concrete value`,
      )
    }
  } else addField(walk, value, path, dynamic)
}

function walkInner(
  walk: Walk,
  object: Record<string, unknown>,
  node: ObjectNode | undefined,
  path: string,
  dynamic: Dynamic,
): void {
  if (node?.enabled === false) return
  if (node === undefined) {
    if (dynamic === 'false') return
    if (dynamic === 'strict') throw notAllowed(path)
    walk.added[path] ??= { type: 'object' }
    // What an earlier item of the same array made of this path may be a field.
    if (walk.added[path].type !== 'object') {
      throw parsingError(
        `failed to parse field [${path}] of type [${walk.added[path].type}] in document with id '${walk.id}'.`,
      )
    }
  }
  walkObject(walk, object, node, `${path}.`, node?.dynamic ?? dynamic)
}

function addField(walk: Walk, value: unknown, path: string, dynamic: Dynamic): void {
  if (dynamic === 'false' || dynamic === 'runtime') return
  if (dynamic === 'strict') throw notAllowed(path)
  const known = walk.added[path]
  if (known === undefined) {
    const definition = dynamicDefinition(walk.mapping.settings, path, value)
    if (definition !== null) walk.added[path] = definition
  } else if (known.type === 'object') {
    throw parsingError(
      `object mapping for [${path}] tried to parse field [${path.slice(path.lastIndexOf('.') + 1)}] as object, but found a concrete value`,
    )
  } else if (known.type === 'long' && typeof value === 'number' && !Number.isInteger(value)) known.type = 'float'
}

const notAllowed = (path: string) => {
  const dot = path.lastIndexOf('.')
  const within = dot === -1 ? '_doc' : path.slice(0, dot)
  return new ElasticsearchError(
    400,
    'strict_dynamic_mapping_exception',
    `mapping set to strict, dynamic introduction of [${path.slice(dot + 1)}] within [${within}] is not allowed`,
  )
}

function checkField(walk: Walk, field: Field, value: unknown): void {
  if (Array.isArray(value)) {
    for (const item of value) checkField(walk, field, item)
    return
  }
  if (value === null || value === undefined) return
  if (field.typeName === 'flattened') {
    if (typeof value === 'object') return
    throw parsingError(
      `failed to parse field [${field.path}] of type [flattened] in document with id '${walk.id}'. Preview of field's value: '${preview(value)}'`,
      {
        type: 'parsing_exception',
        reason: 'Failed to parse object: expecting token of type [START_OBJECT] but found [VALUE_STRING]',
      },
    )
  }
  // Any text is a keyword and analysed text: nothing to check, and analysing it now would be wasted.
  if (typeof value === 'string' && (field.type.family === 'keyword' || field.type.family === 'text')) return
  try {
    field.type.parse(value, field.parameters)
  } catch (error) {
    if (!(error instanceof ValueError)) throw error
    if (field.parameters.ignore_malformed === true || walk.ignoreMalformed) return
    throw parsingError(
      `failed to parse field [${field.path}] of type [${field.typeName}] in document with id '${walk.id}'. Preview of field's value: '${preview(value)}'`,
      {
        type: error.type,
        reason: error.message,
        ...(error.cause_ === undefined ? {} : { caused_by: error.cause_ }),
      },
    )
  }
}

/** A value as the server shows it in errors: objects in Java's notation. */
function preview(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(preview).join(', ')}]`
  if (value !== null && typeof value === 'object') {
    return `{${Object.entries(value)
      .map(([key, inner]) => `${key}=${preview(inner)}`)
      .join(', ')}}`
  }
  return String(value)
}
