/** What a host's own wall clock shows: schtasks and triggers take host-local times. */
import type { Host } from '../model/lab.ts'

const MINUTE_MS = 60_000
const SECOND_MS = 1_000

/** Minutes east of UTC. An emulated host's own zone goes before that of its entry in the inventory. */
function zoneMinutes(host: Host): number {
  const [, sign, hours, minutes] =
    /^([+-])(\d\d):(\d\d)$/.exec(host.emulated?.timeZoneOffset ?? host.timeZoneOffset ?? '+00:00') ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0))
}

const localIso = (host: Host, time: number) => new Date(time + zoneMinutes(host) * MINUTE_MS).toISOString()

/** `HH:mm` of the first whole minute at or after a lab time: one that has not yet passed. */
export function hostMinute(host: Host, time: number): string {
  return localIso(host, Math.ceil(time / MINUTE_MS) * MINUTE_MS).slice(11, 16)
}

/** `yyyy-MM-ddTHH:mm:ss` of the first whole second at or after a lab time. */
export function hostSecond(host: Host, time: number): string {
  return localIso(host, Math.ceil(time / SECOND_MS) * SECOND_MS).slice(0, 19)
}
