import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Contender } from '../../../src/cli/replay/contender.ts'
import { startHelpers } from '../../../src/cli/replay/helpers.ts'
import { replayInputs } from '../../../src/cli/replay/replay-inputs.ts'
import { findSources } from '../../../src/telemetry/readers/open-inputs.ts'
import { remoteCreation } from '../../telemetry/remote-creation.ts'
import { agree } from './agree.ts'
import { contenderOf } from './contender-of.ts'

const QUERY = 'sequence by process.entity_id [network where source.port > 1] [registry where true]'
const implementation = { language: 'eql' as const, query: QUERY }

describe('the helpers of a replay', () => {
  let folder: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tocsin-helpers-'))
    // As good as random, so that it stays large when it is packed.
    const padding = randomBytes(450_000).toString('hex')
    for (const [number, copies] of [1, 3, 0, 2].entries()) {
      const events = Array.from({ length: copies }, () => remoteCreation()).flat()
      const others = Array.from({ length: 10 }, () => ({ ...remoteCreation()[0], EventID: 255, padding }))
      const lines = [...others, ...events].map((record) => `${JSON.stringify(record)}\n`)
      await writeFile(join(folder, `${number}.json.gz`), gzipSync(lines.join(''), { level: 1 }))
    }
    await writeFile(join(folder, '4.json'), '{"EventID":')
  })
  after(() => rm(folder, { recursive: true, force: true }))

  const nothing = async function* () {}
  const options = () => ({ time: 'event' as const, cwd: folder, stdin: nothing(), drift: true })

  it('find what the caller would have found, each in its place', async () => {
    assert.ok((await agree([implementation], [folder, join(folder, 'none.json')], [], true)) >= 3)
  })

  it('read what the caller does not claim, and tell how far they have come', async () => {
    const sources = await findSources(['1.json.gz', '3.json.gz', '-', '0.json.gz'], { cwd: folder })
    const contender = contenderOf('one', implementation)
    let bytes = 0
    const read = (_: string, count: number) => {
      bytes += count
    }
    const listener = { found: () => {}, read }
    const helpers = startHelpers(sources, [contender], { ...options(), listener })
    assert.ok(helpers.claim(1))
    const found = await helpers.finished()
    assert.deepEqual([...found.keys()].sort(), [0, 3])
    assert.deepEqual([helpers.claim(0), helpers.claim(1), helpers.claim(2)], [false, false, true])
    assert.equal(
      bytes,
      [0, 3].reduce((sum, at) => sum + (sources[at] as { bytes: number }).bytes, 0),
    )
  })

  it('are none for what is small or read whole', async () => {
    const sources = await findSources(['0.json.gz', '4.json'], { cwd: folder })
    const contender = contenderOf('one', implementation)
    for (const [some, plain] of [
      [sources, false],
      [await findSources([folder], { cwd: folder }), true],
    ] as const) {
      assert.equal((await startHelpers(some, [contender], { ...options(), plain }).finished()).size, 0)
    }
  })

  it('leave to the caller what they fail at', async () => {
    const results = await Promise.all(
      [false, true].map(async (isSpoilt) => {
        const contender = contenderOf('one', implementation)
        if (isSpoilt) contender.plan = {} as Contender['plan']
        const inputs = await replayInputs(await findSources([folder], { cwd: folder }), [contender], options())
        return { inputs, result: contender.result(100) }
      }),
    )
    assert.deepEqual(results[0], results[1])
    assert.equal(results[0]!.inputs.length, 5)
  })
})
