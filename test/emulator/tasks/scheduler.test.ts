/** Tasks run when they are due on the lab's clock, as whom they say, and only if they may. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LeapingClock } from '../../../src/clock/leaping-clock.ts'
import { startTestLab, type TestLab } from '../lab.ts'

const MINUTE = 60_000
/** Noon of a day, so that no start time crosses midnight. */
const NOON = Date.UTC(2030, 2, 4, 12)
const TASKS = 'Microsoft-Windows-TaskScheduler/Operational'

describe('the task scheduler', () => {
  let lab: TestLab
  let clock: LeapingClock

  const start = async (hosts: Record<string, Record<string, unknown>>, dataDir?: string) => {
    clock = new LeapingClock({ start: NOON })
    lab = await startTestLab(hosts, { clock, ...(dataDir === undefined ? {} : { dataDir }) })
  }
  afterEach(async () => {
    await lab.stop()
    clock.stop()
  })

  /** Lets lab time pass at once. */
  const pass = (ms: number) => clock.busy(() => clock.sleep(ms))
  const run = async (host: string, command: string) => {
    const result = await clock.busy(() => lab.run(host, command))
    assert.equal(result.exitCode, 0, result.stderr)
    return result.stdout
  }
  const steps = (name: string) =>
    lab
      .events()
      .filter((event) => event.Channel === TASKS && event.TaskName === `\\${name}`)
      .map((event) => event.EventID)
  const processes = (image: string) =>
    lab.events().filter((event) => event.EventID === 1 && String(event.Image).toLowerCase().endsWith(image))

  it('runs a task once, at its time, as a child of the service', async () => {
    await start({ srv1: {} })
    await run('srv1', 'schtasks /create /tn t /tr "cmd.exe /c hostname" /sc once /st 12:05 /ru SYSTEM /f')
    await pass(4 * MINUTE)
    assert.deepEqual(steps('t'), [106, 140])
    await pass(2 * MINUTE)
    assert.deepEqual(steps('t'), [106, 140, 107, 100, 129, 200, 201, 102])
    const [program] = processes('\\hostname.exe')
    assert.equal(program!.User, 'NT AUTHORITY\\SYSTEM')
    assert.match(String(program!.UtcTime), /^2030-03-04 12:05:00/)
    const shell = processes('\\cmd.exe').at(-1)!
    assert.match(String(shell.ParentCommandLine), /-s Schedule$/)
    await pass(26 * 60 * MINUTE)
    assert.equal(processes('\\hostname.exe').length, 1)
  })

  it('runs a daily task every day', async () => {
    await start({ srv1: {} })
    await run('srv1', 'schtasks /create /tn t /tr hostname.exe /sc daily /st 13:00 /ru SYSTEM /f')
    await pass(3 * 24 * 60 * MINUTE)
    const days = processes('\\hostname.exe').map((event) => String(event.UtcTime).slice(0, 13))
    assert.deepEqual(days, ['2030-03-04 13', '2030-03-05 13', '2030-03-06 13'])
  })

  it('reads /st as the host’s wall clock, zone and skew included', async () => {
    await start({ srv1: { emulated: { timeZoneOffset: '+02:00', skewMs: 30_000 } } })
    await run('srv1', 'schtasks /create /tn t /tr hostname.exe /sc once /st 14:05 /ru SYSTEM /f')
    const before = clock.now()
    await pass(4 * MINUTE + 20_000)
    assert.equal(processes('\\hostname.exe').length, 0)
    await pass(20_000)
    const [event] = processes('\\hostname.exe')
    assert.match(String(event!.UtcTime), /^2030-03-04 12:05:00/)
    assert.ok(clock.now() - before < 5 * MINUTE)
  })

  it('runs an interactive task only for a user who is logged on', async () => {
    await start({ alone: {}, used: { emulated: { loggedOn: ['LAB\\operator'] } } })
    for (const host of ['alone', 'used']) {
      await run(host, `schtasks /create /tn ${host} /tr C:\\Windows\\System32\\calc.exe /sc once /st 12:03 /f`)
    }
    await pass(5 * MINUTE)
    assert.deepEqual(steps('alone'), [106, 140, 332])
    assert.deepEqual(steps('used'), [106, 140, 107, 100, 129, 200])
    const [calc] = processes('\\calc.exe')
    assert.equal(calc!.Hostname, 'used')
    assert.equal(calc!.User, 'LAB\\operator')
    // A program with windows stays until somebody ends it, and the clock does not wait for it.
    await pass(60 * MINUTE)
    assert.match(await run('used', 'schtasks /query /tn used /fo list'), /Status: +Running/)
    await run('used', 'schtasks /end /tn used')
    assert.match(await run('used', 'schtasks /query /tn used /fo list'), /Status: +Ready/)
  })

  it('does not start a task whose password is wrong', async () => {
    await start({ srv1: {} })
    await run('srv1', 'schtasks /create /tn t /tr hostname.exe /sc once /st 12:03 /ru LAB\\operator /rp wrong /f')
    await pass(5 * MINUTE)
    assert.deepEqual(steps('t'), [106, 140, 107, 101])
    assert.equal(processes('\\hostname.exe').length, 0)
  })

  it('says that a program is missing, and keeps the result', async () => {
    await start({ srv1: {} })
    await run('srv1', 'schtasks /create /tn t /tr C:\\nothing.exe /sc once /st 12:03 /ru SYSTEM /f')
    await pass(5 * MINUTE)
    assert.deepEqual(steps('t'), [106, 140, 107, 100, 203, 102])
    assert.match(await run('srv1', 'schtasks /query /tn t /fo list /v'), /Last Result: +-2147024894\r\n/)
  })

  it('does not run what was deleted or disabled', async () => {
    await start({ srv1: {} })
    for (const name of ['gone', 'off']) {
      await run('srv1', `schtasks /create /tn ${name} /tr hostname.exe /sc once /st 12:03 /ru SYSTEM /f`)
    }
    await run('srv1', 'schtasks /delete /tn gone /f')
    await run('srv1', 'schtasks /change /tn off /disable')
    await pass(10 * MINUTE)
    assert.equal(processes('\\hostname.exe').length, 0)
  })

  it('keeps tasks and host key over a restart, and runs what is due after it', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'tocsin-emulator-'))
    try {
      await start({ srv1: {} }, dataDir)
      await run('srv1', 'schtasks /create /tn Kept /tr "cmd.exe /c hostname" /sc once /st 12:30 /ru SYSTEM /f')
      const xml = await run('srv1', 'schtasks /query /tn Kept /xml')
      const { hostKey } = lab.hosts.srv1!
      await lab.stop()
      clock.stop()
      await start({ srv1: {} }, dataDir)
      assert.equal(lab.hosts.srv1!.hostKey, hostKey)
      assert.equal(await run('srv1', 'schtasks /query /tn KEPT /xml'), xml)
      await pass(31 * MINUTE)
      assert.equal(processes('\\hostname.exe').length, 1)
    } finally {
      rmSync(dataDir, { recursive: true })
    }
  })
})
