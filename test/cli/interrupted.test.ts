/** What interrupted runs leave: nothing after Ctrl-C, a journal after kill -9, and nothing after `tocsin cleanup`. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import ssh2 from 'ssh2'
import { parse, stringify } from 'yaml'
import type { Lab } from '../../src/model/lab.ts'
import { RunRecord } from '../../src/model/run-record.ts'
import { home } from './tocsin.ts'
import { WorkFolder } from './work-folder.ts'

const SCENARIO = {
  id: 'slow',
  tests: [
    {
      id: 'create-and-wait',
      provenance: { document: 'test', kind: 'own' },
      steps: [
        { host: 'source', run: 'schtasks /create /f /sc once /st {{source.time+2h}} /tn {{marker}} /tr calc.exe' },
        { wait: '12h' },
      ],
      cleanup: [{ host: 'source', run: 'schtasks /delete /f /tn {{marker}}' }],
      changes: [{ kind: 'scheduled-task', host: 'source', name: '\\{{marker}}' }],
      expect: [{ analytic: 'CAR-2013-08-001', is: 'alert', within: '10m' }],
    },
  ],
}

describe('an interrupted run', () => {
  let folder: WorkFolder
  let lab: { child: ChildProcess; path: string }

  before(async () => {
    folder = await WorkFolder.make()
    await writeFile(join(folder.path, 'scenarios', 'slow.yml'), stringify(SCENARIO))
    lab = await labUp(folder)
  })

  after(async () => {
    const ended = new Promise((resolve) => lab.child.once('exit', resolve))
    lab.child.kill('SIGTERM')
    assert.equal(await ended, 0)
    await folder.remove()
  })

  /** Starts the slow test and ends it as soon as its task is there. */
  const interrupted = async (out: string, signal: NodeJS.Signals) => {
    const running: ChildProcess[] = []
    const finished = folder.tocsin(['run', 'slow', '--lab', lab.path, '--out', out], {
      onStart: (child) => running.push(child),
    })
    const task = await eventually(async () => /tocsin-[a-z0-9]+/.exec(await query(lab.path))?.[0])
    running[0]!.kill(signal)
    const { code, stderr } = await finished
    const record = RunRecord.parse(JSON.parse(await readFile(join(folder.path, out, 'run.json'), 'utf8')))
    return { code, stderr, record, task }
  }

  it('leaves no task after Ctrl-C, and exits 130', async () => {
    const { code, record, task } = await interrupted('ctrl-c', 'SIGINT')
    assert.equal(code, 130)
    assert.ok(!(await query(lab.path)).includes(task))
    assert.equal(record.tests[0]!.execution.status, 'interrupted')
    assert.deepEqual(record.tests[0]!.cleanup, { status: 'done', verified: true, reason: null })
    assert.ok(record.endedAt !== null)
  })

  it('leaves its task after kill -9, a whole record, and a journal from which cleanup undoes it', async () => {
    const { record, task } = await interrupted('killed', 'SIGKILL')
    assert.ok((await query(lab.path)).includes(task))
    assert.equal(record.endedAt, null)
    assert.equal(record.tests[0]!.checks[0]!.verdict, 'unknown')
    assert.equal(record.tests[0]!.checks[0]!.outcome, 'inconclusive')

    const first = await folder.tocsin(['cleanup', 'killed'])
    assert.equal(first.code, 0, first.stderr)
    assert.match(first.stdout, /slow\/create-and-wait: undone, and read back/)
    assert.ok(!(await query(lab.path)).includes(task))

    const second = await folder.tocsin(['cleanup', 'killed'])
    assert.deepEqual([second.code, second.stdout], [0, 'Nothing to clean up.\n'])
  })

  it('has nothing to clean up where there are no runs', async () => {
    const { code, stdout } = await folder.tocsin(['cleanup', '--reports', 'none'])
    assert.deepEqual([code, stdout], [0, 'Nothing to clean up.\n'])
  })
})

/** `tocsin lab up` in a process of its own. */
function labUp(folder: WorkFolder): Promise<{ child: ChildProcess; path: string }> {
  return new Promise((resolve, reject) => {
    const args = [`${home}bin/tocsin.js`, 'lab', 'up', '--lab', 'lab.yml', '--data', 'lab-data']
    const child = spawn(process.execPath, args, { cwd: folder.path, stdio: ['ignore', 'pipe', 'inherit'] })
    child.stdout.once('data', (line) => resolve({ child, path: (JSON.parse(String(line)) as { lab: string }).lab }))
    child.once('exit', (code) => reject(new Error(`lab up ended with ${code}`)))
  })
}

/** The tasks of the first workstations, as their own schtasks lists them over SSH. */
async function query(labFile: string): Promise<string> {
  const lab = parse(await readFile(labFile, 'utf8')) as Lab
  return (await Promise.all(['ws1', 'ws2'].map((name) => execute(lab.hosts[name]!, 'schtasks /query /fo csv')))).join(
    '',
  )
}

function execute({ address, port, user, password }: Lab['hosts'][string], command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const client = new ssh2.Client()
    client.on('error', reject)
    client.on('ready', () =>
      client.exec(command, (error, channel) => {
        if (error) return reject(error)
        let text = ''
        channel.on('data', (data: Buffer) => {
          text += data.toString()
        })
        channel.on('close', () => {
          client.end()
          resolve(text)
        })
        channel.end()
      }),
    )
    client.connect({ host: address!, port: port!, username: user!, password: password! })
  })
}

async function eventually<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 200; tries += 1) {
    const found = await look()
    if (found !== undefined) return found
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('it did not come')
}
