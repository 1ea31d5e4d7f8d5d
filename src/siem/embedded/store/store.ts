/** All that the server keeps: indices, data streams, templates, rules. Changes go through `apply`, one record each. */
import { randomBytes } from 'node:crypto'
import { CausedError, ElasticsearchError, illegalArgument, indexNotFound } from '../errors.ts'
import { Mapping, type MappingSource } from '../mapping/mapping.ts'
import { type Change, type ChangeLog, NO_LOG } from './changes.ts'
import { checkIndexName, type IndexOptions } from './names.ts'
import { resolveIndices } from './resolve.ts'
import { flatSettings } from './settings.ts'
import { StoredIndex, type WriteOptions, type Written } from './stored-index.ts'
import {
  type ComponentTemplate,
  type IndexDefinition,
  type IndexTemplate,
  type LegacyTemplate,
  Templates,
} from './templates.ts'

export class Store {
  readonly indices = new Map<string, StoredIndex>()
  /** Data streams by name: their backing indices, oldest first. */
  readonly dataStreams = new Map<string, string[]>()
  readonly templates = new Templates()
  /** What is no document: rules and the server's own key, by type and id. */
  readonly #objects = new Map<string, Map<string, unknown>>()
  readonly #now: () => number
  log: ChangeLog = NO_LOG
  /** Grows when indices or aliases come or go. */
  generation = 0

  constructor(now: () => number) {
    this.#now = now
  }

  /** Does a change and logs it. */
  #commit(change: Change): void {
    this.apply(change)
    this.log.append(change)
  }

  /** Does a change without logging it: for what comes from the log. */
  apply(change: Change): void {
    switch (change.do) {
      case 'create-index':
        this.#addIndex(change)
        return
      case 'delete-index':
        this.#removeIndex(change.name)
        return
      case 'map':
        this.indices.get(change.index)?.mapping.merge(change.mappings)
        return
      case 'settings':
        Object.assign(this.indices.get(change.index)?.settings ?? {}, change.settings)
        return
      case 'alias': {
        const aliases = this.indices.get(change.index)?.aliases
        if (change.definition === null) aliases?.delete(change.alias)
        else aliases?.set(change.alias, change.definition)
        this.generation += 1
        return
      }
      case 'put':
        this.indices.get(change.index)?.put(change.id, change.source, change)
        return
      case 'delete':
        this.indices.get(change.index)?.delete(change.id)
        return
      case 'template': {
        const templates = this.templates[change.kind] as Map<string, unknown>
        if (change.template === null) templates.delete(change.name)
        else templates.set(change.name, change.template)
        return
      }
      case 'object': {
        const objects = this.objects(change.type)
        if (change.value === null) objects.delete(change.id)
        else objects.set(change.id, change.value)
      }
    }
  }

  #addIndex(change: Extract<Change, { do: 'create-index' }>): void {
    const { name, uuid, created, settings, dataStream } = change
    const mapping = new Mapping(change.mappings)
    const index = new StoredIndex({ name, uuid, created, settings: { ...settings }, mapping, dataStream })
    for (const [alias, definition] of Object.entries(change.aliases)) index.aliases.set(alias, definition)
    index.nextSeqNo = change.nextSeqNo ?? 0
    this.indices.set(name, index)
    if (dataStream !== null) this.dataStreams.set(dataStream, [...(this.dataStreams.get(dataStream) ?? []), name])
    this.generation += 1
  }

  #removeIndex(name: string): void {
    const stream = this.indices.get(name)?.dataStream
    this.indices.delete(name)
    if (stream !== null && stream !== undefined) {
      const left = (this.dataStreams.get(stream) ?? []).filter((backing) => backing !== name)
      if (left.length === 0) this.dataStreams.delete(stream)
      else this.dataStreams.set(stream, left)
    }
    this.generation += 1
  }

  allObjects(): Iterable<[string, Map<string, unknown>]> {
    return this.#objects
  }

  objects(type: string): Map<string, unknown> {
    const known = this.#objects.get(type)
    if (known !== undefined) return known
    const objects = new Map<string, unknown>()
    this.#objects.set(type, objects)
    return objects
  }

  /** Keeps an object, or forgets it when the value is null. */
  putObject(type: string, id: string, value: unknown): void {
    this.#commit({ do: 'object', type, id, value })
  }

  putTemplate(kind: 'index', name: string, template: IndexTemplate | null): void
  putTemplate(kind: 'component', name: string, template: ComponentTemplate | null): void
  putTemplate(kind: 'legacy', name: string, template: LegacyTemplate | null): void
  putTemplate(kind: 'index' | 'component' | 'legacy', name: string, template: unknown): void {
    this.#commit({ do: 'template', kind, name, template })
  }

  /** Makes an index from a request and the templates that match its name. */
  createIndex(name: string, definition: IndexDefinition = {}, dataStream: string | null = null): StoredIndex {
    if (dataStream === null) checkIndexName(name)
    const existing = this.indices.get(name)
    if (existing !== undefined || this.dataStreams.has(name)) {
      throw new ElasticsearchError(
        400,
        'resource_already_exists_exception',
        `index [${name}/${existing?.uuid ?? '_na_'}] already exists`,
        { index_uuid: existing?.uuid ?? '_na_', index: name },
      )
    }
    const templated = this.templates.definitions(dataStream ?? name)
    const parts = [...templated, definition]
    const mapping = new Mapping()
    for (const { mappings } of parts) if (mappings !== undefined) mergeFirst(mapping, mappings)
    if (dataStream !== null && mapping.field('@timestamp') === undefined) mapping.merge(TIMESTAMP)
    const settings: Record<string, unknown> = {}
    const aliases: Record<string, Record<string, unknown>> = {}
    for (const part of parts) {
      Object.assign(settings, flatSettings(part.settings ?? {}))
      Object.assign(aliases, part.aliases ?? {})
    }
    const uuid = randomBytes(16).toString('base64url')
    const mappings = mapping.toJSON()
    this.#commit({ do: 'create-index', name, uuid, created: this.#now(), settings, mappings, aliases, dataStream })
    return this.indices.get(name)!
  }

  /** Makes the next backing index of a data stream; the stream itself with the first. */
  createBackingIndex(stream: string): StoredIndex {
    const day = new Date(this.#now()).toISOString().slice(0, 10).replaceAll('-', '.')
    const generation = String((this.dataStreams.get(stream)?.length ?? 0) + 1).padStart(6, '0')
    return this.createIndex(`.ds-${stream}-${day}-${generation}`, { settings: { hidden: 'true' } }, stream)
  }

  deleteIndex(name: string): void {
    this.#commit({ do: 'delete-index', name })
  }

  updateMapping(index: StoredIndex, mappings: MappingSource): void {
    // Merged before it is logged: a mapping that contradicts must not be replayed.
    index.mapping.merge(mappings)
    this.log.append({ do: 'map', index: index.name, mappings })
  }

  updateSettings(index: StoredIndex, settings: Record<string, unknown>): void {
    this.#commit({ do: 'settings', index: index.name, settings: flatSettings(settings) })
  }

  setAlias(index: StoredIndex, alias: string, definition: Record<string, unknown> | null): void {
    this.#commit({ do: 'alias', index: index.name, alias, definition })
  }

  put(index: StoredIndex, id: string, source: Record<string, unknown>, options: WriteOptions = {}): Written {
    index.expect(id, options)
    const added = index.check(id, source)
    if (added !== null) this.updateMapping(index, added)
    const written = index.put(id, source)
    const { seqNo, version } = written
    this.log.append({ do: 'put', index: index.name, id, seqNo, version, source })
    return written
  }

  delete(index: StoredIndex, id: string, options: WriteOptions = {}): Written {
    index.expect(id, options)
    const written = index.delete(id)
    if (written.result === 'deleted') this.log.append({ do: 'delete', index: index.name, id })
    return written
  }

  /** The index that a write to a name goes to: itself, an alias's, a data stream's newest; made when there is none. */
  writeTarget(name: string, operation: 'index' | 'create' | 'other', create = true): StoredIndex {
    const index = this.indices.get(name)
    if (index !== undefined) return index
    const backing = this.dataStreams.get(name)
    if (backing !== undefined) {
      if (operation === 'index') throw onlyCreate()
      return this.indices.get(backing.at(-1)!)!
    }
    const aliased = [...this.indices.values()].filter(({ aliases }) => aliases.has(name))
    if (aliased.length > 0) return this.#writeIndexOf(name, aliased)
    if (!create) throw indexNotFound(name)
    if (this.templates.forIndex(name)?.data_stream !== undefined) {
      if (operation === 'index') throw onlyCreate()
      return this.createBackingIndex(name)
    }
    return this.createIndex(name)
  }

  /** The indices that an expression such as `logs-*,-logs-old,winlogbeat` means, in the order of their names. */
  resolve(expression: string, options: IndexOptions): StoredIndex[] {
    return resolveIndices(this, expression, options)
  }

  #writeIndexOf(alias: string, aliased: StoredIndex[]): StoredIndex {
    const writing = aliased.filter(({ aliases }) => String(aliases.get(alias)!.is_write_index) === 'true')
    if (writing.length === 1) return writing[0]!
    if (aliased.length === 1 && aliased[0]!.aliases.get(alias)!.is_write_index === undefined) return aliased[0]!
    throw illegalArgument(
      `no write index is defined for alias [${alias}]. The write index may be explicitly disabled using is_write_index=false or the alias points to multiple indices without one being designated as a write index`,
    )
  }
}

const TIMESTAMP: MappingSource = { properties: { '@timestamp': { type: 'date' } } }

const onlyCreate = () => illegalArgument('only write ops with an op_type of create are allowed in data streams')

/** Merges into the mapping of an index that is being made: what does not parse is told as the whole mapping's mistake. */
function mergeFirst(mapping: Mapping, mappings: MappingSource): void {
  try {
    mapping.merge(mappings)
  } catch (error) {
    if (!(error instanceof ElasticsearchError) || error.type !== 'mapper_parsing_exception') throw error
    throw new CausedError(error.status, error.type, `Failed to parse mapping: ${error.message}`, {
      caused_by: error.body,
    })
  }
}
