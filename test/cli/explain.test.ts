import assert from 'node:assert/strict'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { remoteCreation } from '../telemetry/remote-creation.ts'
import { home, tocsin } from './tocsin.ts'

const ANALYTIC = 'remote-scheduled-task-creation'
const lines = (records: object[]) => records.map((record) => `${JSON.stringify(record)}\n`).join('')

describe('tocsin explain', function () {
  this.timeout(60_000)
  let folder: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tocsin-explain-'))
  })
  after(() => rm(folder, { recursive: true }))

  const explain = (records: object[], ...more: string[]) =>
    tocsin(['explain', ANALYTIC, '-', ...more], { input: lines(records) })

  it('says which events match, clause by clause', async () => {
    const { code, stdout } = await explain(remoteCreation())
    assert.equal(code, 0)
    assert.match(
      stdout,
      /1 sequence matches\n {2}step 1, record 1 {2}2031-03-04T05:06:[\d.]+Z DESK7 \S+ → \S+ \S+svchost\.exe\n/,
    )
    assert.match(stdout, /DESK7 10\.9\.8\.7:50123 → 10\.9\.8\.6:49667 C:/)
    assert.match(stdout, /✓ registry\.value : "Actions"/)
  })

  it('names the clause of a changed rule with the value seen', async () => {
    const scenarios = join(folder, 'scenarios')
    await cp(join(home, 'scenarios'), scenarios, { recursive: true })
    const path = join(scenarios, 'analytics', `${ANALYTIC}.yml`)
    const text = await readFile(path, 'utf8')
    await writeFile(path, text.replace('registry.value : "Actions"', 'registry.value : "Triggers"'))
    const { stdout } = await explain(remoteCreation(), '--scenarios', scenarios, '--json')
    const { format, explanations } = JSON.parse(stdout)
    assert.equal(format, 'tocsin.explain/1')
    assert.equal(explanations[0].matches, 0)
    assert.equal(explanations[0].summary, 'registry.value is "Actions", the rule wants "Triggers" (step 2 of 2)')
  })

  it('names the order, the span and the join key', async () => {
    const late = await explain(remoteCreation({}, { UtcTime: '2031-03-04 05:07:01.500' }, [0, 1]))
    assert.match(late.stdout, /step 2 came 61\.5 s after step 1, maxspan is 60 s: 1\.5 s too late/)
    const turned = await explain(remoteCreation({}, {}, [12, 11]))
    assert.match(turned.stdout, /step 2 came 1 s before step 1, the rule wants it after/)
    const other = await explain(remoteCreation({}, { ProcessGuid: '{other}' }))
    assert.match(other.stdout, /process\.entity_id is "\{scheduler\}" in step 1 and "\{other\}" in step 2/)
  })

  it('calls an event that must not be there by its record', async () => {
    const scenarios = join(folder, 'own')
    await mkdir(join(scenarios, 'analytics'), { recursive: true })
    const analytic = {
      id: ANALYTIC,
      title: 'A change that no connection comes before',
      goal: 'To see one',
      attack: [{ technique: 'T1053.005', name: 'Scheduled Task', tactics: ['TA0002'] }],
      implementations: [
        { language: 'eql', query: 'sequence with maxspan=1m ![network where true] [registry where true]' },
      ],
    }
    await writeFile(join(scenarios, 'analytics', `${ANALYTIC}.yml`), JSON.stringify(analytic))
    const { stdout } = await explain(remoteCreation(), '--scenarios', scenarios)
    assert.match(
      stdout,
      /record 1 came [\d.]+ m?s before step 2, where the rule wants no such network event \(step 1\)/,
    )
    assert.match(stdout, /step 1, record 1 /)
  })

  it('names a language as people do', async () => {
    const { code, stderr } = await explain(remoteCreation(), '--language', 'kql')
    assert.equal(code, 2)
    assert.match(stderr, /has no implementation to explain in kql; it has eql/)
  })

  it('refuses an analytic that there is not', async () => {
    const { code, stderr } = await tocsin(['explain', 'remote-scheduled-task-creaton', '-'])
    assert.equal(code, 2)
    assert.match(stderr, /There is no analytic remote-scheduled-task-creaton.*remote-scheduled-task-creation/)
  })
})
