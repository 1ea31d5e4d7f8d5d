/** The sensor of an emulated lab: what it captures is decoded as any capture is, and shipped. */
import type { Shipper } from '../../emulator/shipper.ts'
import { createCaptureDecoder } from '../../wire/decode-capture.ts'

const OBSERVER = 'lab-network'

/** Takes the bytes of a capture as they come; `end` gives out what waited for an answer. */
export function emulatedSensor(shipper: Shipper): { capture(bytes: Buffer): void; end(): void } {
  const decoder = createCaptureDecoder({
    observer: OBSERVER,
    onEvent: ({ document }) => void shipper.ship([{ shape: 'network', document }]),
  })
  return {
    capture: (bytes) => decoder.push(bytes),
    end: () => void decoder.end(),
  }
}
