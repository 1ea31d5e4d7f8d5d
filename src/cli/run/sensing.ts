/** Wires the network sensors of a lab: what reads their captures, where the evidence goes, and who gets the events. */
import { isIP } from 'node:net'
import { type CaptureReader, SiemError } from '../../engine/ports.ts'
import type { OwnConnection } from '../../engine/sensing/filter.ts'
import type { SensingOptions } from '../../engine/sensing/sensors.ts'
import type { EventDocument } from '../../model/event.ts'
import type { Lab } from '../../model/lab.ts'
import { openEvidence } from '../../record/evidence.ts'
import type { ElasticConnection } from '../../siem/elastic/connection.ts'
import { createDocumentWriter } from '../../siem/elastic/document-writer.ts'
import { createCaptureDecoder } from '../../wire/decode-capture.ts'
import { connectionOf } from '../lab/open-lab.ts'

/** `lab`: as it runs, the SIEM with its address. `folder`: the run's. */
export function sensingIn(lab: Lab, folder: string): SensingOptions {
  return {
    reader: readCapture,
    keep: (path) => openEvidence(folder, path),
    ship: (events) => write(connectionOf(lab.siem), events),
    own: [lab.siem.url, lab.siem.kibana].flatMap(connectionTo),
  }
}

/** The decoder hands events out as it goes; what reads captures wants those of each piece. */
function readCapture(): CaptureReader {
  let documents: Record<string, unknown>[] = []
  let damage: string | null = null
  const decoder = createCaptureDecoder({
    onEvent: ({ document }) => documents.push(document),
    onProblem: ({ message }) => {
      damage ??= message
    },
  })
  const taken = () => {
    const taken = documents
    documents = []
    return taken
  }
  return {
    push(bytes) {
      decoder.push(bytes)
      return taken()
    },
    end() {
      decoder.end()
      return { documents: taken(), damage }
    },
  }
}

async function write(connection: ElasticConnection, events: EventDocument[]): Promise<void> {
  const writer = createDocumentWriter(connection)
  try {
    const [refused] = await writer.write(events)
    if (refused !== undefined) throw new SiemError(refused)
  } finally {
    await writer.close()
  }
}

/** Where a URL leads; a name is left out, for a capture filter takes addresses. */
function connectionTo(url: string | undefined): OwnConnection[] {
  if (url === undefined) return []
  const { hostname, port, protocol } = new URL(url)
  const ip = hostname.replace(/^\[|\]$/g, '')
  return isIP(ip) === 0 ? [] : [{ ip, port: Number(port || (protocol === 'https:' ? 443 : 80)) }]
}
