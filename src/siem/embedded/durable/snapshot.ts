/** The shortest list of changes that makes a store what it is. */
import type { Change } from '../store/changes.ts'
import type { Store } from '../store/store.ts'

export function* changesOf(store: Store): Iterable<Change> {
  for (const kind of ['index', 'component', 'legacy'] as const) {
    for (const [name, template] of store.templates[kind]) yield { do: 'template', kind, name, template }
  }
  // Data streams list their indices oldest first.
  const indices = [...store.indices.values()].sort((a, b) => a.created - b.created || (a.name < b.name ? -1 : 1))
  for (const index of indices) {
    const { name, uuid, created, settings, dataStream, aliases, nextSeqNo } = index
    const mappings = index.mapping.toJSON()
    const aliasDefinitions = Object.fromEntries(aliases)
    yield {
      do: 'create-index',
      name,
      uuid,
      created,
      settings,
      mappings,
      aliases: aliasDefinitions,
      dataStream,
      nextSeqNo,
    }
    for (const document of index.documents) {
      if (document === undefined) continue
      const { id, seqNo, version, source } = document
      yield { do: 'put', index: name, id, seqNo, version, source }
    }
  }
  for (const [type, objects] of store.allObjects()) {
    for (const [id, value] of objects) yield { do: 'object', type, id, value }
  }
}
