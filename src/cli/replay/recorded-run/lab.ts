/** The SIEM of a recorded run: the embedded one, on a clock that stands still but for its leaps, where telemetry arrives as it did then. */
import { LeapingClock } from '../../../clock/leaping-clock.ts'
import { streamBehind } from '../../../engine/judge/indices.ts'
import type { Siem } from '../../../engine/ports.ts'
import type { Clock } from '../../../model/clock.ts'
import type { EventDocument } from '../../../model/event.ts'
import type { ElasticConnection } from '../../../siem/elastic/connection.ts'
import { createDocumentWriter, type DocumentWriter } from '../../../siem/elastic/document-writer.ts'
import { ElasticSiem } from '../../../siem/elastic/elastic-siem.ts'
import { deployRules } from '../../../siem/elastic/prepare.ts'
import { startEmbeddedSiem } from '../../../siem/embedded/server.ts'
import { ecsIndexTemplate } from '../../../telemetry/ecs-template.ts'
import { arrivalOf, recordedEvents } from './recorded-events.ts'
import type { Deployment } from './rules.ts'

export interface RecordedLab {
  clock: Clock
  siem: Siem
  /** Why events could not be indexed again, one each. */
  refused: readonly string[]
  stop(): Promise<void>
}

/** `from`: lab time before the first test. Events without any time are left out: no query finds them. */
export async function openRecordedLab(
  events: readonly EventDocument[],
  deployments: readonly Deployment[],
  from: number,
): Promise<RecordedLab> {
  const start = Math.min(from, ...deployments.map(({ at }) => at), ...events.flatMap((event) => arrivalOf(event) ?? []))
  // Real time adds nothing: every replay of a recording gives the same.
  const clock = new LeapingClock({ start, real: () => start })
  const server = await startEmbeddedSiem({ clock, auth: true })
  const connection: ElasticConnection = { url: server.url, apiKey: server.apiKey ?? undefined }
  const writer = createDocumentWriter(connection)
  const adapter = new ElasticSiem(connection)
  const refused: string[] = []
  for (const { at, analytic, interval } of deployments) {
    clock.at(at, () => deployRules(connection, [analytic], interval ?? undefined))
  }
  const made = new Set<string>()
  for (const [time, arriving] of byArrival(events)) {
    clock.at(time, async () => {
      await makeIndices(arriving, made, writer)
      refused.push(...(await writer.write(arriving)))
    })
  }
  return {
    clock,
    siem: withEvents(adapter, events, clock),
    refused,
    async stop() {
      clock.stop()
      await adapter.close()
      await writer.close()
      await server.stop()
    },
  }
}

/** What needs no engine is answered from memory: the same documents, many times. */
function withEvents(siem: Siem, documents: readonly EventDocument[], clock: Clock): Siem {
  const answer = recordedEvents(documents)
  return {
    languages: siem.languages,
    info: () => siem.info(),
    events: async (queries) => queries.map((query) => answer(query, clock.now())),
    query: (query) => siem.query(query),
    rules: (ruleIds) => siem.rules(ruleIds),
    alerts: (ruleIds, from) => siem.alerts(ruleIds, from),
    close: () => siem.close(),
  }
}

/** An index comes into being with its first event, as it did then: until it exists a rule that reads it says so. */
async function makeIndices(
  events: readonly EventDocument[],
  made: Set<string>,
  { createIndex }: DocumentWriter,
): Promise<void> {
  const { template } = ecsIndexTemplate()
  for (const { index } of events) {
    if (made.has(index)) continue
    made.add(index)
    await createIndex(index, streamBehind(index), template as object)
  }
}

function byArrival(events: readonly EventDocument[]): Map<number, EventDocument[]> {
  const groups = new Map<number, EventDocument[]>()
  for (const event of events) {
    const time = arrivalOf(event)
    if (time === null) continue
    const group = groups.get(time)
    if (group === undefined) groups.set(time, [event])
    else group.push(event)
  }
  return groups
}
