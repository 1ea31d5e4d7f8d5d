import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compile } from '../../../src/language/compile.ts'
import { type FieldSchema, schemaOf } from '../../../src/language/schema.ts'
import type { EventDocument } from '../../../src/model/event.ts'
import { sharedFolder } from '../shared-folder.ts'

const KEYWORDS = [
  ...['command_line', 'event_type', 'md5', 'parent_process_name', 'parent_process_path', 'process_name'],
  ...['process_path', 'subtype', 'user', 'user_name', 'user_domain', 'file_path'],
]
const LONGS = ['pid', 'ppid', 'opcode', 'serial_event_id', 'exit_code']
const TEXT = { type: 'text', fields: { keyword: { type: 'keyword' } } }
const all = (names: string[], type: string) => Object.fromEntries(names.map((name) => [name, { type }]))

/** The suite's mapping; other fields are mapped as they come, as Elasticsearch does. */
function schemaFor(documents: Record<string, unknown>[]): FieldSchema {
  const properties: Record<string, object> = {
    ...all(KEYWORDS, 'keyword'),
    ...all(LONGS, 'long'),
    ...all(['@timestamp', 'timestamp'], 'date'),
    hostname: TEXT,
    file_name: TEXT,
    source_address: { type: 'ip' },
    event: { properties: { category: { type: 'alias', path: 'event_type' } } },
  }
  for (const [name, value] of documents.flatMap(Object.entries)) {
    properties[name] ??= typeof value === 'number' ? { type: 'long' } : TEXT
  }
  return schemaOf({ properties })
}

const MS_OF_FILETIME = 10_000
const FILETIME_EPOCH_MS = 11_644_473_600_000

function documentsOf(path: string): Record<string, unknown>[] {
  const documents = JSON.parse(readFileSync(path, 'utf8')) as { timestamp: number }[]
  return documents.map((document) => {
    const time = Math.trunc(document.timestamp / MS_OF_FILETIME) - FILETIME_EPOCH_MS
    return { ...document, '@timestamp': time, timestamp: time }
  })
}

const QUERY = /name = "(.+?)"\nquery = '''\n([\s\S]*?)'''\nexpected_event_ids = (\[.*\])/g

describe('eql: conformance with Elasticsearch', function () {
  this.timeout(60_000)

  it('gives the events that each query of the suite must return', function () {
    const folder = join(sharedFolder(this), 'content/eql')
    const documents = documentsOf(join(folder, 'test_data.json'))
    const schema = schemaFor(documents)
    const events = documents.map(
      (source): EventDocument => ({ index: 'suite', id: `${source.serial_event_id}`, source }),
    )
    const cases = [...readFileSync(join(folder, 'test_queries.toml'), 'utf8').matchAll(QUERY)]
    assert.equal(cases.length, 133)
    const failures: string[] = []
    for (const [, name, query = '', expected = ''] of cases) {
      for (const resultPosition of ['head', 'tail'] as const) {
        const found = compile('eql', query, { schema, tiebreakerField: 'serial_event_id' })
          .search(events, { size: 50, resultPosition })
          .flatMap((match) => match.events.map((event) => Number(event?.id ?? -1)))
        if (JSON.stringify(found) !== JSON.stringify(JSON.parse(expected))) failures.push(`${name}: ${found}`)
      }
    }
    assert.deepEqual(failures, [])
  })

  it('finds the sequences of the state machine suite', function () {
    const text = readFileSync(join(sharedFolder(this), 'content/eql/sequences.series-spec'), 'utf8')
    const specs = text.replace(/^\/\/.*$/gm, '').split(/^;$/m)
    let checked = 0
    for (let at = 0; at + 1 < specs.length; at += 2) {
      const [name = '', ...rows] = specs[at]!.trim().split('\n')
      const series = rows
        .filter((row) => row.trim() !== '')
        .flatMap(tokensOf)
        .sort((a, b) => a.order - b.order)
      const wanted = specs[at + 1]!.trim()
        .split('\n')
        .map((row) => tokensOf(row).map(({ id }) => id))
      assert.deepEqual(sequencesOf(series, wanted[0]!.length), wanted, name.trim())
      checked += 1
    }
    assert.equal(checked, 25)
  })
})

interface Token {
  key: string
  stage: number
  order: number
  id: string
}

/** The events of a row, which is the stage they match. */
function tokensOf(row: string, stage = 0): Token[] {
  return [...row.matchAll(/(?:(\w+)\|)?([A-Z])(\d+)/g)].map(([, key = '', letter = '', order = '']) => ({
    key,
    stage,
    order: Number(order),
    id: `${letter}${order}`,
  }))
}

function sequencesOf(series: Token[], stages: number): string[][] {
  const terms = Array.from({ length: stages }, (_, stage) => `[any where stage == ${stage}]`)
  const query = `sequence by key ${terms.join(' ')}`
  const events = series.map(({ key, stage, order, id }): EventDocument => {
    return { index: 'series', id, source: { '@timestamp': order, key, stage } }
  })
  return compile('eql', query)
    .evaluate(events)
    .map((match) => match.map(({ id }) => id))
}
