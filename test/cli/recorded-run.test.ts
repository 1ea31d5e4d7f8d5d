/** `run --record`, then `replay`: the same verdicts, and other ones once something is changed. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import { stringify } from 'yaml'
import { Recording } from '../../src/model/recording.ts'
import { RunRecord } from '../../src/model/run-record.ts'
import { checkOf, WorkFolder } from './work-folder.ts'

const SEQUENCE = 'remote-scheduled-task-creation'
const PROCESS = 'CAR-2013-08-001'
const NETWORK = 'CAR-2015-04-002'
const ALL = [PROCESS, NETWORK, SEQUENCE]

const remote = '/s {{target.name}} /u {{target.domain}}\\{{target.user}} /p {{target.password}}'

/** A remote task, made after a query as set-up, and deleted as clean-up. */
const REMOTE = {
  id: 'remote',
  provenance: { document: 'test', kind: 'own' },
  setup: [{ host: 'source', run: `schtasks /query ${remote} /tn {{marker}}`, exitCodes: [0, 1] }],
  steps: [
    {
      host: 'source',
      run: `schtasks /create /f ${remote} /sc once /st {{target.time+2h}} /ru SYSTEM /tn {{marker}} /tr "cmd.exe /c ver"`,
    },
  ],
  cleanup: [{ host: 'source', run: `schtasks /delete /f ${remote} /tn {{marker}}` }],
  changes: [{ kind: 'scheduled-task', host: 'target', name: '\\{{marker}}' }],
  expect: ALL.map((analytic) => ({ analytic, is: 'alert', within: '10m' })),
}

const LOCAL = {
  id: 'local',
  provenance: { document: 'test', kind: 'own' },
  steps: [{ host: 'source', run: 'schtasks /query /fo csv' }],
  expect: [
    { analytic: PROCESS, is: 'alert' },
    { analytic: SEQUENCE, is: 'silent' },
  ],
}

interface Replayed {
  code: number | null
  record: RunRecord
  stderr: string
}

async function replay(folder: WorkFolder, recording: string, ...args: string[]): Promise<Replayed> {
  const { code, stdout, stderr } = await folder.tocsin(['replay', recording, '--json', ...args])
  assert.notEqual(stdout, '', stderr)
  return { code, record: RunRecord.parse(JSON.parse(stdout)), stderr }
}

/** What a check says, without the ids of alerts, which are new. */
const judgements = (record: RunRecord) =>
  record.tests.map(({ id, execution, checks }) => ({
    id,
    status: execution.status,
    checks: checks.map(({ latencyMs: _, evidence, cause, ...check }) => ({
      ...check,
      events: evidence.events,
      cause: cause?.replace(/at \S+Z/g, ''),
    })),
  }))

describe('a recorded run', function () {
  this.timeout(180_000)
  let folder: WorkFolder
  let recorded: RunRecord

  before(async () => {
    folder = await WorkFolder.make()
    await writeFile(
      join(folder.path, 'scenarios', 'recorded.yml'),
      stringify({ id: 'recorded', tests: [REMOTE, LOCAL] }),
    )
    const { record, stderr, code } = await folder.run(['recorded', '--record', 'recording'])
    assert.equal(code, 0, stderr)
    recorded = record
  })

  after(() => folder.remove())

  /** A copy of the folder to change something in, without its recording. */
  const changed = async (change: (copy: WorkFolder) => Promise<unknown>): Promise<WorkFolder> => {
    const copy = await WorkFolder.make()
    await cp(join(folder.path, 'scenarios', 'recorded.yml'), join(copy.path, 'scenarios', 'recorded.yml'))
    await change(copy)
    return copy
  }

  const replayChanged = async (change: (copy: WorkFolder) => Promise<unknown>): Promise<Replayed> => {
    const copy = await changed(change)
    try {
      return await replay(copy, join(folder.path, 'recording'))
    } finally {
      await copy.remove()
    }
  }

  const damaged = async (damage: (recording: string) => Promise<unknown>, name: string): Promise<string> => {
    const recording = join(folder.path, name)
    await cp(join(folder.path, 'recording'), recording, { recursive: true })
    await damage(recording)
    return recording
  }

  it('holds its tests with their events, and no password', async () => {
    const text = await readFile(join(folder.path, 'recording', 'recording.json'), 'utf8')
    const recording = Recording.parse(JSON.parse(text))
    assert.deepEqual(recording.run, recorded)
    const [test] = recording.tests
    assert.equal(test!.id, 'recorded/remote')
    assert.ok(test!.windows.setup !== null && test!.windows.cleanup !== null)
    assert.deepEqual(new Set(test!.alerts.map(({ ruleId }) => ruleId)).size, ALL.length)
    const events = gunzipSync(await readFile(join(folder.path, 'recording', test!.events.file))).toString()
    assert.ok(events.includes(test!.marker))
    assert.ok(events.includes('••••••'), 'the password that schtasks was given is masked')
    assert.ok(!`${text}${events}`.includes('lab-only-Kestrel-41'))
  })

  it('gives the same verdicts again, twice alike', async () => {
    const [one, two] = await Promise.all([replay(folder, 'recording'), replay(folder, 'recording/recording.json')])
    assert.equal(one.code, 0)
    assert.deepEqual(judgements(one.record), judgements(recorded))
    assert.deepEqual(judgements(two.record), judgements(one.record))
    assert.equal(one.record.lab.kind, 'recorded')
    assert.match(one.stderr, /As recorded: 5 checks/)
  })

  it('is read by its events where a query is asked', async () => {
    const { code, stdout, stderr } = await folder.tocsin([
      'query',
      '--language',
      'eql',
      'process where process.name : "schtasks.exe"',
      'recording',
    ])
    assert.equal(code, 0, stderr)
    assert.match(stdout, /\/recording\/events\/recorded\/remote\.ndjson\.gz$/m)
  })

  it('refuses options that it has no use for', async () => {
    for (const [name, value] of [
      ['--hits', '3'],
      ['--time', 'record'],
    ] as const) {
      const { code, stderr } = await folder.tocsin(['replay', 'recording', name, value])
      assert.deepEqual([code, stderr.includes(`${name} goes with recordings of events`)], [2, true], stderr)
    }
  })

  it('writes record and reports to --out, and shows what differs from the recording', async () => {
    const copy = await changed((files) =>
      files.changeDeployed(PROCESS, (implementation) => {
        implementation.query = 'process where process.name : "at.exe"'
      }),
    )
    const { code, stdout } = await copy.tocsin([
      'replay',
      join(folder.path, 'recording'),
      '--out',
      'out',
      '--format',
      'md',
    ])
    assert.equal(code, 1)
    assert.match(stdout, /RECORDED/)
    assert.match(stdout, /Otherwise than recorded in run \S+: 2 of 5 checks/)
    assert.match(stdout, /recorded\/remote × CAR-2013-08-001: alerted \(expected\) → logged \(unexpected\)/)
    assert.deepEqual((await readdir(join(copy.path, 'out'))).sort(), ['report.md', 'run.json'])
    await copy.remove()
  })

  /** Each changes one thing of the analytics or scenarios and says what becomes of the remote test. */
  const CHANGES: {
    name: string
    analytic: string
    change: (copy: WorkFolder) => Promise<unknown>
    verdict: string
    outcome: string
    brokenStage: string | null
    code: number
  }[] = [
    {
      name: 'a clause that does not hold',
      analytic: SEQUENCE,
      change: (copy) =>
        copy.changeDeployed(SEQUENCE, (implementation) => {
          assert.match(implementation.query, /svchost\.exe/)
          implementation.query = implementation.query.replaceAll('svchost.exe', 'other.exe')
        }),
      verdict: 'logged',
      outcome: 'unexpected',
      brokenStage: 'logic',
      code: 1,
    },
    {
      name: 'a maxspan too short',
      analytic: SEQUENCE,
      change: (copy) =>
        copy.changeDeployed(SEQUENCE, (implementation) => {
          assert.match(implementation.query, /maxspan\s*=\s*\w+/)
          implementation.query = implementation.query.replace(/maxspan\s*=\s*\w+/, 'maxspan=1ms')
        }),
      verdict: 'logged',
      outcome: 'unexpected',
      brokenStage: 'logic',
      code: 1,
    },
    {
      name: 'a disabled rule',
      analytic: PROCESS,
      change: (copy) =>
        copy.changeDeployed(PROCESS, ({ rule }) => {
          rule.enabled = false
        }),
      verdict: 'matched',
      outcome: 'unexpected',
      brokenStage: 'rule',
      code: 1,
    },
    {
      name: 'a rule that reads other indices',
      analytic: PROCESS,
      change: (copy) =>
        copy.changeDeployed(PROCESS, ({ rule }) => {
          rule.index = ['other-*']
        }),
      verdict: 'unseen',
      outcome: 'unexpected',
      brokenStage: 'telemetry',
      code: 1,
    },
    {
      name: 'a look-back with holes',
      analytic: PROCESS,
      change: (copy) =>
        copy.changeDeployed(PROCESS, ({ rule }) => {
          Object.assign(rule, { interval: '10m', from: 'now-1s' })
        }),
      verdict: 'matched',
      outcome: 'unexpected',
      brokenStage: 'alert',
      code: 1,
    },
    {
      name: 'a rule that only the set-up matches',
      analytic: PROCESS,
      change: (copy) =>
        copy.changeDeployed(PROCESS, (implementation) => {
          implementation.query = 'process where process.name : "schtasks.exe" and process.command_line : "*/query*/tn*"'
        }),
      verdict: 'logged',
      outcome: 'unexpected',
      brokenStage: 'logic',
      code: 1,
    },
    {
      name: 'another expectation',
      analytic: PROCESS,
      change: (copy) =>
        copy.change('scenarios/recorded.yml', ({ tests }) => {
          tests[0].expect[0].is = 'silent'
        }),
      verdict: 'alerted',
      outcome: 'unexpected',
      brokenStage: 'logic',
      code: 1,
    },
    {
      name: 'a known gap',
      analytic: PROCESS,
      change: async (copy) => {
        await copy.changeDeployed(PROCESS, ({ rule }) => {
          rule.enabled = false
        })
        await copy.change('scenarios/recorded.yml', ({ tests }) => {
          for (const test of tests) test.expect[0].knownGap = { reason: 'it is off', reviewBy: '2030-01-01' }
        })
      },
      verdict: 'matched',
      outcome: 'known-gap',
      brokenStage: 'rule',
      code: 0,
    },
    {
      name: 'an analytic that no test named when it was recorded',
      analytic: 'remote-task-registration',
      change: (copy) =>
        copy.change('scenarios/recorded.yml', ({ tests }) => {
          tests[0].expect.push({ analytic: 'remote-task-registration', is: 'alert' })
        }),
      verdict: 'alerted',
      outcome: 'expected',
      brokenStage: null,
      code: 0,
    },
    {
      name: 'a scenario that is not there any more: it is judged as it was',
      analytic: SEQUENCE,
      change: (copy) => rm(join(copy.path, 'scenarios', 'recorded.yml')),
      verdict: 'alerted',
      outcome: 'expected',
      brokenStage: null,
      code: 0,
    },
  ]

  for (const { name, analytic, change, code, ...wanted } of CHANGES) {
    it(`follows a change: ${name}`, async () => {
      const replayed = await replayChanged(change)
      const { verdict, outcome, brokenStage, cause } = checkOf(replayed.record, 'recorded/remote', analytic)
      assert.deepEqual({ verdict, outcome, brokenStage }, wanted, cause ?? '')
      assert.equal(replayed.code, code, replayed.stderr)
    })
  }

  it('judges only the analytics that are asked for', async () => {
    const { record } = await replay(folder, 'recording', '--analytic', SEQUENCE)
    assert.deepEqual(
      record.tests.map(({ checks }) => checks.map(({ analytic }) => analytic)),
      [[SEQUENCE], [SEQUENCE]],
    )
    const { code, stderr } = await folder.tocsin([
      'replay',
      'recording',
      '--analytic',
      'remote-scheduled-task-creatoin',
    ])
    assert.equal(code, 2)
    assert.match(stderr, /did you mean/)
  })

  it('exits 3 where the events of a test are damaged, and judges the others', async () => {
    const recording = await damaged(
      (path) => truncate(join(path, 'events', 'recorded', 'remote.ndjson.gz'), 100),
      'cut',
    )
    const { code, record, stderr } = await replay(folder, recording)
    assert.equal(code, 3)
    assert.match(stderr, /damaged: recorded\/remote: events\/recorded\/remote\.ndjson\.gz was damaged or changed/)
    const spoilt = checkOf(record, 'recorded/remote', PROCESS)
    assert.equal(spoilt.verdict, 'unknown')
    assert.match(spoilt.cause!, /its telemetry cannot be read: .*hash does not fit/)
    assert.equal(checkOf(record, 'recorded/local', PROCESS).verdict, 'alerted')
  })

  const USELESS: { name: string; damage: (path: string) => Promise<unknown>; says: RegExp }[] = [
    {
      name: 'all its events',
      damage: (path) => rm(join(path, 'events'), { recursive: true }),
      says: /no test of this recording can be judged\n {2}recorded\/remote: events\/recorded\/remote\.ndjson\.gz is missing/,
    },
    {
      name: 'a manifest that was cut',
      damage: (path) => truncate(join(path, 'recording.json'), 3_000),
      says: /recording\.json is damaged/,
    },
    {
      name: 'a manifest that was edited',
      damage: async (path) => {
        const manifest = join(path, 'recording.json')
        await writeFile(manifest, (await readFile(manifest, 'utf8')).replace('"certain": true', '"certain": false'))
      },
      says: /recording\.json was changed after it was written: its hash does not fit/,
    },
    {
      name: 'a version of the future',
      damage: async (path) => {
        const manifest = join(path, 'recording.json')
        await writeFile(
          manifest,
          (await readFile(manifest, 'utf8')).replace('tocsin.recording/1', 'tocsin.recording/2'),
        )
      },
      says: /this is a recording of version 2, and 1 is read here/,
    },
  ]

  for (const [index, { name, damage, says }] of USELESS.entries()) {
    it(`exits 2 for the loss of everything: ${name}`, async () => {
      const { code, stdout, stderr } = await folder.tocsin(['replay', await damaged(damage, `useless-${index}`)])
      assert.equal(code, 2)
      assert.equal(stdout, '')
      assert.match(stderr, says)
    })
  }

  it('is judged alone', async () => {
    const { code, stderr } = await folder.tocsin(['replay', 'recording', 'lab.yml'])
    assert.equal(code, 2)
    assert.match(stderr, /recording is the recording of a run, which is judged alone/)
  })

  it('is not written into a folder that holds something', async () => {
    const { code, stderr } = await folder.tocsin(['run', 'recorded', '--record', 'recording'])
    assert.equal(code, 2)
    assert.match(stderr, /--record recording: it is not empty/)
    assert.ok(!existsSync(join(folder.path, 'reports', 'run.json')))
    await mkdir(join(folder.path, 'file-parent'))
    await writeFile(join(folder.path, 'file-parent', 'file'), '')
    const other = await folder.tocsin(['run', 'recorded', '--record', 'file-parent/file'])
    assert.equal(other.code, 2)
    assert.match(other.stderr, /--record file-parent\/file: /)
  })

  it('survives the death of its run: what was judged is judged again', async () => {
    const slow = await WorkFolder.make()
    await slow.changeLab(({ hosts }) => {
      hosts.ws2.role = 'silent'
      hosts.ws2.emulated.faults = { hang: true }
    })
    const hanging = { ...LOCAL, id: 'hanging', steps: [{ wait: '1h' }, { host: 'silent', run: 'ver' }] }
    await writeFile(join(slow.path, 'scenarios', 'slow.yml'), stringify({ id: 'slow', tests: [LOCAL, hanging] }))
    await slow.tocsin(['run', 'slow', '--lab', 'lab.yml', '--record', 'recording'], {
      onStart: (child) => {
        void (async () => {
          const manifest = join(slow.path, 'recording', 'recording.json')
          const kept = async () => JSON.parse(await readFile(manifest, 'utf8')).tests.length
          while (!existsSync(manifest) || (await kept()) === 0) await sleep(20)
          child.kill('SIGKILL')
        })()
      },
    })
    const { code, record } = await replay(slow, 'recording')
    assert.equal(checkOf(record, 'slow/local', PROCESS).verdict, 'alerted')
    const lost = checkOf(record, 'slow/hanging', PROCESS)
    assert.equal(lost.outcome, 'inconclusive')
    assert.match(lost.cause!, /its telemetry was not recorded/)
    assert.equal(code, 3)
    await slow.remove()
  })
})

describe('the shipped suite, recorded', function () {
  this.timeout(300_000)

  it('gives the same verdicts again in each of its checks', async () => {
    const folder = await WorkFolder.make()
    const { record, stderr } = await folder.run(['--record', 'recording'])
    assert.ok(record.tests.length >= 58, stderr)
    const again = await replay(folder, 'recording')
    assert.deepEqual(judgements(again.record), judgements(record))
    assert.equal(again.code, 0)
    await folder.remove()
  })
})
