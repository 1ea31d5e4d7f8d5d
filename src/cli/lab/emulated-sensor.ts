/** The sensor of an emulated lab: what it captures is decoded as any capture is, and shipped; tests may keep their part. */
import type { Shipper } from '../../emulator/shipper.ts'
import { createCaptureDecoder } from '../../wire/decode-capture.ts'

/** `observer.name` of its events, and its name in run records. */
export const SENSOR = 'lab-network'

export interface EmulatedSensor {
  /** Takes the bytes of the capture: first its header, then frame by frame. */
  capture(bytes: Buffer): void
  /**
   * Copies the header, and from now on each frame between two of these addresses, to `write`: events number their frames
   * as they stand there. Gives what ends it, and says how many messages were read from it.
   */
  tap(addresses: ReadonlySet<string>, write: (bytes: Buffer) => void): () => number
  /** Gives out what waited for an answer. */
  end(): void
}

interface Tap {
  addresses: ReadonlySet<string>
  write: (bytes: Buffer) => void
  /** Number of a frame in the whole capture → its number here. */
  numbers: Map<number, number>
  messages: number
}

export function emulatedSensor(shipper: Shipper): EmulatedSensor {
  const taps = new Set<Tap>()
  let header: Buffer | null = null
  let frames = 0
  const decoder = createCaptureDecoder({
    observer: SENSOR,
    onEvent: ({ document }) => {
      const { source, destination, wire } = document as unknown as WireDocument
      const tapped = [...taps].filter((tap) => isBetween(tap, source.ip, destination.ip))
      for (const tap of tapped) tap.messages += 1
      const numbers = tapped[0]?.numbers
      if (numbers !== undefined) wire.frames = wire.frames.map((frame) => numbers.get(frame) ?? frame)
      void shipper.ship([{ shape: 'network', document }])
    },
  })
  return {
    capture(bytes) {
      if (header === null) header = bytes
      else {
        frames += 1
        for (const tap of taps) {
          if (!isBetween(tap, addressAt(bytes, SOURCE), addressAt(bytes, DESTINATION))) continue
          tap.numbers.set(frames, tap.numbers.size + 1)
          tap.write(bytes)
        }
      }
      decoder.push(bytes)
    },
    tap(addresses, write) {
      const tap: Tap = { addresses, write, numbers: new Map(), messages: 0 }
      if (header !== null) write(header)
      taps.add(tap)
      return () => {
        taps.delete(tap)
        return tap.messages
      }
    },
    end: () => void decoder.end(),
  }
}

/** What of a decoded event is looked at here. */
interface WireDocument {
  source: { ip: string }
  destination: { ip: string }
  wire: { frames: number[] }
}

const isBetween = ({ addresses }: Tap, one: string, other: string): boolean =>
  addresses.has(one) && addresses.has(other)

/** Where a frame of the emulated wire has its IPv4 addresses: behind its record's header and the Ethernet header. */
const SOURCE = 16 + 14 + 12
const DESTINATION = SOURCE + 4

const addressAt = (bytes: Buffer, at: number): string => bytes.subarray(at, at + 4).join('.')
