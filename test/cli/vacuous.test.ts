/** No check of the shipped suite is vacuous: each expectation turned around, and each known gap taken away, is unexpected. */
import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { CheckRecord } from '../../src/model/run-record.ts'
import { checkOf, WorkFolder } from './work-folder.ts'

/** The expectation that a met one is turned into. */
function turned({ expect, verdict }: CheckRecord): string {
  if (expect === 'silent') return 'alert'
  if (expect === 'log') return verdict === 'logged' ? 'match' : 'silent'
  return 'silent'
}

describe('the shipped suite', function () {
  this.timeout(240_000)

  it('has no vacuous check', async () => {
    const folder = await WorkFolder.make()
    try {
      const { record } = await folder.run([])
      const turnedAround: [string, string][] = []
      for (const file of (await readdir(join(folder.path, 'scenarios'))).filter((name) => name.endsWith('.yml'))) {
        await folder.change(`scenarios/${file}`, (scenario) => {
          for (const test of scenario.tests) {
            for (const expected of test.expect) {
              const id = `${scenario.id}/${test.id}`
              const check = checkOf(record, id, expected.analytic)
              turnedAround.push([id, expected.analytic])
              if (check.outcome === 'expected') expected.is = turned(check)
              delete expected.knownGap
            }
          }
        })
      }
      const after = await folder.run([])
      const still = turnedAround
        .map(([test, analytic]) => [test, analytic, checkOf(after.record, test, analytic)] as const)
        .filter(([, , { outcome }]) => outcome !== 'unexpected')
        .map(
          ([test, analytic, { expect, verdict, outcome }]) =>
            `${test} × ${analytic}: ${expect}, ${verdict}, ${outcome}`,
        )
      assert.deepEqual(still, [])
      assert.ok(turnedAround.length >= 100)
      assert.equal(after.code, 1)
    } finally {
      await folder.remove()
    }
  })
})
