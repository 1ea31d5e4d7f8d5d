import assert from 'node:assert/strict'
import { recover } from '../../../src/engine/cleanup/recover.ts'
import type { JournalEntry } from '../../../src/model/journal.ts'
import { hosts, World } from '../world.ts'

const entry = (test: string, name: string): JournalEntry => ({
  test,
  marker: null,
  hosts: { source: 'ws1' },
  changes: [{ kind: 'scheduled-task', host: 'source', name: `\\${name}` }],
  cleanup: [{ role: 'source', run: `delete ${name} {{source.password}}`, shell: 'cmd', timeoutMs: 1_000 }],
})

const recovering = (world: World, entries: JournalEntry[], inventory = hosts()) =>
  recover({
    entries,
    hosts: inventory,
    transport: world.transport,
    clock: world.clock,
    journal: world.journaling,
    secrets: [],
    signal: world.abort.signal,
  })

describe('recovery', () => {
  it('undoes what a run left, last change first, and does no harm a second time', async () => {
    const world = new World()
    world.tasks.add('ws1\\one').add('ws1\\two')
    for (let time = 0; time < 2; time += 1) {
      const recovered = await recovering(world, [entry('s/one', 'one'), entry('s/two', 'two')])
      assert.deepEqual(
        recovered.map(({ entry: { test }, cleanup }) => [test, cleanup.verified]),
        [
          ['s/two', true],
          ['s/one', true],
        ],
      )
    }
    assert.equal(world.tasks.size, 0)
    assert.ok(world.commands.some(({ command }) => command.text === 'delete two hunter2hunter2'))
    assert.deepEqual(world.journal.slice(0, 2), [{ close: 's/two' }, { close: 's/one' }])
  })

  it('runs no step where nothing is there, and says so', async () => {
    const world = new World()
    world.tasks.add('ws1\\two')
    const [two, one] = await recovering(world, [entry('s/one', 'one'), entry('s/two', 'two')])
    assert.deepEqual(one!.cleanup, { status: 'not-needed', verified: true, reason: null })
    assert.equal(two!.cleanup.status, 'done')
    const run = world.commands.map(({ command }) => command.text).filter((text) => text.startsWith('delete'))
    assert.deepEqual(run, ['delete two hunter2hunter2'])
    assert.deepEqual(world.journal, [{ close: 's/two' }, { close: 's/one' }])
  })

  it('runs the steps where it cannot be read whether anything is there', async () => {
    const world = new World()
    const believed = { ...entry('s/one', 'one'), changes: [{ kind: 'none' as const, host: 'source', name: 'one' }] }
    const [one] = await recovering(world, [believed])
    assert.equal(one!.cleanup.status, 'done')
    assert.equal(world.commands.length, 1)
  })

  it('leaves an entry open that it cannot verify', async () => {
    const world = new World()
    world.tasks.add('ws1\\one')
    const stuck = { ...entry('s/one', 'one'), cleanup: [] }
    const gone = { ...entry('s/two', 'two'), hosts: { source: 'ws9' } }
    const recovered = await recovering(world, [stuck, gone])
    assert.deepEqual(
      recovered.map(({ cleanup }) => cleanup.reason),
      ['the lab has no host ws9 any more', 'scheduled task \\one on ws1 is still there'],
    )
    assert.deepEqual(world.journal, [])
  })
})
