/** One index: its documents, numbered in the order they came, and the columns of its fields. */
import { randomBytes } from 'node:crypto'
import type { EventDocument } from '../../../model/event.ts'
import { ElasticsearchError } from '../errors.ts'
import { checkDocument } from '../mapping/document.ts'
import type { Mapping, MappingSource } from '../mapping/mapping.ts'
import { Column } from './column.ts'

export interface StoredDocument extends EventDocument {
  /** Position in the index; a newer version of the same document has a higher one. */
  number: number
  seqNo: number
  version: number
}

export interface IndexSettings {
  [name: string]: unknown
}

export interface WriteOptions {
  /** The document must not exist. */
  create?: boolean
  ifSeqNo?: number
  ifPrimaryTerm?: number
}

export interface Written {
  id: string
  version: number
  seqNo: number
  result: 'created' | 'updated' | 'deleted' | 'not_found' | 'noop'
}

export class StoredIndex {
  readonly name: string
  readonly uuid: string
  readonly created: number
  readonly mapping: Mapping
  readonly settings: IndexSettings
  readonly aliases = new Map<string, Record<string, unknown>>()
  /** Name of the data stream that this index backs. */
  readonly dataStream: string | null
  /** By number; undefined where a document was replaced or deleted. */
  readonly documents: (StoredDocument | undefined)[] = []
  readonly #byId = new Map<string, StoredDocument>()
  readonly #columns = new Map<string, Column>()
  #columnsOf = -1
  nextSeqNo = 0

  constructor(options: {
    name: string
    mapping: Mapping
    settings: IndexSettings
    created: number
    uuid?: string
    dataStream?: string | null
  }) {
    this.name = options.name
    this.mapping = options.mapping
    this.settings = options.settings
    this.created = options.created
    this.uuid = options.uuid ?? randomBytes(16).toString('base64url')
    this.dataStream = options.dataStream ?? null
  }

  get size(): number {
    return this.#byId.size
  }

  get(id: string): StoredDocument | undefined {
    return this.#byId.get(id)
  }

  /** What the document adds to the mapping, or null. Throws when it contradicts it. */
  check(id: string, source: Record<string, unknown>): MappingSource | null {
    const malformed = this.settings['mapping.ignore_malformed']
    return checkDocument(this.mapping, id, source, { ignoreMalformed: malformed === true || malformed === 'true' })
  }

  /** Throws `version_conflict_engine_exception` (409) when the document is not as the writer believes. */
  expect(id: string, { create = false, ifSeqNo, ifPrimaryTerm }: WriteOptions): void {
    const existing = this.#byId.get(id)
    if (create && existing !== undefined) {
      throw this.#conflict(id, `document already exists (current version [${existing.version}])`)
    }
    if (ifSeqNo === undefined || (existing?.seqNo === ifSeqNo && (ifPrimaryTerm ?? 1) === 1)) return
    throw this.#conflict(
      id,
      existing === undefined
        ? `required seqNo [${ifSeqNo}], primary term [${ifPrimaryTerm ?? 1}]. but no document was found`
        : `required seqNo [${ifSeqNo}], primary term [${ifPrimaryTerm ?? 1}]. current document has seqNo [${existing.seqNo}] and primary term [1]`,
    )
  }

  #conflict(id: string, reason: string): ElasticsearchError {
    return new ElasticsearchError(409, 'version_conflict_engine_exception', `[${id}]: version conflict, ${reason}`, {
      index_uuid: this.uuid,
      shard: '0',
      index: this.name,
    })
  }

  put(id: string, source: Record<string, unknown>, stored?: { seqNo: number; version: number }): Written {
    const existing = this.#byId.get(id)
    const seqNo = stored?.seqNo ?? this.nextSeqNo
    const version = stored?.version ?? (existing?.version ?? 0) + 1
    if (existing !== undefined) this.documents[existing.number] = undefined
    const document = { index: this.name, id, source, number: this.documents.length, seqNo, version }
    this.documents.push(document)
    this.#byId.set(id, document)
    this.nextSeqNo = Math.max(this.nextSeqNo, seqNo + 1)
    return { id, version, seqNo, result: existing === undefined ? 'created' : 'updated' }
  }

  delete(id: string): Written {
    const existing = this.#byId.get(id)
    const seqNo = this.nextSeqNo++
    if (existing === undefined) return { id, version: 1, seqNo, result: 'not_found' }
    this.documents[existing.number] = undefined
    this.#byId.delete(id)
    return { id, version: existing.version + 1, seqNo, result: 'deleted' }
  }

  live(): Iterable<StoredDocument> {
    return this.#byId.values()
  }

  /** The column of a field by its path, aliases followed; undefined when the mapping has no such field. */
  column(path: string): Column | undefined {
    if (this.#columnsOf !== this.mapping.generation) {
      // Sub-fields and parameters may have been added; columns of unchanged fields stay.
      for (const [name, column] of this.#columns) {
        if (this.mapping.field(name) !== column.field) this.#columns.delete(name)
      }
      this.#columnsOf = this.mapping.generation
    }
    const known = this.#columns.get(path)
    if (known !== undefined) return known
    const field = this.mapping.field(path)
    if (field === undefined) return undefined
    const column = new Column(field, this.documents)
    this.#columns.set(path, column)
    return column
  }
}
