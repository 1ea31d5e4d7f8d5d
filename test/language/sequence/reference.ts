/**
 * Sequences found the way Elasticsearch's search does it: all events of one stage after the other, not event by event.
 * Slow and plain; events come in order, joined by `key`.
 */
import type { EventDocument } from '../../../src/model/event.ts'

interface Partial {
  key: unknown
  positions: number[]
}

export function sequencesOf(events: EventDocument[], letters: string[], until: string, maxspanMs: number): string[][] {
  const time = (position: number) => Date.parse(events[position]!.source['@timestamp'] as string)
  const positionsOf = (letter: string) => events.flatMap(({ source }, at) => (source.letter === letter ? [at] : []))
  const keyOf = (position: number) => events[position]!.source.key
  const stops = positionsOf(until)
  let open = positionsOf(letters[0]!).map((at): Partial => ({ key: keyOf(at), positions: [at] }))
  for (const letter of letters.slice(1)) {
    const advanced: Partial[] = []
    for (const at of positionsOf(letter)) {
      const earlier = open.filter(({ key, positions }) => key === keyOf(at) && positions.at(-1)! < at)
      const sequence = earlier.at(-1)
      if (sequence === undefined) continue
      open = open.filter((other) => !earlier.includes(other))
      if (time(at) - time(sequence.positions[0]!) > maxspanMs) continue
      const last = sequence.positions.at(-1)!
      if (stops.some((stop) => keyOf(stop) === sequence.key && stop >= last && stop < at)) continue
      advanced.push({ key: sequence.key, positions: [...sequence.positions, at] })
    }
    open = advanced
  }
  open.sort((a, b) => a.positions[0]! - b.positions[0]!)
  return open.map(({ positions }) => positions.map((at) => events[at]!.id))
}
