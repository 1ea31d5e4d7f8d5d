/** Which cluster `replay --on elastic` asks, and for what time. */
import { parseDuration } from '../../../model/duration.ts'
import type { ElasticConnection } from '../../../siem/elastic/connection.ts'
import { type Io, UsageError } from '../../io.ts'
import { readLabFile } from '../../lab/lab-file.ts'

/** That of the lab file's `siem`, else of the environment. Throws `UsageError` when neither names one. */
export function connectionFor(lab: string | undefined, io: Io): ElasticConnection {
  if (lab !== undefined) {
    const { url, apiKey, username, password } = readLabFile({ lab }, io).lab.siem
    if (url === undefined) throw new UsageError(`${lab}: siem.url is missing, and it names the cluster to ask`)
    return { url, apiKey, username, password }
  }
  const { ELASTICSEARCH_URL: url, ELASTICSEARCH_API_KEY: apiKey } = io.env
  if (url === undefined || !URL.canParse(url)) {
    throw new UsageError(
      'no cluster is named\n  name a lab file with --lab, or set ELASTICSEARCH_URL and, with security, ELASTICSEARCH_API_KEY or ELASTICSEARCH_USERNAME and ELASTICSEARCH_PASSWORD',
    )
  }
  return { url, apiKey, username: io.env.ELASTICSEARCH_USERNAME, password: io.env.ELASTICSEARCH_PASSWORD }
}

/** Milliseconds since 1970 of `--from` or `--to`; null when it is not given. Throws `UsageError`. */
export function instantFor(option: string, text: string | undefined, now: number): number | null {
  if (text === undefined) return null
  const back = text === 'now' ? 0 : text.startsWith('now-') ? parseDuration(text.slice('now-'.length)) : null
  if (back !== null) return now - back
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN
  if (!Number.isNaN(time)) return time
  throw new UsageError(
    `${option} ${text}: it is an instant such as 2026-01-31T08:00:00Z, or a time ago such as now-24h`,
  )
}
