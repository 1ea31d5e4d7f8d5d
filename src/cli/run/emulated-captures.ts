/** The captures that the sensor of an emulated lab makes, kept as evidence of each test in the run's folder. */

import type { PlannedTest } from '../../engine/plan/planned.ts'
import type { Tap } from '../../engine/sensing/tap.ts'
import type { Clock } from '../../model/clock.ts'
import { CAPTURES_FOLDER, type CaptureRecord } from '../../model/run-record.ts'
import { openEvidence } from '../../record/evidence.ts'
import { type EmulatedSensor, SENSOR } from '../lab/emulated-sensor.ts'

/** Begins the capture of a test: of what its hosts say to each other, from now until it is stopped. */
export function keepCaptures(sensor: EmulatedSensor, clock: Clock, folder: string): (test: PlannedTest) => Tap {
  const now = () => new Date(clock.now()).toISOString()
  return (test) => {
    const startedAt = now()
    const parts: Buffer[] = []
    const endTap = sensor.tap(addressesOf(test), (bytes) => parts.push(bytes))
    return {
      async stop(): Promise<CaptureRecord> {
        const events = endTap()
        const heard = { sensor: SENSOR, events, startedAt, endedAt: now() }
        // The header alone: nothing passed.
        if (parts.length <= 1) return { ...heard, path: null, sha256: null, bytes: 0, problem: null }
        const path = `${CAPTURES_FOLDER}/${SENSOR}/${test.id}.pcap`
        try {
          const file = openEvidence(folder, path)
          for (const part of parts) file.write(part)
          return { ...heard, path, ...(await file.close()), problem: null }
        } catch (error) {
          const problem = `the capture could not be written: ${error instanceof Error ? error.message : String(error)}`
          return { ...heard, path: null, sha256: null, bytes: 0, problem }
        }
      },
    }
  }
}

/** The addresses that its hosts have on the wire. */
const addressesOf = ({ hosts }: PlannedTest): ReadonlySet<string> =>
  new Set(
    [...hosts.values()]
      .flatMap(({ emulated }) => [emulated?.ip, emulated?.wire.gateway?.ip])
      .filter((address) => address !== undefined),
  )
