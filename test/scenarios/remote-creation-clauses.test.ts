import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { parse } from 'yaml'
import { compile } from '../../src/language/compile.ts'
import { Analytic } from '../../src/model/analytic.ts'
import type { EventDocument } from '../../src/model/event.ts'
import { normalise } from '../../src/telemetry/normalise.ts'
import { home } from '../cli/tocsin.ts'
import { remoteCreation } from '../telemetry/remote-creation.ts'

type Json = Record<string, unknown>

/** What makes up a remote creation, and may vary without its ceasing to be one. */
interface Creation {
  connection: Json
  actions: Json
  /** When the two events happened, in milliseconds after a fixed time. */
  at: [number, number]
  /** Changes the documents that were made of the records. */
  change?: (connection: Json, actions: Json) => void
}

const dynamicPort = fc.integer({ min: 49_152, max: 65_535 }).map(String)
const lowPort = fc.integer({ min: 1, max: 49_151 }).map(String)
const address = fc.constantFrom('10.1.2.3', '192.168.7.9', 'fe80:0:0:0:0:0:0:9', '2001:db8:0:0:0:0:0:1', '127.0.0.2')
const caseOf = (text: string) => fc.constantFrom(text, text.toLowerCase(), text.toUpperCase())
const guid = fc.constantFrom('{1a}', '{2b}', '{3c}')
const KEY = 'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Schedule\\TaskCache\\Tasks\\'

const creation: fc.Arbitrary<Creation> = fc
  .record({
    Hostname: fc.constantFrom('DESK7', 'srv1.lab.example'),
    ProcessGuid: guid,
    Image: caseOf('C:\\Windows\\System32\\svchost.exe'),
    SourcePort: dynamicPort,
    DestinationPort: dynamicPort,
    SourceIp: address,
    task: guid,
    value: caseOf('Actions'),
    from: fc.nat({ max: 10_000 }),
    apart: fc.integer({ min: 1, max: 60_000 }),
  })
  .map(({ task, value, from, apart, Hostname, ProcessGuid, ...connection }) => ({
    connection: { ...connection, Hostname, ProcessGuid, Initiated: 'false' },
    actions: { Hostname, ProcessGuid, TargetObject: `${KEY}${task}\\${value}` },
    at: [from, from + apart],
  }))

/** How often a query matches a creation. */
function matches(query: string, { connection, actions, at, change }: Creation): number {
  const UtcTime = (offset: number) =>
    new Date(Date.UTC(2031, 2, 4, 5, 6) + offset).toISOString().replace('T', ' ').slice(0, -1)
  const records = remoteCreation({ ...connection, UtcTime: UtcTime(at[0]) }, { ...actions, UtcTime: UtcTime(at[1]) })
  const documents = records.map((record) => normalise(record)!.document)
  change?.(documents[0]!, documents[1]!)
  const events = documents.map((source, index): EventDocument => ({ index: 'i', id: String(index), source }))
  return compile('eql', query).evaluate(events).length
}

const breaking = (part: 'connection' | 'actions', field: string, values: fc.Arbitrary<unknown>) =>
  values.map(
    (value) =>
      (whole: Creation): Creation => ({ ...whole, [part]: { ...whole[part], [field]: value } }),
  )

/** Each clause: the query's text without it, and what breaks that clause alone. */
const CLAUSES: readonly {
  name: string
  drop: (query: string) => string
  broken: fc.Arbitrary<(whole: Creation) => Creation>
}[] = [
  {
    name: 'the join on the host',
    drop: (query) => query.replace('by host.id, process.entity_id', 'by process.entity_id'),
    broken: breaking('actions', 'Hostname', fc.constantFrom('other', 'DESK70')),
  },
  {
    name: 'the join on the process',
    drop: (query) => query.replace('by host.id, process.entity_id', 'by host.id'),
    broken: breaking('actions', 'ProcessGuid', fc.constantFrom('{9z}', '-', '{00000000-0000-0000-0000-000000000000}')),
  },
  {
    name: 'the order',
    drop: (query) => query.replace('sequence', 'sample').replace(/ with maxspan = 1m/, ''),
    broken: fc.integer({ min: 1, max: 60_000 }).map((before) => (whole) => ({
      ...whole,
      at: [whole.at[0], whole.at[0] - before],
    })),
  },
  {
    name: 'the span',
    drop: (query) => query.replace(' with maxspan = 1m', ''),
    broken: fc.integer({ min: 60_001, max: 900_000 }).map((apart) => (whole) => ({
      ...whole,
      at: [whole.at[0], whole.at[0] + apart],
    })),
  },
  {
    name: 'the direction',
    drop: (query) => query.replace(/network\.direction : \([^)]*\) and/, ''),
    broken: breaking('connection', 'Initiated', fc.constantFrom('true', 'True', '-')),
  },
  {
    name: 'the source port',
    drop: (query) => query.replace('source.port >= 49152 and', ''),
    broken: breaking('connection', 'SourcePort', lowPort),
  },
  {
    name: 'the destination port',
    drop: (query) => query.replace('destination.port >= 49152 and', ''),
    broken: breaking('connection', 'DestinationPort', lowPort),
  },
  {
    name: 'the image',
    drop: (query) => query.replace('process.name : "svchost.exe" and', ''),
    broken: breaking('connection', 'Image', fc.constantFrom('C:\\Windows\\System32\\lsass.exe', 'C:\\svchost.exe.exe')),
  },
  {
    name: 'the loopback address of version 4',
    drop: (query) => query.replace('source.ip != "127.0.0.1" and', ''),
    broken: breaking('connection', 'SourceIp', fc.constant('127.0.0.1')),
  },
  {
    name: 'the loopback address of version 6',
    drop: (query) => query.replace('and source.ip != "::1"', ''),
    broken: breaking('connection', 'SourceIp', fc.constantFrom('::1', '0:0:0:0:0:0:0:1')),
  },
  {
    name: 'the registry path',
    drop: (query) => query.replace(/ and\s+registry\.path : "[^"]*"/, ''),
    broken: breaking(
      'actions',
      'TargetObject',
      fc.constantFrom('HKLM\\SOFTWARE\\Vendor\\Actions', `HKU\\x\\${KEY}{1}\\Actions`, 'Actions'),
    ),
  },
  {
    // Sysmon's value is always the end of its path; a sensor that knows keys from values says otherwise of a key.
    name: 'the registry value',
    drop: (query) => query.replace('registry.value : "Actions" and', ''),
    broken: fc.constantFrom<unknown>('(Default)', undefined).map((value) => (whole) => ({
      ...whole,
      change: (_, actions) => {
        const registry = actions.registry as Json
        if (value === undefined) delete registry.value
        else registry.value = value
      },
    })),
  },
]

describe('every clause of the remote creation sequence', () => {
  let query = ''
  before(async () => {
    const path = join(home, 'scenarios', 'analytics', 'remote-scheduled-task-creation.yml')
    query = Analytic.parse(parse(await readFile(path, 'utf8'))).implementations[0]!.query
  })

  it('holds for what is a remote creation', () => {
    fc.assert(fc.property(creation, (whole) => assert.equal(matches(query, whole), 1)))
  })

  for (const { name, drop, broken } of CLAUSES) {
    it(`${name}: keeps out what it should, and a rule without it lets that in`, () => {
      const mutant = drop(query)
      assert.notEqual(mutant, query)
      fc.assert(
        fc.property(creation, broken, (whole, breakIt) => {
          const near = breakIt(whole)
          assert.equal(matches(query, near), 0, 'the rule keeps it out')
          assert.equal(matches(mutant, near), 1, 'the mutant lets it in')
        }),
        { numRuns: 40 },
      )
    })
  }
})
