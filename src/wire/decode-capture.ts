/**
 * Packets to DCE/RPC: the bytes of a capture in, its client messages as ECS events out.
 *
 *     const decoder = createCaptureDecoder({ onEvent: ({ document }) => ship(document) })
 *     for await (const chunk of stream) decoder.push(chunk)
 *     decoder.end()
 */
import type { InputProblem } from '../telemetry/readers/damage.ts'
import { CaptureReader } from './capture/capture-reader.ts'
import { Datagram } from './packet/datagram.ts'
import { EndpointMap } from './rpc/endpoint-map.ts'
import { TcpTracker, type TrackerLimits } from './tcp/tracker.ts'
import { Watch } from './views.ts'
import type { Occurrence, Watched, WireEvent, WirePdu } from './wire-types.ts'

export interface CaptureDecoderOptions {
  /** Each client message once its answer is there, or when none will come. */
  onEvent?(event: WireEvent): void
  /** Each PDU of either side, as it passes. */
  onPdu?(pdu: WirePdu): void
  /** Each place where a view finds what is watched for. */
  onOccurrence?(occurrence: Occurrence): void
  /** Damage, and what is not read: `record` is the packet, `offset` the byte of the capture where it begins. */
  onProblem?(problem: InputProblem): void
  /** What the views look for; default nothing. */
  watched?: readonly Watched[]
  /** `observer.name` of the events; default `capture`. */
  observer?: string
  limits?: Partial<TrackerLimits>
}

export interface CaptureDecoder {
  /** The next bytes of a pcap or pcapng capture, in pieces of any length. Nothing of them is kept. Never throws for what they hold. */
  push(chunk: Uint8Array): void
  /** The capture is over: gives out what waited for an answer. */
  end(): CaptureSummary
  /** Packets so far. */
  readonly packets: number
  /** Bytes that wait for what comes before them or completes them. */
  readonly held: number
}

export interface CaptureSummary {
  packets: number
  events: number
}

const LIMITS: TrackerLimits = { flows: 1 << 16, conversations: 4096, heldBytes: 32 << 20 }
const TCP = 6

export function createCaptureDecoder(options: CaptureDecoderOptions = {}): CaptureDecoder {
  let events = 0
  const memory = { held: 0 }
  const onProblem = (problem: InputProblem) => options.onProblem?.(problem)
  const datagram = new Datagram(onProblem)
  const tracker = new TcpTracker(
    {
      memory,
      endpoints: new EndpointMap(),
      watch: new Watch(options.watched ?? []),
      observer: options.observer ?? 'capture',
      onPdu: (pdu) => options.onPdu?.(pdu),
      onOccurrence: (occurrence) => options.onOccurrence?.(occurrence),
      onDocument: (document) => {
        events += 1
        options.onEvent?.({ record: events, document })
      },
    },
    { ...LIMITS, ...options.limits },
  )
  const reader = new CaptureReader({
    onProblem,
    onPacket: (packet) => {
      if (datagram.read(packet) && datagram.protocol === TCP) tracker.take(datagram, packet.frame, packet.timeMs)
    },
  })
  return {
    push: (chunk) => reader.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)),
    end() {
      reader.end()
      tracker.end()
      if (tracker.dropped > 0) {
        const message = `${tracker.dropped} connections were given up unfinished: too many at once`
        onProblem({ message, record: null, offset: null })
      }
      return { packets: reader.packets, events }
    },
    get packets() {
      return reader.packets
    },
    get held() {
      return memory.held
    },
  }
}
