/** Emulated Windows hosts behind real SSH, one with each default shell. */
import { systemClock } from '../../src/clock/system-clock.ts'
import { startEmulatedLab } from '../../src/emulator/lab.ts'
import { powershell } from '../../src/emulator/powershell/powershell.ts'
import type { NamedHost } from '../../src/engine/ports.ts'
import { EmulatedHost, type Host } from '../../src/model/lab.ts'

const PASSWORD = 'pass "word" $1'

const host = (emulated: Record<string, unknown>): Host => ({
  role: 'source',
  os: 'windows',
  transport: 'ssh',
  user: 'operator',
  password: PASSWORD,
  emulated: EmulatedHost.parse(emulated),
})

/** Starts hosts by name with these settings; `hosts` is how the transport is to reach them. */
export async function startHosts(
  settings: Record<string, Record<string, unknown>>,
): Promise<{ hosts: Record<string, NamedHost>; stop(): Promise<void> }> {
  const inventory = Object.fromEntries(Object.entries(settings).map(([name, emulated]) => [name, host(emulated)]))
  const lab = await startEmulatedLab({
    hosts: inventory,
    clock: systemClock(),
    ship: async () => {},
    programs: { 'powershell.exe': powershell },
  })
  const hosts = Object.entries(lab.hosts).map(([name, { address, port, hostKey }]): [string, NamedHost] => [
    name,
    { ...inventory[name]!, name, address, port, hostKey },
  ])
  return { hosts: Object.fromEntries(hosts), stop: () => lab.stop() }
}
