/** Text of files and hosts is shown, never obeyed: no control character of theirs reaches a terminal, no mark-up a report. */
import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { WorkFolder } from './work-folder.ts'

const EVIL = '\u001b[31mred\u001b]0;title\u0007 <script>alert(1)</script> "a" | `b` ]]> \u202e \r\n# heading'

const SCENARIO = {
  id: 'evil',
  title: EVIL,
  tests: [
    {
      id: 'text',
      title: EVIL,
      description: EVIL,
      provenance: { document: EVIL, test: EVIL, kind: 'own' },
      documentDefects: [{ document: EVIL, test: EVIL, text: EVIL }],
      steps: [{ host: 'source', run: 'echo \u001b[31m<script>alert(1)</script>', exitCodes: [0, 1] }],
      expect: [{ analytic: 'CAR-2013-08-001', is: 'silent', reason: EVIL }],
    },
  ],
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/

describe('hostile text', () => {
  let folder: WorkFolder

  before(async () => {
    folder = await WorkFolder.make()
    await writeFile(join(folder.path, 'scenarios', 'evil.yml'), stringify(SCENARIO))
    await folder.changeLab((lab) => {
      lab.name = EVIL
    })
  })

  after(() => folder.remove())

  it('is harmless in what a run shows and in every report', async () => {
    const { stdout, stderr, code } = await folder.tocsin(['run', 'evil', '--lab', 'lab.yml', '--out', 'out'])
    assert.equal(code, 0, stderr)
    assert.match(stdout, /evil/)
    const report = (name: string) => readFile(join(folder.path, 'out', name), 'utf8')
    const [html, junit, markdown] = await Promise.all([report('report.html'), report('junit.xml'), report('report.md')])
    for (const text of [stdout, stderr, html, junit, markdown]) assert.doesNotMatch(text, CONTROLS)
    for (const text of [html, junit]) assert.ok(!text.includes('<script>alert'))
    assert.ok(!markdown.replace(/^```[\s\S]*?^```/gm, '').includes('<script>alert'))
    assert.doesNotMatch(markdown, /^# heading/m)
  })

  for (const args of [['list'], ['run', 'evil', '--lab', 'lab.yml', '--dry-run']]) {
    it(`is harmless in what ${args.join(' ')} shows`, async () => {
      const { stdout, code } = await folder.tocsin(args)
      assert.equal(code, 0)
      assert.match(stdout, /evil\/text/)
      assert.doesNotMatch(stdout, CONTROLS)
    })
  }

  it('is harmless and short where a file is refused', async () => {
    await writeFile(join(folder.path, 'not.json'), `\u001b[31m${EVIL}`)
    const binary = Buffer.from(Array.from({ length: 50_000 }, (_, index) => (index * 7919) % 251))
    await writeFile(join(folder.path, 'binary.yml'), binary)
    for (const args of [
      ['report', 'not.json'],
      ['lint', 'binary.yml'],
      ['run', '--lab', 'binary.yml'],
    ]) {
      const { stderr, code } = await folder.tocsin(args)
      assert.equal(code, 2)
      assert.doesNotMatch(stderr, CONTROLS)
      assert.ok(stderr.length < 10_000, `${stderr.length} characters`)
    }
  })
})
