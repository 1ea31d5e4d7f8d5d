import assert from 'node:assert/strict'
import fc from 'fast-check'
import { CHANNEL_TABLES } from '../../../src/telemetry/ecs/channels.ts'
import { type Spelling, spellingsOf } from '../../../src/telemetry/ecs/spelling.ts'
import { RAW_TEXTS } from '../windows-records.ts'

const text = fc.oneof(
  fc.constantFrom(...RAW_TEXTS),
  fc
    .array(fc.constantFrom('\\', '/', 'a', 'B', '0', '7', '-', '.', ':', ' ', '"', ',', '='), { maxLength: 12 })
    .map((all) => all.join('')),
  fc.integer().map(String),
)

/** Whether a value is spelled in the raw text as its row says. */
function agrees(value: unknown, spelling: Spelling, raw: string): boolean {
  if (spelling === 'unknown') return true
  if (spelling === 'text') return raw.toLowerCase().includes(String(value).toLowerCase())
  if (spelling === 'guid') return agrees(String(value).replace(/^\{|\}$/g, ''), 'text', raw)
  if (spelling === 'number') return Number(value) === Number(raw) && raw.includes(String(Math.abs(Number(value))))
  return Object.entries(spelling).some(([word, meaning]) => meaning === value && raw.toLowerCase().includes(word))
}

describe('spellings', () => {
  const rows = CHANNEL_TABLES.flatMap((table) => table.rows.map((row) => ({ ...row, channel: table.channel })))
  for (const { channel, from, as } of rows) {
    const spellings = spellingsOf(as)
    if (as === undefined || spellings === null) continue
    it(`${channel} ${from}: every value is spelled as its row says`, () => {
      fc.assert(
        fc.property(text, (raw) => {
          const value = as(raw)
          if (value === undefined) return
          if ('whole' in spellings) assert.ok(agrees(value, spellings.whole, raw), `${JSON.stringify(value)} of ${raw}`)
          else {
            for (const [member, part] of Object.entries(value as object)) {
              const spelling = spellings.members[member]
              assert.ok(spelling !== undefined, `there is no row for ${member}`)
              assert.ok(agrees(part, spelling, raw), `${member} ${JSON.stringify(part)} of ${raw}`)
            }
          }
        }),
      )
    })
  }
})
