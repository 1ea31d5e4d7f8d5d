import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEvidence } from '../../src/record/evidence.ts'

describe('evidence', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tocsin-evidence-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('is on disk with its hash, for its owner only', async () => {
    const file = openEvidence(folder, 'captures/tap/a/b.pcap')
    const pieces = [Buffer.from('one'), Buffer.alloc(300_000, 7)]
    for (const piece of pieces) file.write(piece)
    const all = Buffer.concat(pieces)
    const sha256 = createHash('sha256').update(all).digest('hex')
    assert.deepEqual(await file.close(), { sha256, bytes: all.length })
    const path = join(folder, 'captures/tap/a/b.pcap')
    assert.deepEqual(await readFile(path), all)
    assert.equal((await stat(path)).mode & 0o077, 0)
  })

  it('says at its end what could not be written', async () => {
    await writeFile(join(folder, 'captures'), 'a file in the way')
    const file = openEvidence(folder, 'captures/tap/a.pcap')
    file.write(Buffer.from('one'))
    await assert.rejects(file.close(), /EEXIST|ENOTDIR/)
  })
})
