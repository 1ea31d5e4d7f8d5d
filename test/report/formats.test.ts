import assert from 'node:assert/strict'
import { formats } from '../../src/report/formats.ts'
import { assertGolden } from './golden.ts'
import { sampleRecord } from './sample-record.ts'

describe('report formats', () => {
  it('are the four that the run folder holds', () => {
    const files = Object.entries(formats).map(([name, { file }]) => [name, file])
    assert.deepEqual(files, [
      ['json', 'run.json'],
      ['html', 'report.html'],
      ['md', 'report.md'],
      ['junit', 'junit.xml'],
    ])
  })

  for (const [name, { file, render }] of Object.entries(formats)) {
    it(`${name}: the sample record gives the golden file`, () => assertGolden(file, render(sampleRecord)))

    it(`${name}: the same record gives the same text`, () => {
      assert.equal(render(structuredClone(sampleRecord)), render(sampleRecord))
    })

    it(`${name}: a run that was cut short before its first test can be rendered`, () => {
      const empty = { ...sampleRecord, endedAt: null, tests: [], analytics: [] }
      assert.ok(render(empty).length > 0)
    })
  }

  it('json is the record itself', () => {
    assert.deepEqual(JSON.parse(formats.json!.render(sampleRecord)), sampleRecord)
  })
})
