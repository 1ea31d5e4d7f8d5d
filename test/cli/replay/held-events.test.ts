import assert from 'node:assert/strict'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { replayInputs } from '../../../src/cli/replay/replay-inputs.ts'
import type { Implementation } from '../../../src/model/analytic.ts'
import { agree } from './agree.ts'
import { contenderOf } from './contender-of.ts'

const QUERIES = [
  'sequence by process.entity_id with maxspan=2m [process where process.name : "cmd.exe"] [network where true]',
  'sequence by process.entity_id with maxspan=2m [network where true] [process where process.name : "cmd.exe"]',
  'sequence by host.id, user.name [process where process.name : "cmd.exe"] [registry where true] until [network where true]',
  'sequence by ?user.name with maxspan=1m [process where process.name : "cmd.exe"] [registry where true]',
  'sequence by user.name with maxspan=1m [process where process.name : "cmd.exe"] ![network where true] [registry where true]',
  'sequence by user.name with maxspan=1m [process where process.name : "cmd.exe"] [network where true] ![registry where true]',
  'sequence with maxspan=1m [process where process.name : "cmd.exe"] [registry where true] | tail 2',
  'sequence [process where process.name : "cmd.exe"] by process.pid [network where true] by source.port',
  'sequence by user.name [process where process.name : "cmd.exe"] [process where process.name : "a*"]',
  'sequence by process.entity_id [any where process.name : "cmd.exe"] with runs=2 [network where source.port == 4]',
  'sample by user.name [process where process.name : "cmd.exe"] [network where source.port == 4] [registry where true]',
].map((query): Implementation => ({ language: 'eql', query }))

const START = Date.parse('2031-03-04T05:00:00Z')
const guid = fc.constantFrom('5ac0ffee-0000-4000-8000-00000000000a', '5ac0ffee-0000-4000-8000-00000000000b')
const time = fc.nat(300).map((seconds) => new Date(START + seconds * 1000).toISOString())

const record = fc
  .record({
    EventID: fc.constantFrom(1, 1, 3, 13),
    guid,
    braced: fc.boolean(),
    Image: fc.constantFrom('C:\\cmd.exe', 'C:\\CMD.EXE', 'C:\\a.exe', 'C:\\ab.exe', 'C:\\b.exe'),
    ProcessId: fc.constantFrom('4', '5', '04'),
    User: fc.constantFrom('LAB\\ada', 'lab\\bob', 'LAB\\Ada', ''),
    time,
    late: fc.nat(90),
  })
  .map(({ guid: id, braced, time: happened, late, User, ...rest }) => ({
    Channel: 'Microsoft-Windows-Sysmon/Operational',
    Hostname: 'desk7',
    TimeCreated: new Date(Date.parse(happened) + late * 1000).toISOString(),
    UtcTime: happened.replace('T', ' ').replace('Z', ''),
    ...rest,
    ...(User === '' ? {} : { User }),
    ProcessGuid: braced ? `{${id}}` : id,
    ...(rest.EventID === 3 ? { SourcePort: rest.ProcessId, Initiated: 'true' } : {}),
    ...(rest.EventID === 13 ? { TargetObject: 'HKLM\\Run\\x' } : {}),
  }))

const bytesOf = (records: readonly object[]) => Buffer.from(records.map((one) => `${JSON.stringify(one)}\n`).join(''))

describe('events that matter only with others', () => {
  it('make the same matches as if all were read', async () => {
    let matches = 0
    await fc.assert(
      fc.asyncProperty(fc.array(record, { minLength: 8, maxLength: 60 }), async (records) => {
        for (const time of ['event', 'record'] as const) {
          matches += await agree(QUERIES, ['-'], [bytesOf(records)], true, time)
        }
      }),
      { numRuns: 80 },
    )
    assert.ok(matches > 800, `${matches} matches say little`)
  })

  it('keep their numbers behind a list of records, and their matches where the input breaks off', async () => {
    const records = fc.sample(record, { numRuns: 60, seed: 4 })
    const listed = Buffer.from(
      `${JSON.stringify({ hits: { hits: records.slice(0, 7).map((one) => ({ _source: one })) } })}\n`,
    )
    const matches = await agree(QUERIES, ['-'], [listed, bytesOf(records)], true)
    assert.ok(matches > 10)
    const packed = gzipSync(bytesOf(records), { level: 1 })
    assert.ok((await agree(QUERIES, ['-'], [packed.subarray(0, packed.length - 12)], true)) > 5)
  })

  /** How many events a query is shown. */
  async function shown(query: string, records: readonly object[]): Promise<number> {
    const contender = contenderOf('one', { language: 'eql', query })
    let count = 0
    const counting: typeof contender = {
      ...contender,
      take(event, categories) {
        count += 1
        contender.take(event, categories)
      },
    }
    const stdin = (async function* () {
      yield bytesOf(records)
    })()
    const inputs = await replayInputs(['-'], [counting], { time: 'event', stdin })
    assert.equal(inputs[0]!.events, records.length)
    return count
  }

  const [shell] = fc.sample(record, { numRuns: 1, seed: 1 })
  const event = (EventID: number, ProcessGuid: string, Image = 'C:\\cmd.exe') => ({
    ...shell,
    EventID,
    ProcessGuid,
    Image,
  })
  const QUERY = 'sequence by process.entity_id [process where process.name : "cmd.exe"] [registry where true]'

  it('are not read when the rarer ones are not there, and else only those that join', async () => {
    const registry = Array.from({ length: 500 }, (_, index) => event(13, `{-${index}-}`))
    // The first of each kind is read to know the kind, the very first to know where its time stands.
    assert.equal(await shown(QUERY, [...registry, event(1, '{-7-}', 'C:\\a.exe')]), 3)
    const one = await shown(QUERY, [...registry, event(1, '{x}'), event(1, '{-7-}'), event(1, '{-8-}')])
    assert.ok(one <= 12, `${one} of 503 were read`)
    const many = Array.from({ length: 200 }, (_, index) => event(1, `{-${index}-}`))
    assert.ok((await shown(QUERY, [...registry, ...many])) >= 700, 'of so many values none is looked for')
  })

  it('are read at once when they are too many to keep', async () => {
    const large = Array.from({ length: 40 }, (_, index) => ({
      ...event(13, `{-${index}-}`),
      Details: 'x'.repeat(500_000),
    }))
    const count = await shown(QUERY, [...large, event(1, '{x}', 'C:\\a.exe')])
    assert.ok(count > 5 && count < 15, `${count}: 16 MB are kept`)
  })
})
