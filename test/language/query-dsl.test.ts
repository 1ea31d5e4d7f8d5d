/** The query DSL of a condition against the evaluator: Elasticsearch's search decides, on the embedded SIEM and on a real one. */
import assert from 'node:assert/strict'
import { systemClock } from '../../src/clock/system-clock.ts'
import { compile } from '../../src/language/compile.ts'
import { queryDslOf, Untranslatable } from '../../src/language/query-dsl.ts'
import type { Language } from '../../src/model/analytic.ts'
import { startEmbeddedSiem } from '../../src/siem/embedded/server.ts'
import { realElasticsearch } from '../siem/embedded/oracle/real-elasticsearch.ts'

const INDEX = 'o-query-dsl'

const TYPES: Record<string, string> = {
  '@timestamp': 'date',
  'event.category': 'keyword',
  'process.name': 'keyword',
  'process.command_line': 'keyword',
  'process.pid': 'long',
  'source.ip': 'ip',
  'process.elevated': 'boolean',
  message: 'text',
}

const DOCUMENTS = [
  { process: { name: 'schtasks.exe', command_line: 'schtasks /create /tn x\\y', pid: 10, elevated: true } },
  {
    process: { name: 'SCHTASKS.EXE', command_line: 'SCHTASKS /Create', pid: 20, elevated: false },
    source: { ip: '10.1.2.3' },
  },
  { process: { name: 'cmd.exe', pid: 30 }, source: { ip: '127.0.0.1' } },
  { process: { command_line: 'nothing? *special*' }, source: { ip: '192.168.0.9' } },
  { process: {} },
].map((document, position) => ({
  '@timestamp': `2026-01-01T00:00:0${position}.000Z`,
  event: { category: ['process'] },
  ...document,
}))

const QUERIES: [Language, string][] = [
  ['eql', 'process where process.name == "schtasks.exe"'],
  ['eql', 'process where process.name : "schtasks.exe"'],
  ['eql', 'process where process.name != "cmd.exe"'],
  ['eql', 'process where not process.name : "schtasks.exe"'],
  ['eql', 'process where not (process.name : "schtasks.exe" and process.pid > 15)'],
  ['eql', 'process where not (process.name : "cmd.exe" or process.pid > 15)'],
  ['eql', 'process where process.name in~ ("CMD.exe", "other")'],
  ['eql', 'process where not process.name in ("cmd.exe")'],
  ['eql', 'process where process.command_line like~ "*/create*"'],
  ['eql', 'process where process.command_line like "*x\\\\y"'],
  ['eql', 'process where process.command_line : "nothing? *"'],
  ['eql', 'process where process.name == null'],
  ['eql', 'process where process.name != null and source.ip != null'],
  ['eql', 'process where process.pid >= 20 and process.pid < 30'],
  ['eql', 'process where cidrMatch(source.ip, "10.0.0.0/8", "127.0.0.0/8")'],
  ['eql', 'process where source.ip != "127.0.0.1"'],
  ['eql', 'process where startsWith~(process.command_line, "schtasks")'],
  ['eql', 'process where endsWith(process.name, ".exe") and stringContains~(process.command_line, "CREATE")'],
  ['eql', 'process where process.elevated == true'],
  ['eql', 'process where not process.elevated == true'],
  ['eql', 'network where true'],
  ['car', 'process = search Process:Create\nschtasks = filter process where (exe == "schtasks.exe")\noutput schtasks'],
  [
    'sigma',
    'title: x\nlogsource: {category: process_creation, product: windows}\ndetection:\n  a:\n    CommandLine|contains: "/create"\n  condition: a',
  ],
]

const UNTRANSLATABLE: [string, RegExp][] = [
  ['process where message == "a word"', /message, which is indexed by its words/],
  ['process where process.command_line regex "a.*"', /regular expressions/],
  ['process where process.pid + 1 == 2', /a condition on something else than a field/],
  ['process where length(process.name) == 3', /a condition on something else than a field/],
  ['process where process.name > "a"', /an order of process.name, which is no number/],
  ['process where process.name : "é"', /letters beyond ASCII/],
]

const typesOf = (field: string): string[] => (field in TYPES ? [TYPES[field]!] : [])

const stageOf = (language: Language, query: string) => {
  const { plan } = compile(language, query)
  assert.ok(plan.shape === 'event')
  return plan.stage
}

function propertiesOf(types: Record<string, string>): object {
  const properties: Record<string, unknown> = {}
  for (const [path, type] of Object.entries(types)) {
    const [first, second] = path.split('.') as [string, string | undefined]
    const others = (properties[first] as { properties: object } | undefined)?.properties
    properties[first] = second === undefined ? { type } : { properties: { ...others, [second]: { type } } }
  }
  return properties
}

async function ask(url: string, method: string, path: string, body?: object | string): Promise<unknown> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const type = typeof body === 'string' ? 'application/x-ndjson' : 'application/json'
  const response = await fetch(url + path, {
    method,
    headers: { 'content-type': type },
    ...(body === undefined ? {} : { body: text }),
  })
  return response.json()
}

interface Server {
  url: string
  stop(): Promise<void>
}

const SERVERS: { name: string; start: () => Promise<Server | string> }[] = [
  { name: 'the embedded SIEM', start: () => startEmbeddedSiem({ clock: systemClock(), auth: false }) },
  { name: 'a real Elasticsearch', start: realElasticsearch },
]

for (const { name, start } of SERVERS) {
  describe(`query DSL of a condition on ${name}`, function () {
    this.timeout(180_000)
    let server: Server
    before(async function () {
      const started = await start()
      if (typeof started === 'string') {
        process.stderr.write(`      skipped: ${started}\n`)
        this.skip()
      }
      server = started
      await ask(server.url, 'DELETE', `/${INDEX}`)
      await ask(server.url, 'PUT', `/${INDEX}`, { mappings: { properties: propertiesOf(TYPES) } })
      const lines = DOCUMENTS.flatMap((document, id) => [
        JSON.stringify({ index: { _id: String(id) } }),
        JSON.stringify(document),
      ])
      await ask(server.url, 'POST', `/${INDEX}/_bulk?refresh=true`, `${lines.join('\n')}\n`)
    })
    after(async () => {
      if (server !== undefined) await ask(server.url, 'DELETE', `/${INDEX}`)
      await server?.stop()
    })

    for (const [language, query] of QUERIES) {
      it(`${language}: ${query.replaceAll('\n', ' ')}`, async () => {
        const events = DOCUMENTS.map((source, id) => ({ index: INDEX, id: String(id), source: { ...source } }))
        const wanted = compile(language, query)
          .evaluate(events)
          .map(([event]) => event!.id)
        const answer = (await ask(server.url, 'POST', `/${INDEX}/_search`, {
          query: queryDslOf(stageOf(language, query), typesOf),
        })) as {
          hits: { hits: { _id: string }[] }
        }
        assert.deepEqual(answer.hits.hits.map(({ _id }) => _id).sort(), wanted.sort())
      })
    }
  })
}

describe('query DSL of a condition', () => {
  for (const [query, says] of UNTRANSLATABLE) {
    it(`has none for ${query}`, () => {
      assert.throws(
        () => queryDslOf(stageOf('eql', query), typesOf),
        (error) => error instanceof Untranslatable && says.test(error.message),
      )
    })
  }
})
