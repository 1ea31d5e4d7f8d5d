import assert from 'node:assert/strict'
import { WorkFolder } from '../cli/work-folder.ts'

describe('the implementations of CAR-2013-08-001 in a run', function () {
  this.timeout(120_000)
  let folder: WorkFolder
  before(async () => {
    folder = await WorkFolder.make()
  })
  after(() => folder.remove())

  it('are told apart by switches with a dash, which the products do not look for', async () => {
    const { code, record } = await folder.run(['schtasks-local/create', 'schtasks-local/create-dash-form'])
    assert.equal(code, 0)
    const matched = Object.fromEntries(
      record.tests.map(({ id, checks }) => {
        const { implementations } = checks.find(({ analytic }) => analytic === 'CAR-2013-08-001')!
        return [id, Object.fromEntries(implementations.map((one) => [one.language, one.matched]))]
      }),
    )
    assert.deepEqual(matched, {
      'schtasks-local/create': { eql: true, car: true, dnif: true, logpoint: true },
      'schtasks-local/create-dash-form': { eql: true, car: true, dnif: false, logpoint: false },
    })
  })
})
