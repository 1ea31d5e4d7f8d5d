/** The same deed under each sensor profile. */
import assert from 'node:assert/strict'
import { pause, startTestLab, type TestLab } from '../lab.ts'

const LOGS: Record<string, string> = {
  'Microsoft-Windows-Sysmon/Operational': 'sysmon',
  'Microsoft-Windows-TaskScheduler/Operational': 'tasks',
  Security: 'security',
}

/** What a remote creation leaves on its target: ids by log, each once. */
const EXPECTED: Record<string, Record<string, number[]>> = {
  good: {
    sysmon: [3, 11, 12, 13],
    tasks: [106, 140],
    security: [4624, 4627, 4634, 4672, 4698, 5156],
  },
  stock: { security: [4624, 4634, 4672] },
  audit: { security: [4624, 4627, 4634, 4672, 4698, 5156] },
  none: {},
}

describe('sensor profiles', () => {
  let lab: TestLab
  before(async () => {
    const profiles = Object.keys(EXPECTED).map((sensors) => [sensors, { emulated: { sensors } }])
    lab = await startTestLab({ ws1: {}, ...Object.fromEntries(profiles) })
    for (const target of Object.keys(EXPECTED)) {
      const { exitCode } = await lab.run('ws1', `schtasks /create /s ${target} /tn t /tr a.exe /sc daily /ru SYSTEM /f`)
      assert.equal(exitCode, 0)
    }
    await pause(1_300)
  })
  after(() => lab?.stop())

  for (const [sensors, expected] of Object.entries(EXPECTED)) {
    it(`${sensors} records on the target what it is set to`, () => {
      const found: Record<string, number[]> = {}
      for (const { Hostname, Channel, EventID } of lab.events()) {
        if (Hostname !== sensors) continue
        const log = LOGS[Channel]!
        found[log] = [...new Set([...(found[log] ?? []), EventID])].sort((a, b) => a - b)
      }
      assert.deepEqual(found, expected)
    })
  }

  it('stock sees processes, and connections of what is often misused while it runs', async () => {
    const source = await startTestLab({ a: { emulated: { sensors: 'stock' } }, b: {} })
    try {
      await source.run('a', 'schtasks /query /s b & timeout /t 2')
      const ids = new Set(
        source
          .events()
          .filter((event) => event.Hostname === 'a' && event.Channel.includes('Sysmon'))
          .map((event) => event.EventID),
      )
      // schtasks has ended before Sysmon looks it up: its connection is nobody's, and no rule includes that.
      assert.deepEqual([...ids], [1])
    } finally {
      await source.stop()
    }
  })

  it('shows a renamed binary under its new name, with its old original name and hashes', async () => {
    await lab.run('ws1', 'copy C:\\Windows\\System32\\schtasks.exe C:\\Users\\Public\\updater.exe')
    const { exitCode } = await lab.run('ws1', 'C:\\Users\\Public\\updater.exe /create /tn r /tr a.exe /sc daily /f')
    assert.equal(exitCode, 0)
    const started = lab.events().filter((event) => event.EventID === 1)
    const renamed = started.find((event) => event.Image === 'C:\\Users\\Public\\updater.exe')
    const original = started.find((event) => event.Image === 'C:\\Windows\\System32\\schtasks.exe')
    assert.equal(renamed!.OriginalFileName, 'schtasks.exe')
    assert.equal(renamed!.Hashes, original!.Hashes)
    assert.ok(lab.events().some((event) => event.EventID === 11 && event.TargetFilename === renamed!.Image))
  })

  it('stamps records with the host’s clock, and the drift on the time of Sysmon 3 only', async () => {
    const shifted = await startTestLab({ a: { emulated: { skewMs: 3_600_000, eid3DriftMs: 5_000 } }, b: {} })
    try {
      const before = Date.now()
      await shifted.run('b', 'schtasks /create /s a /tn t /tr a.exe /sc daily /ru SYSTEM /f')
      await pause(1_300)
      const at = (id: number) => {
        const event = shifted.events().find(({ Hostname, EventID }) => Hostname === 'a' && EventID === id)!
        const utc = Date.parse(`${String(event.UtcTime).replace(' ', 'T')}Z`)
        return { utc: utc - before - 3_600_000, logged: Date.parse(event.TimeCreated) - before - 3_600_000 }
      }
      const registry = at(13)
      const connection = at(3)
      assert.ok(registry.utc >= 0 && registry.utc < 2_000, `registry at ${registry.utc}`)
      assert.ok(connection.utc < registry.utc - 4_900, `connection at ${connection.utc}`)
      assert.ok(connection.logged > registry.logged + 900, `logged at ${connection.logged}`)
    } finally {
      await shifted.stop()
    }
  })

  it('holds telemetry back for as long as the fault says', async () => {
    const delays: number[] = []
    const late = await startTestLab(
      { a: { emulated: { faults: { ingestDelayMs: 90_000 } } } },
      { ship: async (_records, delayMs) => void delays.push(delayMs) },
    )
    await late.run('a', 'ver')
    await late.stop()
    assert.ok(delays.length > 0)
    assert.deepEqual([...new Set(delays)], [90_000])
  })
})
