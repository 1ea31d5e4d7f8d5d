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
