/** A real Elasticsearch to compare with: one that runs, or one that is started for the tests. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'

export interface RealElasticsearch {
  url: string
  stop(): Promise<void>
}

/** The server, or why there is none. */
export async function realElasticsearch(): Promise<RealElasticsearch | string> {
  const { ELASTICSEARCH_URL: url, TOCSIN_SHARED: shared } = process.env
  if (url !== undefined) return { url: url.replace(/\/$/, ''), stop: async () => {} }
  const script = `${shared}/real-elasticsearch/start.sh`
  if (shared === undefined) return 'neither ELASTICSEARCH_URL nor TOCSIN_SHARED is set'
  if (!existsSync(script)) return `there is no ${script}`
  return start(script)
}

async function start(script: string): Promise<RealElasticsearch | string> {
  const port = await freePort()
  const child = spawn('bash', [script, String(port)], { stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()))
  let said = ''
  const ready = new Promise<boolean>((resolve) => {
    const hear = (text: string) => {
      said += text
      if (said.includes('ready http')) resolve(true)
    }
    child.stdout.setEncoding('utf8').on('data', hear)
    child.stderr.setEncoding('utf8').on('data', hear)
    child.on('close', () => resolve(false))
  })
  if (!(await ready)) return `Elasticsearch did not start: ${said.trim().split('\n').at(-1)}`
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      child.kill('SIGTERM')
      await ended
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
