import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { progressLine } from '../../src/cli/progress.ts'
import { sysmon } from '../telemetry/remote-creation.ts'
import { home, tocsin } from './tocsin.ts'

const ESCAPE = '\u001b'

describe('progress of reading', () => {
  for (const [name, progress, line] of [
    ['how much, how fast, how long still', [25e6, 100e6, 5], 'reading 25 % of 100 MB, 5.0 MB/s, 15 s left  a.json'],
    ['hours', [1e9, 2e12, 10], 'reading 0 % of 2.0 TB, 100 MB/s, 5 h 33 min left  a.json'],
    ['a file that grew', [300, 200, 2], 'reading 100 % of 200 bytes, 150 bytes/s, 0 s left  a.json'],
    ['what nobody knows the end of', [1234, null, 2], 'reading 1.2 kB, 617 bytes/s  a.json'],
    ['nothing read yet', [0, 90_000, 1], 'reading 0 % of 90.0 kB, 0 bytes/s  a.json'],
  ] as const) {
    it(name, () => {
      const [bytes, total, seconds] = progress
      assert.equal(progressLine({ path: 'a.json', bytes, total, seconds }), line)
    })
  }

  it('has nothing that steers a terminal', () => {
    const line = progressLine({ path: `a${ESCAPE}[2Jb`, bytes: 1, total: 2, seconds: 1 })
    assert.ok(!line.includes(ESCAPE))
  })

  const record = `${JSON.stringify(sysmon(1, 1, { Image: 'C:\\schtasks.exe' }))}\n`

  describe('on a terminal', () => {
    let folder: string
    let pipes = 0
    before(async function () {
      if (!existsSync('/usr/bin/script')) {
        this.test!.parent!.title += ' (skipped: there is no script(1) to make a terminal with)'
        this.skip()
      }
      folder = await mkdtemp(join(tmpdir(), 'tocsin-progress-'))
    })
    after(() => folder && rm(folder, { recursive: true }))

    /** Output of the command on a terminal; its recording ends when the output is as it should be. */
    async function onTerminal(command: string, until: RegExp, size = 'stty cols 100 rows 30; '): Promise<string> {
      pipes += 1
      const pipe = join(folder, `pipe-${pipes}`)
      execFileSync('mkfifo', [pipe])
      const line = `cat '${pipe}' | '${process.execPath}' '${home}bin/tocsin.js' ${command} > '${join(folder, 'out')}'`
      const child = spawn('script', ['-qefc', `${size}${line}`, '/dev/null'], {
        env: { ...process.env, NO_COLOR: '1' },
      })
      const finished = new Promise((resolve) => child.on('close', resolve))
      const feed = await open(pipe, 'w')
      await feed.write(record)
      let output = ''
      await new Promise<void>((resolve) => {
        const look = () => until.test(output) && resolve()
        child.stdout.setEncoding('utf8').on('data', (text: string) => {
          output += text
          look()
        })
        look()
      })
      await feed.close()
      assert.equal(await finished, 0, output)
      return output
    }

    it('also on one that does not know its size', async () => {
      await onTerminal('replay - --json', /reading \d+ bytes, \d+ bytes\/s {2}-/, 'stty cols 0 rows 0; ')
    })

    for (const command of ['replay - --json', "query --language eql 'process where true' - --json"]) {
      it(`${command.split(' ')[0]}: a line after a second, taken away at the end`, async () => {
        const output = await onTerminal(command, /reading \d+ bytes, \d+ bytes\/s {2}-/)
        assert.ok(!output.includes(`${ESCAPE}[3`), 'no colour')
        const end = output.slice(output.lastIndexOf('reading'))
        for (const done of ['[2K', '[?25h']) assert.ok(end.includes(`${ESCAPE}${done}`), JSON.stringify(end))
      })
    }

    it('nothing for what is done at once', async () => {
      assert.doesNotMatch(await onTerminal('replay - --json', /^/), /reading/)
    })
  })

  it('nothing where there is no terminal', async () => {
    const { stderr } = await tocsin(['replay', '-', '--json'], { input: record })
    assert.equal(stderr, '')
  })
})
