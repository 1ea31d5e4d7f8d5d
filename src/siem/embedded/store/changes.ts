/** The changes that a store is made of. */
import type { MappingSource } from '../mapping/mapping.ts'

/** One change, complete in itself: replaying all of them in order gives the same store. */
export type Change =
  | {
      do: 'create-index'
      name: string
      uuid: string
      created: number
      settings: Record<string, unknown>
      mappings: MappingSource
      aliases: Record<string, Record<string, unknown>>
      dataStream: string | null
      /** Sequence numbers that are used up; absent for a new index. */
      nextSeqNo?: number
    }
  | { do: 'delete-index'; name: string }
  | { do: 'map'; index: string; mappings: MappingSource }
  | { do: 'settings'; index: string; settings: Record<string, unknown> }
  | { do: 'alias'; index: string; alias: string; definition: Record<string, unknown> | null }
  | { do: 'put'; index: string; id: string; seqNo: number; version: number; source: Record<string, unknown> }
  | { do: 'delete'; index: string; id: string }
  | { do: 'template'; kind: 'index' | 'component' | 'legacy'; name: string; template: unknown }
  | { do: 'object'; type: string; id: string; value: unknown }

/** Where changes are written before they are acknowledged. */
export interface ChangeLog {
  append(change: Change): void
}

export const NO_LOG: ChangeLog = { append: () => {} }
