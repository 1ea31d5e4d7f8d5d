import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { remoteCreation } from '../../telemetry/remote-creation.ts'
import { home, tocsin } from '../tocsin.ts'

describe('a replay with few addresses', () => {
  let folder: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tocsin-memory-'))
  })
  after(() => rm(folder, { recursive: true, force: true }))

  it('finds the same, where WebAssembly gets no memory', async function () {
    // Other systems limit them in other ways, or not at all.
    if (process.platform !== 'linux') this.skip()
    const path = join(folder, 'recording.json')
    const lines = remoteCreation().map((record) => `${JSON.stringify(record)}\n`)
    await writeFile(path, lines.join('').repeat(5))
    const script = 'ulimit -v 6000000 && exec "$@"'
    const command = [process.execPath, join(home, 'bin', 'tocsin.js'), 'replay', path]
    const { status, stdout } = spawnSync('sh', ['-c', script, 'sh', ...command], { encoding: 'utf8' })
    assert.deepEqual([status, stdout], [0, (await tocsin(['replay', path])).stdout])
    assert.match(stdout, /remote-scheduled-task-creation +eql +[1-9]/)
  })
})
