import assert from 'node:assert/strict'
import { stripVTControlCharacters } from 'node:util'
import { renderTerminal } from '../../../src/report/terminal/summary.ts'
import { columns } from '../../../src/report/text.ts'
import { assertGolden } from '../golden.ts'
import { largeRecord } from '../large-record.ts'
import { sampleRecord } from '../sample-record.ts'

const bare = (width: number, record = sampleRecord) => renderTerminal(record, { colour: false, width })

describe('terminal summary', () => {
  for (const width of [60, 120]) {
    it(`gives the golden text at ${width} columns`, () => assertGolden(`terminal-${width}.txt`, bare(width)))
  }

  it('lets nothing of a host or a document steer the terminal', () => {
    assert.doesNotMatch(bare(120), /[^\P{Cc}\n]|[\p{Cf}\p{Cs}]/u)
    assert.match(bare(120), /gnp\.exe/)
  })

  it('says the same with colour as without', () => {
    const coloured = renderTerminal(sampleRecord, { colour: true, width: 120 })
    assert.notEqual(coloured, bare(120))
    assert.equal(stripVTControlCharacters(coloured), bare(120))
  })

  it('is never wider than the terminal', () => {
    for (const width of [40, 60, 80, 120, 200]) {
      for (const record of [sampleRecord, largeRecord(45)]) {
        const longest = bare(width, record)
          .split('\n')
          .reduce((most, line) => (columns(line) > columns(most) ? line : most))
        assert.ok(columns(longest) <= width, `${columns(longest)} of ${width}: ${longest}`)
      }
    }
  })

  it('has a block for each unexpected check, with stage, cause and what to do', () => {
    const blocks = bare(120)
      .split('\n\n')
      .filter((block) => block.startsWith('✗ ') && block.includes(' on '))
    assert.equal(blocks.length, sampleRecord.summary.outcomes.unexpected)
    for (const block of blocks) assert.match(block, /\n {2}stage {2}\w+: .*\n[\s\S]* {2}cause {2}[\s\S]*\n {2}next {3}/)
  })

  it('groups what is inconclusive by its reason', () => {
    assert.match(bare(120), /\? 2 checks inconclusive: The command ended with 1/)
  })

  it('draws all of 45 tests, and of 1,000 only what needs a look', () => {
    assert.equal(bare(120, largeRecord(45)).match(/^ {2}\S+-\d+ .*[✓✗◐?·]/gm)?.length, 45)
    const many = bare(120, largeRecord(1_000)).split('\n')
    assert.ok(many.length < 300, `${many.length} lines`)
    assert.match(many.join('\n'), /\d+ tests with nothing to look at/)
    assert.match(many.join('\n'), /and 18 more unexpected in the reports/)
  })

  it('leaves words out where the terminal is narrow', () => {
    assert.match(bare(120), /create-verbatim +✓ alerted {2}✓ unseen/)
    assert.match(bare(60), /create-verbatim +✓ {2}✓ {2}✓ {2}·/)
  })

  it('counts known gaps and names the next review', () => {
    assert.match(bare(120), /◐ 1 known gap; next review 30 Jun 2027/)
  })
})
