/** The alerts of a run, and which test each belongs to. */
import type { Confidence } from '../../model/words.ts'
import type { Alert } from '../ports.ts'
import { bestConfidence, type TestEvent, type TestTrace } from './correlate.ts'

/** An alert that belongs to a test's own steps. */
export interface TestAlert {
  alert: Alert
  confidence: Confidence
  /** The events it was raised on, where they are known. */
  events: TestEvent[]
}

/** Whom an alert is compared with. */
export interface AlertSubject {
  trace: TestTrace
  /** `host.name` values, lower case. */
  hosts: ReadonlySet<string>
  /** Lab time in which the test can have caused it. */
  from: number
  to: number
  /** No other waiting test shares these hosts: only then do host and time alone say anything. */
  alone(): boolean
}

/** Every alert that was seen, building blocks left out: they are no alerts of their own. */
export class AlertBook {
  readonly #inOrder: Alert[] = []
  readonly #ids = new Set<string>()
  readonly #byAncestor = new Map<string, Alert[]>()
  /** Those that name no event they were raised on. */
  readonly #bare: Alert[] = []

  /** How many alerts are known; they keep their places. */
  get size(): number {
    return this.#inOrder.length
  }

  add(alerts: readonly Alert[]): void {
    for (const alert of alerts) {
      if (alert.buildingBlock || this.#ids.has(alert.id)) continue
      this.#ids.add(alert.id)
      this.#inOrder.push(alert)
      const events = eventAncestors(alert)
      if (events.length === 0) this.#bare.push(alert)
      for (const { id } of events) {
        const known = this.#byAncestor.get(id)
        if (known === undefined) this.#byAncestor.set(id, [alert])
        else known.push(alert)
      }
    }
  }

  /** The alerts from a place on. */
  since(place: number): Alert[] {
    return place >= this.size ? [] : this.#inOrder.slice(place)
  }

  /** The alerts of a rule that were raised on one of these events, and those that name none. */
  about(ruleId: string, eventIds: Iterable<string>): Alert[] {
    const found = new Set(this.#bare)
    for (const id of eventIds) for (const alert of this.#byAncestor.get(id) ?? []) found.add(alert)
    return [...found].filter((alert) => alert.ruleId === ruleId)
  }
}

const eventAncestors = (alert: Alert) => alert.ancestors.filter(({ type }) => type === 'event')

/**
 * The alert as one of the test, or null. An alert that names the events it was raised on belongs to the test if all of
 * them fall into its own steps: then set-up and clean-up, and a service's entity that many tests share, claim nothing.
 * Entity, and then host and time, decide for alerts that name none.
 */
export function attribute(alert: Alert, subject: AlertSubject): TestAlert | null {
  const ancestors = eventAncestors(alert)
  if (ancestors.length > 0) {
    const events = ancestors.map((ancestor) => subject.trace.byId.get(ancestor.id))
    if (!events.every((event) => event !== undefined && sameIndex(event, ancestors))) return null
    const own = events as TestEvent[]
    return { alert, confidence: bestConfidence(own.map(({ confidence }) => confidence))!, events: own }
  }
  if (alert.at < subject.from || alert.at >= subject.to) return null
  const host = alert.hosts.some((name) => subject.hosts.has(name.toLowerCase()))
  if (!host) return null
  const entity = alert.entities.some((id) => subject.trace.entities.has(`process:${id.toLowerCase()}`))
  if (entity) return { alert, confidence: 'entity', events: [] }
  return subject.alone() ? { alert, confidence: 'window', events: [] } : null
}

const sameIndex = ({ document }: TestEvent, ancestors: Alert['ancestors']): boolean =>
  ancestors.some(({ id, index }) => id === document.id && (index === '' || index === document.index))
