/** The mapping of one index: a tree of objects and fields. */
import { ElasticsearchError, illegalArgument } from '../errors.ts'
import { FIELD_TYPES, type FieldParameters, type FieldType } from './field-types.ts'

export type Dynamic = 'true' | 'false' | 'strict' | 'runtime'

/** A leaf of the tree. */
export interface Field {
  kind: 'field'
  path: string
  typeName: string
  type: FieldType
  parameters: FieldParameters
  /** Other ways to index the same values, under `path.name`. */
  fields: Map<string, Field>
  /** Where the values lie in the document: the path itself, or that of the field this one is a sub-field of. */
  sourcePath: string
}

export interface AliasNode {
  kind: 'alias'
  path: string
  target: string
}

export interface ObjectNode {
  kind: 'object'
  path: string
  nested: boolean
  dynamic: Dynamic | undefined
  enabled: boolean
  children: Map<string, Node>
}

export type Node = Field | AliasNode | ObjectNode

/** What a mapping says besides its properties. */
export interface MappingSettings {
  dynamic?: unknown
  date_detection?: boolean
  numeric_detection?: boolean
  dynamic_date_formats?: string[]
  dynamic_templates?: Record<string, Record<string, unknown>>[]
  _meta?: unknown
  _source?: unknown
}

/** A mapping as people write it. */
export interface MappingSource extends MappingSettings {
  properties?: Record<string, unknown>
}

const ROOT_PARAMETERS = new Set([
  'dynamic',
  'date_detection',
  'numeric_detection',
  'dynamic_date_formats',
  'dynamic_templates',
  'properties',
  '_source',
  '_meta',
  '_routing',
  '_data_stream_timestamp',
  'runtime',
])

/** Parameters that say no more than the default does: the server leaves them out of what it shows. */
const DEFAULTS: Readonly<Record<string, unknown>> = { index: true, doc_values: true, store: false, coerce: true }

const mapperError = (reason: string) => new ElasticsearchError(400, 'mapper_parsing_exception', reason)

export class Mapping {
  readonly root: ObjectNode = objectNode('')
  /** Everything of the root but `properties`, as written. */
  #settings: MappingSettings = {}
  /** Leaves by full path, sub-fields and aliases included. */
  readonly #leaves = new Map<string, Field | AliasNode>()
  /** Paths of flattened fields. */
  readonly #flattened = new Set<string>()
  /** Grows with every change; what was derived from an older one is out of date. */
  generation = 0

  constructor(source: MappingSource = {}) {
    this.merge(source)
  }

  get settings(): Readonly<MappingSettings> {
    return this.#settings
  }

  /** Adds definitions. Throws when one contradicts what is there; then nothing has changed. */
  merge(source: MappingSource): void {
    for (const key of Object.keys(source)) {
      if (!ROOT_PARAMETERS.has(key)) {
        throw mapperError(
          `Root mapping definition has unsupported parameters:  [${key} : ${JSON.stringify((source as Record<string, unknown>)[key])}]`,
        )
      }
    }
    const { properties = {}, ...settings } = source
    // Once over a copy that nobody sees, so that a mistake in the last field leaves the first ones as they were.
    mergeProperties(copyOf(this.root), properties)
    mergeProperties(this.root, properties)
    this.#settings = { ...this.#settings, ...settings }
    if (settings.dynamic !== undefined) this.root.dynamic = String(settings.dynamic) as Dynamic
    this.#index(this.root)
    this.generation += 1
  }

  #index(node: Node): void {
    if (node.kind === 'object') {
      for (const child of node.children.values()) this.#index(child)
      return
    }
    this.#leaves.set(node.path, node)
    if (node.kind === 'alias') return
    if (node.typeName === 'flattened') this.#flattened.add(node.path)
    for (const field of node.fields.values()) this.#index(field)
  }

  /** The field at a path: aliases followed, and any key below a flattened field. */
  field(path: string): Field | undefined {
    const leaf = this.#leaves.get(path)
    if (leaf?.kind === 'alias') return this.field(leaf.target)
    if (leaf !== undefined) return leaf
    for (const root of this.#flattened) {
      if (!path.startsWith(`${root}.`)) continue
      const parent = this.#leaves.get(root) as Field
      return { ...parent, path, sourcePath: path, fields: new Map() }
    }
    return undefined
  }

  /** Whether a path is an object of the mapping. */
  isObject(path: string): boolean {
    let node: Node | undefined = this.root
    for (const key of path.split('.')) node = node?.kind === 'object' ? node.children.get(key) : undefined
    return node?.kind === 'object'
  }

  /** All leaves by path, sub-fields included; aliases stand for their targets. */
  *fields(): Iterable<[string, Field]> {
    for (const path of this.#leaves.keys()) {
      const field = this.field(path)
      if (field !== undefined) yield [path, field]
    }
  }

  /** Paths of all objects of the tree. */
  *objects(node: ObjectNode = this.root): Iterable<ObjectNode> {
    for (const child of node.children.values()) {
      if (child.kind !== 'object') continue
      yield child
      yield* this.objects(child)
    }
  }

  toJSON(): Record<string, unknown> {
    const properties = propertiesOf(this.root)
    const { dynamic, ...rest } = this.#settings
    return {
      ...(dynamic === undefined ? {} : { dynamic: String(dynamic) }),
      ...rest,
      ...(Object.keys(properties).length === 0 ? {} : { properties }),
    }
  }
}

function objectNode(path: string): ObjectNode {
  return { kind: 'object', path, nested: false, dynamic: undefined, enabled: true, children: new Map() }
}

function copyOf(node: ObjectNode): ObjectNode {
  const children = [...node.children].map(([name, child]): [string, Node] => [
    name,
    child.kind === 'object' ? copyOf(child) : { ...child },
  ])
  return { ...node, children: new Map(children) }
}

function mergeProperties(parent: ObjectNode, properties: Record<string, unknown>): void {
  for (const [name, definition] of Object.entries(properties)) {
    if (definition === null || typeof definition !== 'object' || Array.isArray(definition)) {
      throw mapperError(`Expected map for property [fields] on field [${name}] but got a class java.lang.String`)
    }
    mergeNamed(parent, name, definition as Record<string, unknown>)
  }
}

function mergeNamed(parent: ObjectNode, name: string, definition: Record<string, unknown>): void {
  const path = parent.path === '' ? name : `${parent.path}.${name}`
  const dot = name.indexOf('.')
  if (dot > 0) {
    mergeNamed(parent, name.slice(0, dot), { properties: { [name.slice(dot + 1)]: definition } })
    return
  }
  const existing = parent.children.get(name)
  const type =
    definition.type ??
    (existing?.kind === 'field' && definition.properties === undefined ? existing.typeName : 'object')
  if (type === 'object' || type === 'nested') mergeObject(parent, name, path, definition, existing)
  else if (type === 'alias') {
    if (typeof definition.path !== 'string')
      throw mapperError(`The [path] parameter must be specified for field [${name}].`)
    parent.children.set(name, { kind: 'alias', path, target: definition.path })
  } else if (existing?.kind === 'object') {
    throw illegalArgument(`can't merge a non object mapping [${path}] with an object mapping`)
  } else parent.children.set(name, fieldOf(path, definition, existing?.kind === 'field' ? existing : undefined))
}

function mergeObject(
  parent: ObjectNode,
  name: string,
  path: string,
  definition: Record<string, unknown>,
  existing: Node | undefined,
): void {
  if (existing !== undefined && existing.kind !== 'object') {
    throw illegalArgument(`can't merge a non object mapping [${path}] with an object mapping`)
  }
  const node = existing ?? objectNode(path)
  if (definition.type === 'nested') node.nested = true
  if (definition.dynamic !== undefined) node.dynamic = String(definition.dynamic) as Dynamic
  if (definition.enabled !== undefined) node.enabled = String(definition.enabled) === 'true'
  mergeProperties(node, (definition.properties ?? {}) as Record<string, unknown>)
  parent.children.set(name, node)
}

/** A field as its definition says, checked against the one that is there. */
function fieldOf(path: string, definition: Record<string, unknown>, existing?: Field, sourcePath = path): Field {
  const { type: typeName = existing?.typeName, fields = {}, meta, ...parameters } = definition
  const name = path.slice(path.lastIndexOf('.') + 1)
  const type = typeof typeName === 'string' ? FIELD_TYPES[typeName] : undefined
  if (type === undefined) {
    throw mapperError(
      `The mapper type [${typeName}] declared on field [${name}] does not exist. It might have been created within a future version or requires a plugin to be installed. Check the documentation.`,
    )
  }
  const unknown = Object.keys(parameters).find((key) => !type.parameters.includes(key))
  if (unknown !== undefined) {
    throw mapperError(`unknown parameter [${unknown}] on mapper [${name}] of type [${typeName}]`)
  }
  if (existing !== undefined && existing.typeName !== typeName) {
    throw illegalArgument(`mapper [${path}] cannot be changed from type [${existing.typeName}] to [${typeName}]`)
  }
  for (const key of Object.keys(parameters)) if (DEFAULTS[key] === parameters[key]) delete parameters[key]
  const merged = new Map(existing?.fields)
  for (const [sub, subDefinition] of Object.entries(fields as Record<string, Record<string, unknown>>)) {
    merged.set(sub, fieldOf(`${path}.${sub}`, subDefinition, merged.get(sub), sourcePath))
  }
  return {
    kind: 'field',
    path,
    typeName: typeName as string,
    type,
    parameters: { ...existing?.parameters, ...parameters, ...(meta === undefined ? {} : { meta }) },
    fields: merged,
    sourcePath,
  }
}

function propertiesOf(node: ObjectNode): Record<string, unknown> {
  const names = [...node.children.keys()].sort()
  return Object.fromEntries(names.map((name) => [name, definitionOf(node.children.get(name)!)]))
}

function definitionOf(node: Node): Record<string, unknown> {
  if (node.kind === 'alias') return { type: 'alias', path: node.target }
  if (node.kind === 'field') {
    const fields = [...node.fields].map(([name, field]) => [name, definitionOf(field)])
    return {
      type: node.typeName,
      ...node.parameters,
      ...(fields.length === 0 ? {} : { fields: Object.fromEntries(fields) }),
    }
  }
  const properties = propertiesOf(node)
  const empty = Object.keys(properties).length === 0
  return {
    ...(node.nested ? { type: 'nested' } : empty ? { type: 'object' } : {}),
    ...(node.dynamic === undefined ? {} : { dynamic: node.dynamic }),
    ...(node.enabled ? {} : { enabled: false }),
    ...(empty ? {} : { properties }),
  }
}
