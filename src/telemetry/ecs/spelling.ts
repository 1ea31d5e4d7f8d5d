/**
 * How the ECS values of the mapping tables are spelled in the raw records: the tables read backwards. Who looks for a value
 * in raw bytes reads it here; a conversion without a row is one of which nothing is known.
 */
import { commandLine } from './command-line.ts'
import {
  account,
  addressFamily,
  direction,
  file,
  guid,
  hashes,
  hexOrLong,
  long,
  lower,
  platformDirection,
  port,
  program,
} from './convert.ts'
import { registryPath } from './registry.ts'
import type { Conversion } from './table.ts'

/**
 * `text`: the value stands within the raw text, letters perhaps in another case. `guid`: so it does without braces.
 * `number`: it is the number that the raw text writes in decimal. Words: raw text, in lower case, → value. `unknown`:
 * anything else.
 */
export type Spelling = 'text' | 'guid' | 'number' | 'unknown' | Readonly<Record<string, string>>

/** A whole value, or the members of the object that a conversion gives: all that it can give. */
export type Spellings = { whole: Spelling } | { members: Readonly<Record<string, Spelling>> }

const TRUTH_DIRECTION = { true: 'egress', false: 'ingress' }
const TRUTH_FAMILY = { true: 'ipv6', false: 'ipv4' }

const ROWS: readonly (readonly [Conversion, Spellings])[] = [
  [long, { whole: 'number' }],
  [port, { whole: 'number' }],
  [hexOrLong, { whole: 'unknown' }],
  [lower, { whole: 'text' }],
  [guid, { whole: 'guid' }],
  [program, { members: { executable: 'text', name: 'text' } }],
  [file, { members: { path: 'text', name: 'text', directory: 'text', extension: 'text' } }],
  [account, { members: { domain: 'text', name: 'text' } }],
  [commandLine, { members: { command_line: 'text', args: 'unknown', args_count: 'unknown' } }],
  [hashes, { members: { hash: 'unknown', pe: 'unknown' } }],
  [registryPath, { members: { path: 'text', value: 'text', key: 'text', hive: 'unknown' } }],
  [direction, { whole: TRUTH_DIRECTION }],
  [addressFamily, { whole: TRUTH_FAMILY }],
  [platformDirection, { whole: { '%%14592': 'ingress', '%%14593': 'egress', inbound: 'ingress', outbound: 'egress' } }],
]

const SPELLINGS = new Map(ROWS)

/** How a conversion's values are spelled; null when that is not known. Without a conversion they are the text itself. */
export function spellingsOf(conversion: Conversion | undefined): Spellings | null {
  return conversion === undefined ? { whole: 'text' } : (SPELLINGS.get(conversion) ?? null)
}
