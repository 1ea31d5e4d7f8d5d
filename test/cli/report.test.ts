import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formats } from '../../src/report/formats.ts'
import { sampleRecord } from '../report/sample-record.ts'
import { tocsin } from './tocsin.ts'

describe('tocsin report', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tocsin-report-'))
    writeFileSync(join(folder, 'run.json'), formats.json!.render(sampleRecord))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('makes the reports of a run folder again and shows its summary', async () => {
    const { code, stdout } = await tocsin(['report', folder])
    assert.equal(code, 0)
    assert.deepEqual(readdirSync(folder).sort(), ['junit.xml', 'report.html', 'report.md', 'run.json'])
    assert.equal(readFileSync(join(folder, 'junit.xml'), 'utf8'), formats.junit!.render(sampleRecord))
    assert.match(stdout, /0 of 3 detections hold, 3 do not/)
    assert.match(stdout, /report\.html/)
  })

  it('writes one format of a record file elsewhere', async () => {
    const { code } = await tocsin(['report', 'run.json', '--format', 'md', '--out', 'made/here'], { cwd: folder })
    assert.equal(code, 0)
    assert.deepEqual(readdirSync(join(folder, 'made', 'here')), ['report.md'])
  })

  const mistakes: [string, (folder: string) => string[], RegExp][] = [
    ['a folder that is not there', () => ['report', '/no/such/run'], /there is no such file or folder/],
    ['an unknown format', (where) => ['report', where, '--format', 'pdf'], /no such report format: pdf/],
    ['a file that is no record', (where) => ['report', join(where, 'other.json')], /no record of a run|is not JSON/],
  ]
  for (const [name, args, message] of mistakes) {
    it(`exits 2 on ${name}`, async () => {
      writeFileSync(join(folder, 'other.json'), '{"format": "tocsin.run/2"}')
      const { code, stdout, stderr } = await tocsin(args(folder))
      assert.equal(code, 2)
      assert.equal(stdout, '')
      assert.match(stderr, message)
      assert.doesNotMatch(stderr, /\n +at /)
    })
  }
})
