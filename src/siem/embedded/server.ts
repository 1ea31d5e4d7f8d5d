/** The embedded SIEM: one port that speaks Elasticsearch's HTTP and Kibana's, with a detection loop behind it. */
import { randomBytes } from 'node:crypto'
import type { Clock } from '../../model/clock.ts'
import { DetectionLoop } from './detection/loop.ts'
import { DurableLog } from './durable/change-log.ts'
import { bulkRoutes } from './elasticsearch/bulk.ts'
import { clusterRoutes } from './elasticsearch/cluster.ts'
import { documentRoutes } from './elasticsearch/documents.ts'
import { eqlRoutes } from './elasticsearch/eql.ts'
import { fieldCapsRoutes } from './elasticsearch/field-caps.ts'
import { indexRoutes } from './elasticsearch/indices.ts'
import { searchRoutes } from './elasticsearch/search.ts'
import { templateRoutes } from './elasticsearch/templates.ts'
import { listen } from './http/listen.ts'
import { Routes } from './http/routes.ts'
import { Rules, ruleRoutes } from './kibana/rules.ts'
import { signalRoutes } from './kibana/signals.ts'
import { Store } from './store/store.ts'

/** The version of Elasticsearch whose API this is. */
const API_VERSION = '9.4.0'

export interface EmbeddedSiemOptions {
  clock: Clock
  /** Default: 127.0.0.1. */
  host?: string
  /** 0 or absent: a free one. */
  port?: number
  /** Folder for what must survive the process; absent: everything is forgotten with it. */
  dataDir?: string
  /** Whether requests need the key; default true. */
  auth?: boolean
  /** The key to accept, in the form that follows `ApiKey `; default: a random one. */
  apiKey?: string
  version?: string
}

export interface EmbeddedSiem {
  url: string
  /** Null when anybody may ask. */
  apiKey: string | null
  /** Stops detection, then answers no more. */
  stop(): Promise<void>
}

/** Starts the server. Throws when the port cannot be had or the data folder cannot be used. */
export async function startEmbeddedSiem(options: EmbeddedSiemOptions): Promise<EmbeddedSiem> {
  const { clock, host = '127.0.0.1', port = 0, auth = true, version = API_VERSION } = options
  const now = () => clock.now()
  const store = new Store(now)
  const log = options.dataDir === undefined ? null : await DurableLog.open(options.dataDir, store)
  if (log !== null) store.log = log
  const settled = () => log?.settled() ?? Promise.resolve()
  const apiKey = auth ? (options.apiKey ?? keptApiKey(store)) : null
  const loop = new DetectionLoop({ store, clock, version, settled })
  const routes = new Routes()
  clusterRoutes(routes, store, version)
  indexRoutes(routes, store)
  templateRoutes(routes, store)
  documentRoutes(routes, store)
  bulkRoutes(routes, store)
  searchRoutes(routes, store, now)
  fieldCapsRoutes(routes, store)
  eqlRoutes(routes, store, now)
  ruleRoutes(routes, new Rules(store, loop, now))
  signalRoutes(routes, store, now, version)
  const listening = await listen({ routes, host, port, apiKey, settled }).catch(async (error) => {
    loop.stop()
    await log?.close()
    throw error
  })
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${listening.port}`,
    apiKey,
    async stop() {
      loop.stop()
      await new Promise<void>((resolve) => {
        listening.server.close(() => resolve())
        listening.server.closeAllConnections()
      })
      await log?.close()
    },
  }
}

/** The key of earlier starts on the same data, or a new one. */
function keptApiKey(store: Store): string {
  const kept = store.objects('key').get('api')
  if (typeof kept === 'string') return kept
  const made = newApiKey()
  store.putObject('key', 'api', made)
  return made
}

/** A key as Elasticsearch encodes it: base64 of `id:secret`. */
const newApiKey = () =>
  Buffer.from(`${randomBytes(15).toString('base64url')}:${randomBytes(16).toString('base64url')}`).toString('base64')
