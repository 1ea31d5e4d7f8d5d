/** The sensors of one host: turn its changes into records, as its profile says. */
import type { Machine } from '../machine/machine.ts'
import { PROFILES } from './profiles.ts'
import { type Draft, type RawRecord, record } from './record.ts'
import { securityRecords } from './security.ts'
import { sysmonRecords } from './sysmon.ts'
import { taskSchedulerRecords } from './task-scheduler-log.ts'

/** Watches a machine from now on; `deliver` gets each record when the host has written it. */
export function attachSensors(machine: Machine, deliver: (record: RawRecord) => void): void {
  const profile = PROFILES[machine.config.sensors]
  machine.onChange((change) => {
    const stamp = (draft: Draft) => {
      deliver(record(draft, machine.name, machine.hostTime(change.at)))
    }
    const drafts: Draft[] = []
    if (profile.taskScheduler) drafts.push(...taskSchedulerRecords(change))
    drafts.push(...securityRecords(machine, change).filter(({ id }) => profile.security.has(id)))
    for (const draft of drafts) stamp(draft)
    for (const pending of profile.sysmon === null ? [] : sysmonRecords(machine, profile.sysmon, change)) {
      const make = () => {
        const draft = pending.make()
        if (draft !== null) stamp(draft)
      }
      if (pending.in === 0) make()
      else machine.clock.at(change.at + pending.in, make)
    }
  })
}
