/** Nothing is dropped silently: every field of every record of the public recordings is in the document made of it. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fieldOf } from '../../src/model/event.ts'
import { readEvtx } from '../../src/telemetry/evtx/read-evtx.ts'
import { normalise, normaliseWindows } from '../../src/telemetry/normalise.ts'
import { JsonSplitter } from '../../src/telemetry/readers/json-splitter.ts'
import { openInputs } from '../../src/telemetry/readers/open-inputs.ts'
import { eventOfXml } from '../../src/telemetry/shapes/event-xml.ts'

type Json = Record<string, unknown>

/** What recorders write where there is nothing. */
const MISSING = new Set<unknown>([null, '', '-', '{00000000-0000-0000-0000-000000000000}', '<unknown process>'])

/** What only the collector knows, or says of the event in its own words: docs/recordings.md names these. */
const LEFT_OUT = new Set([
  ...['@version', 'EventTime', 'EventReceivedTime', 'EventType', 'EventTypeOrignal', 'OpcodeValue', 'Severity'],
  ...['SeverityValue', 'SourceModuleName', 'SourceModuleType', 'host', 'port', 'tags', '@timestamp', 'TimeCreated'],
])

/** Fields whose text becomes something else, and a field of the document that then is there. */
const CHANGED: Record<string, string> = {
  UtcTime: '@timestamp',
  Initiated: 'network.direction',
  SourceIsIpv6: 'network.type',
  DestinationIsIpv6: 'network.type',
  QueryResults: 'dns.answers',
  QueryStatus: 'sysmon.dns.status',
  PrivilegeList: 'winlog.event_data.PrivilegeList',
  Keywords: 'winlog.keywords',
  IsExecutable: 'sysmon.file.is_executable',
  Archived: 'sysmon.file.archived',
}

/** Every value in a document, as lower-case text. */
function valuesIn(value: unknown, found: Set<string>): Set<string> {
  if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) valuesIn(inner, found)
  else found.add(String(value).toLowerCase())
  return found
}

/** What a text may look like in the document: as it is, as a number, in its parts, as the address it means. */
function isIn(found: Set<string>, value: unknown): boolean {
  const text = String(value).toLowerCase()
  if (found.has(text) || found.has(String(Number(text)))) return true
  if (/^[0-9a-f:]+$/.test(text) && text.includes(':')) return [...found].some((other) => other.includes('::'))
  // A hash that was not computed is all zeros.
  if (text.includes('=')) return text.split(',').every((part) => /=0*$/.test(part) || found.has(part.split('=')[1]!))
  return text.includes('\\') && text.split('\\').every((part) => found.has(part))
}

/** Fields of a record that its document does not have. */
function lost(record: Json, document: Json): string[] {
  const found = valuesIn(document, new Set())
  return Object.entries(record)
    .filter(([field, value]) => {
      if (MISSING.has(value) || LEFT_OUT.has(field) || isIn(found, value)) return false
      const place = CHANGED[field]
      return place === undefined || fieldOf(document, place) === undefined
    })
    .map(([field]) => field)
}

describe('every field of every record', function () {
  this.timeout(120_000)
  const folder = join(process.env.TOCSIN_SHARED ?? '', 'telemetry')
  const isHere = process.env.TOCSIN_SHARED !== undefined && existsSync(folder)
  const files = isHere
    ? ['host', 'evtx'].flatMap((kind) => readdirSync(join(folder, kind)).map((name) => join(kind, name)))
    : []

  if (files.length === 0) {
    it('is in its document (skipped: TOCSIN_SHARED names no folder with recordings)', function () {
      this.skip()
    })
  }
  for (const file of files) {
    // The schema of eqllib has another name for everything; its test has the fields one by one.
    if (file.includes('normalized-')) continue
    it(`of ${file} is in its document`, async () => {
      const losses = new Map<string, number>()
      let records = 0
      const look = (record: Json, document: Json | undefined, code: string) => {
        records += 1
        assert.ok(document, `record ${records}`)
        for (const field of lost(record, document)) {
          losses.set(`${code} ${field}`, (losses.get(`${code} ${field}`) ?? 0) + 1)
        }
      }
      for await (const input of openInputs([join(folder, file)], { cwd: '/', stdin: (async function* () {})() })) {
        assert.ok('chunks' in input)
        if (input.format === 'evtx') {
          await readEvtx(input.chunks, {
            onEvent: (xml) => {
              const event = eventOfXml(xml)!
              const document = normaliseWindows(event, {})?.document
              for (const { fields } of event.parts) look(fields, document, String(event.envelope.eventId))
            },
            onProblem: ({ message }) => assert.fail(message),
          })
          continue
        }
        const splitter = new JsonSplitter({
          onRecord: (record) => look(record, normalise(record)?.document, String(record.EventID ?? record.EventId)),
          onProblem: ({ message }) => assert.fail(message),
        })
        for await (const chunk of input.chunks) splitter.push(chunk)
        splitter.end()
      }
      assert.ok(records > 0)
      assert.deepEqual([...losses], [])
    })
  }
})
