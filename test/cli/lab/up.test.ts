import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pid } from 'node:process'
import { tocsin } from '../tocsin.ts'

describe('tocsin lab up --data', () => {
  let folder: string

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tocsin-test-'))
  })

  afterEach(() => rm(folder, { recursive: true, force: true }))

  it('says of a folder that another process uses which one, exit 2', async () => {
    await mkdir(join(folder, 'siem'))
    await writeFile(join(folder, 'siem', 'lock'), String(pid))
    const { code, stdout, stderr } = await tocsin(['lab', 'up', '--data', folder])
    assert.equal(code, 2, stderr)
    assert.equal(stdout, '')
    assert.ok(stderr.startsWith(`--data ${folder}: `), stderr)
    assert.match(stderr, new RegExp(`in use.*process ${pid}`))
  })

  it('says why a folder cannot be used, exit 2', async () => {
    await mkdir(join(folder, 'clock.json'))
    const { code, stderr } = await tocsin(['lab', 'up', '--data', folder])
    assert.equal(code, 2, stderr)
    assert.ok(stderr.startsWith(`--data ${folder}: `), stderr)
    assert.ok(!stderr.includes('should not have happened'), stderr)
  })
})
