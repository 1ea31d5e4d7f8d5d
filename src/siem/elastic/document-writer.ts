/** Writes documents under names and ids of the caller's: those of an earlier run, or of a network sensor. */
import type { estypes } from '@elastic/elasticsearch'
import type { EventDocument } from '../../model/event.ts'
import { createClient, type ElasticConnection, siemError } from './connection.ts'

export interface DocumentWriter {
  /** Makes an index. `stream`: the data stream that it stood behind, whose name goes on to find it. */
  createIndex(name: string, stream: string | null, definition: object): Promise<void>
  /** Gives why each document that was refused was. One whose id is there already stays as it is. */
  write(documents: readonly EventDocument[]): Promise<string[]>
  close(): Promise<void>
}

/** Every method throws `SiemError` when the SIEM fails as a whole. */
export function createDocumentWriter(connection: ElasticConnection): DocumentWriter {
  const client = createClient(connection)
  return {
    async createIndex(name, stream, definition) {
      const aliases = stream === null ? {} : { [stream]: {} }
      try {
        await client.indices.create({ index: name, ...definition, aliases })
      } catch (error) {
        throw siemError(error)
      }
    },
    async write(documents) {
      const operations = documents.flatMap(({ index, id, source }) => [{ create: { _index: index, _id: id } }, source])
      try {
        const { items } = await client.bulk({ operations })
        return items.flatMap(({ create }) => reasonOf(create) ?? [])
      } catch (error) {
        throw siemError(error)
      }
    },
    close: () => client.close(),
  }
}

/** HTTP status of a document that is there already. */
const CONFLICT = 409

const reasonOf = (item: estypes.BulkResponseItem | undefined): string | null =>
  item?.error === undefined || item.status === CONFLICT ? null : (item.error.reason ?? item.error.type)
