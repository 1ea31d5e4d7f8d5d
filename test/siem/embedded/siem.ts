/** A SIEM for one test, with short ways to talk to it. */
import { LeapingClock } from '../../../src/clock/leaping-clock.ts'
import { type EmbeddedSiem, type EmbeddedSiemOptions, startEmbeddedSiem } from '../../../src/siem/embedded/server.ts'

export const START = Date.UTC(2026, 0, 10, 10)
export const MINUTE = 60_000

// biome-ignore lint/suspicious/noExplicitAny: what an answer holds is what the tests check
export type Json = any

export interface TestSiem {
  siem: EmbeddedSiem
  clock: LeapingClock
  /** Status and body of a request; bodies of lines are sent as such. */
  ask(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: Json }>
  /** Indexes events, each into its index, with its id. */
  index(index: string, events: Record<string, Record<string, unknown>>): Promise<void>
  /** Makes a rule; what is not given is the usual. */
  rule(fields: Record<string, unknown>): Promise<Json>
  /** Alerts, building blocks included, oldest first. */
  alerts(): Promise<{ _id: string; _source: Record<string, Json> }[]>
  /** Lets lab time pass. */
  pass(ms: number): Promise<void>
  stop(): Promise<void>
}

export async function testSiem(options: Partial<EmbeddedSiemOptions> = {}): Promise<TestSiem> {
  const clock = new LeapingClock({ start: START })
  const siem = await startEmbeddedSiem({ clock, auth: false, ...options })
  const ask: TestSiem['ask'] = async (method, path, body, headers = {}) => {
    const lines = Array.isArray(body) && /_(bulk|msearch)(\?|$)/.test(path)
    const text = lines ? body.map((line) => `${JSON.stringify(line)}\n`).join('') : JSON.stringify(body)
    const type = lines ? 'application/x-ndjson' : 'application/json'
    const response = await fetch(siem.url + path, {
      method,
      headers: { 'kbn-xsrf': 'test', ...(body === undefined ? {} : { 'content-type': type }), ...headers },
      ...(body === undefined ? {} : { body: text }),
    })
    const answer = await response.text()
    return { status: response.status, body: answer === '' ? null : JSON.parse(answer) }
  }
  return {
    siem,
    clock,
    ask,
    async index(index, events) {
      const lines = Object.entries(events).flatMap(([id, event]) => [{ index: { _index: index, _id: id } }, event])
      const { body } = await ask('POST', '/_bulk?refresh=true', lines)
      if (body.errors) throw new Error(JSON.stringify(body.items))
    },
    async rule(fields) {
      const body = {
        name: 'a rule',
        description: '',
        type: 'eql',
        severity: 'low',
        risk_score: 21,
        index: ['events'],
        ...fields,
      }
      const { status, body: answer } = await ask('POST', '/api/detection_engine/rules', body)
      if (status !== 200) throw new Error(JSON.stringify(answer))
      return answer
    },
    async alerts() {
      const query = { sort: [{ 'kibana.alert.depth': 'asc' }, { 'kibana.alert.original_time': 'asc' }], size: 1000 }
      return (await ask('POST', '/api/detection_engine/signals/search', query)).body.hits.hits
    },
    pass: (ms) => clock.busy(() => clock.sleep(ms)),
    async stop() {
      await siem.stop()
      clock.stop()
    },
  }
}

/** An event at so many milliseconds after the start. */
export const at = (ms: number, fields: Record<string, unknown>): Record<string, unknown> => ({
  '@timestamp': new Date(START + ms).toISOString(),
  ...fields,
})
