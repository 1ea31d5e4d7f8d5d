import assert from 'node:assert/strict'
import type { Transport } from '../../src/engine/ports.ts'
import { createTransport } from '../../src/transport/router.ts'
import { startHosts } from './emulated-hosts.ts'

const MISSING_TASK = `$service = New-Object -ComObject Schedule.Service
$service.Connect()
$null = $service.GetFolder('\\').GetTask('no such task')`

/** Script, exit code, why. */
const CASES: [string, number, string][] = [
  ["'fine'", 0, 'nothing failed'],
  ['exit 7', 7, 'the script says so'],
  ["throw 'no'", 1, 'it threw'],
  [`$ErrorActionPreference = 'Stop'\n${MISSING_TASK}\n'not reached'`, 1, 'what throws in a block ends that block only'],
  [`${MISSING_TASK}\n'reached'`, 0, 'an error that the script goes on after'],
  ["Unregister-ScheduledTask -TaskName 'no such task' -Confirm:$false", 1, 'the last command failed'],
  ['cmd /c exit 5', 5, "a native program's own"],
  ["cmd /c exit 5\n'more'", 5, "the last native program's"],
  [
    `cmd /c exit 0\n$ErrorActionPreference = 'Stop'\n${MISSING_TASK}`,
    1,
    'it threw after a native program had succeeded',
  ],
]

describe('exit codes of PowerShell scripts', () => {
  for (const defaultShell of ['cmd', 'powershell']) {
    describe(`on a host whose default shell is ${defaultShell}`, () => {
      let lab: Awaited<ReturnType<typeof startHosts>>
      let transport: Transport

      before(async () => {
        lab = await startHosts({ host: { defaultShell } })
        transport = createTransport({ environment: process.env })
      })

      after(async () => {
        await transport.close()
        await lab.stop()
      })

      for (const [script, exitCode, why] of CASES) {
        it(`${exitCode}: ${why}`, async () => {
          const { end } = await transport.run(
            lab.hosts.host!,
            { text: script, shell: 'powershell' },
            { timeoutMs: 20_000 },
          )
          assert.deepEqual(end, { kind: 'exited', exitCode })
        })
      }
    })
  }
})
