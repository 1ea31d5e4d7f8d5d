/** Anonymises a recording: the same name or address becomes the same pseudonym everywhere, and nothing leads back without the key. */
import type { EventDocument } from '../../model/event.ts'
import type { Recording } from '../../model/recording.ts'
import type { Scrubbable } from '../../model/scrubbable.ts'
import { rewriter } from '../recording/rewrite.ts'
import { Addresses } from './addresses.ts'
import { discover } from './discover.ts'
import { KeyedHash } from './keyed-hash.ts'
import { Names } from './names.ts'

export interface Scrubber {
  what: readonly Scrubbable[]
  /** Learns the names that a document holds; true when there was a new one. */
  learn(document: unknown): boolean
  events(events: readonly EventDocument[]): EventDocument[]
  recording(recording: Recording): Recording
}

/** Words of ECS and of sensors: what rules ask for, and never a name, whatever somebody is called. */
const EVENT_WORDS =
  /^(@timestamp|event\.(kind|category|type|action|provider|module|dataset|code|outcome|created|ingested|start|end)|network\.(direction|transport|protocol|type)|host\.os\..*|agent\.(type|version)|ecs\.version|data_stream\..*|winlog\.(channel|provider_name|provider_guid|event_id|task|opcode|level|keywords|version|record_id|api))$/

/** Keys of a manifest whose values are ids of the user's files, hashes, or words of the format. */
const MANIFEST_WORDS = new Set(
  'format sha256 id version marker analytic analytics file ruleId ruleUuid status expected phase verdict outcome expect is confidence brokenStage language kind index technique tactics attack tags isolation execution type url startedAt endedAt detectionInterval scrubbed within reviewBy notBefore notAfter'.split(
    ' ',
  ),
)

/** A domain's part of a SID, and the account's number in it; numbers below 1000 are the same everywhere. */
const SID = /\bS-1-5-21-(\d+-\d+-\d+)(?:-(\d+))?\b/gi
const FIRST_OWN_ACCOUNT = 1_000

/** The printable characters of a packet, without those between them. */
const PRINTABLE = /(^|\.)printable$/

/** Bytes as network sensors write them: `05 00 0b 03`. */
const HEX_DUMP = /\b[0-9a-f]{2}(?: [0-9a-f]{2}){7,}\b/gi

export function createScrubber(what: readonly Scrubbable[], key: Uint8Array): Scrubber {
  const hash = new KeyedHash(key)
  const names = new Names(hash, { hosts: what.includes('hosts'), users: what.includes('users') })
  const addresses = new Addresses(hash)
  const text = (value: string, path: string): string => {
    let changed = names.replace(value)
    if (what.includes('users')) changed = withoutSids(changed, hash)
    // A program's version may look like an address.
    if (what.includes('addresses') && !/version$/i.test(path)) changed = addresses.replace(changed)
    return changed
  }
  const bytes = (value: string): string => addresses.replaceInBytes(names.replaceInBytes(value))
  const event = rewriter((value, path) => {
    if (EVENT_WORDS.test(path)) return value
    if (PRINTABLE.test(path)) return bytes(value)
    return text(
      value.replace(HEX_DUMP, (dump) => inHex(dump, bytes)),
      path,
    )
  })
  const manifest = rewriter((value, path) => {
    const key = path.slice(path.lastIndexOf('.') + 1)
    return MANIFEST_WORDS.has(key) ? value : text(value, path)
  })
  return {
    what,
    learn(document) {
      const before = names.size
      discover(document, names)
      return names.size > before
    },
    events: (events) => events.map(({ index, id, source }) => ({ index, id, source: event(source) })),
    recording: (recording) => ({ ...manifest(recording), scrubbed: [...new Set([...recording.scrubbed, ...what])] }),
  }
}

function inHex(dump: string, change: (bytes: string) => string): string {
  const changed = change(Buffer.from(dump.replaceAll(' ', ''), 'hex').toString('latin1'))
  return Buffer.from(changed, 'latin1')
    .toString('hex')
    .replace(/..(?!$)/g, '$& ')
}

function withoutSids(text: string, hash: KeyedHash): string {
  return text.replace(SID, (_, domain: string, account: string | undefined) => {
    const bytes = hash.bytes(domain)
    const parts = [0, 4, 8].map((at) => bytes.readUInt32BE(at))
    const own = account !== undefined && Number(account) >= FIRST_OWN_ACCOUNT
    const number = own ? FIRST_OWN_ACCOUNT + (hash.bytes(`${domain}-${account}`).readUInt32BE(0) % 1_000_000) : account
    return ['S-1-5-21', ...parts, ...(number === undefined ? [] : [number])].join('-')
  })
}
