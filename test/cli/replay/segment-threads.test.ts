import assert from 'node:assert/strict'
import { createReadStream } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { replayInputs } from '../../../src/cli/replay/replay-inputs.ts'
import { segmentThreads } from '../../../src/cli/replay/threads.ts'
import { findSources, type Source } from '../../../src/telemetry/readers/open-inputs.ts'
import { remoteCreation } from '../../telemetry/remote-creation.ts'
import { contenderOf } from './contender-of.ts'

const QUERIES = [
  'sequence by process.entity_id [network where source.port > 1] [registry where true]',
  'network where destination.port == 49667',
  'any where event.code == "255"',
]

describe('the threads of a replay for segments of large files', () => {
  let folder: string
  let large: Source
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tocsin-segments-'))
    const records = remoteCreation()
    const others = Array.from({ length: 50 }, (_, id) => ({
      ...records[0],
      EventID: 300 + id,
      padding: 'x'.repeat(9000),
    }))
    const once = [...others, ...records, { ...records[0], EventID: 255 }].map((record) => JSON.stringify(record))
    await writeFile(join(folder, 'large.json'), `${once.join('\n')}\n`.repeat(75))
    await writeFile(join(folder, 'small.json'), once.join('\n'))
    await writeFile(join(folder, 'packed.json.gz'), '')
    ;[large] = (await findSources(['large.json'], { cwd: folder })) as [Source]
  })
  after(() => rm(folder, { recursive: true, force: true }))

  const read = async (sources: readonly Source[], threads = segmentThreads(sources)) => {
    const contenders = QUERIES.map((query, at) => contenderOf(String(at), { language: 'eql', query }))
    const stdin = createReadStream(join(folder, 'large.json'))
    let heard = 0
    const listener = {
      found: () => {},
      read: (_: string, bytes: number) => {
        heard += bytes
      },
    }
    const inputs = await replayInputs(sources, contenders, { time: 'event', drift: true, stdin, threads, listener })
    await threads?.end()
    stdin.destroy()
    const found = contenders.map((contender) => contender.result(Number.POSITIVE_INFINITY))
    return { inputs: inputs.map((input) => ({ ...input, path: '' })), found, heard }
  }

  it('find what is found without them', async () => {
    const [some, all] = [await read([large]), await read(['-'])]
    assert.deepEqual(some, all)
    assert.deepEqual(
      some.found.map(({ matches }) => matches),
      [1, 75, 75],
    )
  })

  it('are none for what is small, packed or not there', async () => {
    const sources = await findSources(['small.json', 'packed.json.gz', 'none.json', '-'], { cwd: folder })
    assert.equal(segmentThreads(sources), null)
  })

  it('are none where whole sources are read by other threads', () => {
    assert.ok('bytes' in (large as object))
    const larger = { ...(large as Extract<Source, { bytes: number }>), bytes: 200 << 20 }
    assert.equal(segmentThreads([larger, larger]), null)
  })
})
