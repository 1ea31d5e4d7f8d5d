/** `related.*`: every user, address, host and hash of an event in one place, as ECS asks for. */

type Json = Record<string, unknown>

/** Adds `related` to a document that has any of it. */
export function relate(document: Json): void {
  const { user, source, destination, dns, process, file } = document as Record<string, Json | undefined>
  const related: Json = {}
  collect(related, 'user', [user?.name, (user?.effective as Json | undefined)?.name])
  if (source ?? destination ?? dns) {
    const resolved = (dns?.resolved_ip as string[] | undefined) ?? []
    collect(related, 'ip', [source?.ip, destination?.ip, ...resolved])
    collect(related, 'hosts', [(dns?.question as Json | undefined)?.name])
  }
  const hashes = (process?.hash ?? file?.hash) as Json | undefined
  if (hashes) collect(related, 'hash', Object.values(hashes))
  for (const _ in related) {
    document.related = related
    return
  }
}

function collect(related: Json, kind: string, values: unknown[]): void {
  const found: unknown[] = []
  for (const value of values) if (value !== undefined && !found.includes(value)) found.push(value)
  if (found.length > 0) related[kind] = found
}
