/** No check of the shipped suite is vacuous: each expectation turned around, and each known gap taken away, is unexpected. */
import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { checkOf, WorkFolder } from './work-folder.ts'

describe('the shipped suite', function () {
  this.timeout(240_000)

  it('has no vacuous check', async () => {
    const folder = await WorkFolder.make()
    try {
      const checks: [string, string][] = []
      for (const file of (await readdir(join(folder.path, 'scenarios'))).filter((name) => name.endsWith('.yml'))) {
        await folder.change(`scenarios/${file}`, (scenario) => {
          for (const test of scenario.tests) {
            for (const expected of test.expect) {
              checks.push([`${scenario.id}/${test.id}`, expected.analytic])
              // A known gap says that its expectation is not met: without it, it must show.
              if (expected.knownGap === undefined) expected.is = expected.is === 'silent' ? 'alert' : 'silent'
              delete expected.knownGap
            }
          }
        })
      }
      const { code, record } = await folder.run([])
      const met = checks
        .map(([test, analytic]) => ({ test, ...checkOf(record, test, analytic) }))
        .filter(({ outcome }) => outcome !== 'unexpected')
        .map(
          ({ test, analytic, expect, verdict, outcome }) => `${test} × ${analytic}: ${expect}, ${verdict}, ${outcome}`,
        )
      assert.deepEqual(met, [])
      assert.ok(checks.length >= 100)
      assert.equal(code, 1)
    } finally {
      await folder.remove()
    }
  })
})
