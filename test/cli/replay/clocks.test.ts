import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { remoteCreation } from '../../telemetry/remote-creation.ts'
import { home, tocsin } from '../tocsin.ts'

const SEQUENCE = 'remote-scheduled-task-creation'

describe('the clocks of a replay', () => {
  let folder: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tocsin-clocks-'))
  })
  after(() => rm(folder, { recursive: true, force: true }))

  /** A connection before the write, whose record was written after it. */
  const [connection, actions] = remoteCreation()
  const late = [{ ...connection, TimeCreated: '2031-03-04T05:06:12.000Z' }, actions]
  const replay = async (records: unknown[], ...args: string[]) => {
    const path = join(folder, 'recording.json')
    await writeFile(path, records.map((record) => `${JSON.stringify(record)}\n`).join(''))
    return tocsin(['replay', path, '--scenarios', join(home, 'scenarios'), '--analytic', SEQUENCE, ...args])
  }

  it('are named with the analytic whose result depends on them, whichever orders', async () => {
    for (const args of [[], ['--time', 'record']]) {
      const { code, stdout } = await replay(late, ...args)
      assert.equal(code, 0)
      assert.match(
        stdout,
        /#1 +remote-scheduled-task-creation \(eql\) matches 1 by event time and 0 by record time: .*2\.0 s/,
      )
      assert.match(stdout, /1 event would change places/)
    }
  })

  it('are measured as JSON for every recording that has both', async () => {
    const [input] = JSON.parse((await replay(late, '--json')).stdout).inputs
    const { changes, kinds, ...all } = input.drift
    assert.deepEqual(all, { events: 1, medianMs: -2000, worstMs: -2000, reordered: 1 })
    assert.deepEqual(changes, [{ id: SEQUENCE, language: 'eql', codes: ['3', '13'], matches: { event: 1, record: 0 } }])
    assert.deepEqual(
      kinds.map(({ code }: { code: string }) => code),
      ['3'],
    )
  })

  it('are not spoken of where no result depends on them', async () => {
    assert.doesNotMatch((await replay([connection, actions])).stdout, /Clocks/)
  })
})
