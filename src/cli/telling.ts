/** What an event is about, in short. */
import { valuesOf } from '../model/event.ts'
import { TELLING_FIELDS } from '../model/telling-fields.ts'

/** What tells a document from others: who spoke to whom, what was called, or one value; empty when it has none. */
export function tellingOf(document: Record<string, unknown>): string {
  const first = (field: string) => valuesOf(document, field)[0]
  const called = first('rpc.interface') === undefined ? undefined : first('event.action')
  const value = [...TELLING_FIELDS, 'process.executable'].map(first).find((one) => one !== undefined)
  return [spokenBetween(first), called, value].filter((part) => part !== undefined).join(' ')
}

/** `192.0.2.1:50000 → 192.0.2.2:135` of a network event. */
function spokenBetween(first: (field: string) => unknown): string | undefined {
  const [from, to] = ['source', 'destination'].map((end) => {
    const address = first(`${end}.ip`)
    return address === undefined ? undefined : [address, first(`${end}.port`)].filter((part) => part !== undefined)
  })
  return from === undefined || to === undefined ? undefined : `${from.join(':')} → ${to.join(':')}`
}
