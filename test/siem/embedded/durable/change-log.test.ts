import assert from 'node:assert/strict'
import { appendFile, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DurableLog } from '../../../../src/siem/embedded/durable/change-log.ts'
import { Store } from '../../../../src/siem/embedded/store/store.ts'

describe('log of changes', () => {
  let folder: string

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tocsin-log-'))
  })

  afterEach(() => rm(folder, { recursive: true }))

  const path = () => join(folder, 'changes.log')

  const opened = async () => {
    const store = new Store(Date.now)
    const log = await DurableLog.open(folder, store)
    store.log = log
    return { store, log }
  }

  const written = async (count: number) => {
    const { store, log } = await opened()
    const index = store.createIndex('events', {
      mappings: { properties: { n: { type: 'long' } } },
      aliases: { all: {} },
    })
    for (let n = 0; n < count; n += 1) store.put(index, String(n), { n, text: `naïve ${n}` })
    store.delete(index, '0')
    store.putObject('rule', 'r', { name: 'rule' })
    await log.close()
  }

  it('gives back what was written: documents, versions, mapping, aliases, rules', async () => {
    await written(3)
    const { store, log } = await opened()
    const index = store.indices.get('events')!
    assert.equal(index.get('0'), undefined)
    assert.deepEqual(index.get('2')?.source, { n: 2, text: 'naïve 2' })
    assert.equal(index.get('2')?.seqNo, 2)
    assert.equal(index.mapping.field('text')?.typeName, 'text')
    assert.deepEqual([...index.aliases.keys()], ['all'])
    assert.deepEqual(store.objects('rule').get('r'), { name: 'rule' })
    await log.close()
  })

  it('drops a torn last line, and goes on after it', async () => {
    await written(3)
    const { size } = await stat(path())
    await truncate(path(), size - 5)
    const first = await opened()
    assert.equal(first.store.objects('rule').get('r'), undefined)
    assert.equal(first.store.indices.get('events')!.size, 2)
    first.store.putObject('rule', 'later', 1)
    await first.log.close()
    const second = await opened()
    assert.equal(second.store.objects('rule').get('later'), 1)
    await second.log.close()
  })

  it('drops a last line whose bytes are not those that were written', async () => {
    await written(1)
    await appendFile(path(), '00000000 {"do":"delete-index","name":"events"}\n')
    const { store, log } = await opened()
    assert.ok(store.indices.has('events'))
    await log.close()
  })

  it('refuses a file that is damaged in the middle', async () => {
    await written(3)
    const text = await readFile(path(), 'utf8')
    await writeFile(path(), text.replace('naïve 1', 'naive 1'))
    await assert.rejects(opened(), /is damaged at byte \d+/)
  })

  it('packs a file of which little is still true', async () => {
    const { store, log } = await opened()
    const index = store.createIndex('events')
    for (let n = 0; n < 3000; n += 1) store.put(index, 'one', { n, filler: 'x'.repeat(500) })
    await log.close()
    const before = (await stat(path())).size
    const again = await opened()
    assert.equal(again.store.indices.get('events')!.get('one')?.version, 3000)
    assert.equal(again.store.put(again.store.indices.get('events')!, 'two', {}).seqNo, 3000)
    await again.log.close()
    assert.ok((await stat(path())).size < before / 100)
  })

  it('is for one server at a time', async () => {
    const { log } = await opened()
    await assert.rejects(opened(), /is in use by another embedded SIEM/)
    await log.close()
    await (await opened()).log.close()
  })
})
