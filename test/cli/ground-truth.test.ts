/** Every row of the recordings' index (telemetry/INDEX.md, "Ground truth"), by one command over all of them. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { home, tocsin } from './tocsin.ts'

interface Row {
  events: number
  /** CAR-2013-08-001 on Sysmon 1 and on Security 4688. */
  sysmon?: number
  security?: number
  /** Sysmon 13 that write a task's actions. */
  actions?: number
  /** Connections to svchost.exe from afar, both ports dynamic. */
  inbound?: number
  /** The sequence of both. */
  sequence?: number
}

const TRUTH: Record<string, Row> = {
  'host/schtask_create.zip': { events: 1041, sysmon: 1, security: 1, actions: 1, inbound: 1, sequence: 1 },
  'host/empire_schtasks_standard_user.zip': { events: 1297, sysmon: 1, security: 1, actions: 1 },
  'host/sysmon-atomic-red-team.json.gz': { events: 19_882, sysmon: 2, actions: 1 },
  'host/negative_clean_dcsync.zip': { events: 8465 },
  'host/negative_clean_auditpol.zip': { events: 13_645 },
  'host/negative_clean_t1047.tar.gz': { events: 8220 },
  'host/negative_hard_lsass_03.zip': { events: 41_954, actions: 14 },
  'host/negative_hard_wmic_add_user.zip': { events: 12_278, actions: 4, inbound: 1 },
  'evtx/persistent_task_system.evtx': { events: 4, security: 1 },
  'evtx/task_creation_4688.evtx': { events: 1, security: 1 },
  'bench/LSASS_campaign_05_metasploit_sharpdump_lsass_memory_dump.zip': { events: 59_707, actions: 1 },
  'bench/LSASS_campaign_06_metasploit_outflank-dumpert_lsass_memory_dump.zip': { events: 58_096 },
}

/** Columns of the index that no shipped analytic counts. */
const COUNTED = {
  actions: 'registry where event.code == "13" and registry.value == "Actions"',
  inbound: `network where event.code == "3" and process.name : "svchost.exe" and network.direction == "ingress"
    and source.port >= 49152 and destination.port >= 49152 and source.ip not in ("127.0.0.1", "::1")`,
}

const CODES = { sysmon: '1', security: '4688' }
const SEQUENCE = 'remote-scheduled-task-creation'
/** Languages in which CAR-2013-08-001 names Sysmon's log and event id. */
const SYSMON_ONLY = new Set(['dnif', 'logpoint'])

interface Replay {
  inputs: { path: string; events: number; skipped: number }[]
  analytics: { id: string; language: string; hits: { events: { input: number; code: string }[] }[] }[]
}

describe('ground truth of public recordings', () => {
  const shared = join(process.env.TOCSIN_SHARED ?? '', 'telemetry')
  let scenarios: string
  let result: Replay

  before(async function () {
    this.timeout(120_000)
    if (process.env.TOCSIN_SHARED === undefined || !existsSync(shared)) {
      this.test!.parent!.title += ' (skipped: TOCSIN_SHARED names no folder with recordings)'
      return this.skip()
    }
    scenarios = await mkdtemp(join(tmpdir(), 'tocsin-truth-'))
    await cp(join(home, 'scenarios', 'analytics'), join(scenarios, 'analytics'), { recursive: true })
    for (const [id, query] of Object.entries(COUNTED)) {
      const attack = [{ technique: 'T1053.005' }]
      const analytic = { id, title: id, goal: id, attack, implementations: [{ language: 'eql', query }] }
      await writeFile(join(scenarios, 'analytics', `${id}.yml`), stringify(analytic))
    }
    const { code, stdout, stderr } = await tocsin([
      'replay',
      ...Object.keys(TRUTH).map((file) => join(shared, file)),
      '--json',
      '--scenarios',
      scenarios,
    ])
    assert.equal(code, 0, stderr)
    result = JSON.parse(stdout)
  })
  after(() => scenarios && rm(scenarios, { recursive: true }))

  /** Hits of an analytic in one input. */
  const hitsOf = (input: number, id: string, language: string) =>
    result.analytics
      .find((analytic) => analytic.id === id && analytic.language === language)!
      .hits.map(({ events }) => events)
      .filter(([first]) => first!.input === input)

  for (const [input, [file, row]] of Object.entries(TRUTH).entries()) {
    it(file, () => {
      const { path, events, skipped } = result.inputs[input]!
      assert.ok(path.startsWith(join(shared, file)))
      assert.deepEqual([events, skipped], [row.events, 0])
      for (const { language } of result.analytics.filter(({ id }) => id === 'CAR-2013-08-001')) {
        const hits = hitsOf(input, 'CAR-2013-08-001', language).flat()
        for (const [source, code] of Object.entries(CODES) as [keyof typeof CODES, string][]) {
          const wanted = source === 'security' && SYSMON_ONLY.has(language) ? 0 : (row[source] ?? 0)
          assert.equal(hits.filter((hit) => hit.code === code).length, wanted, `${language} ${source}`)
        }
        assert.ok(hits.every(({ code }) => Object.values(CODES).includes(code)))
      }
      const counts = {
        actions: hitsOf(input, 'actions', 'eql').length,
        inbound: hitsOf(input, 'inbound', 'eql').length,
        sequence: hitsOf(input, SEQUENCE, 'eql').length,
      }
      const { actions = 0, inbound = 0, sequence = 0 } = row
      assert.deepEqual(counts, { actions, inbound, sequence })
      for (const { id, language } of result.analytics) {
        if (id === 'CAR-2015-04-002') assert.equal(hitsOf(input, id, language).length, 0, `${id} ${language}`)
      }
    })
  }
})
