import assert from 'node:assert/strict'
import { renderMarkdown } from '../../src/report/markdown.ts'
import { code, codeBlock, escapeMarkdown, table } from '../../src/report/markdown-text.ts'
import { NASTY, sampleRecord } from './sample-record.ts'

describe('Markdown report', () => {
  it('gives every row of a table as many cells as its heading', () => {
    const cells = (line: string) => line.replace(/\\\|/g, '').split('|').length
    let heading = 0
    for (const line of renderMarkdown(sampleRecord).split('\n')) {
      if (!line.startsWith('|')) heading = 0
      else if (heading === 0) heading = cells(line)
      else assert.equal(cells(line), heading, line)
    }
  })

  it('writes no HTML outside code', () => {
    const text = renderMarkdown(sampleRecord)
      .replace(/^```+text\n[\s\S]*?\n```+$/gm, '')
      .replace(/(`+)[^`][\s\S]*?\1/g, '')
    assert.doesNotMatch(text, /<[a-z/]/i)
  })

  it('starts with the head line and says that the lab is emulated', () => {
    const [title, , notice] = renderMarkdown(sampleRecord).split('\n')
    assert.match(title!, /^# 0 of 3 detections hold/)
    assert.match(notice!, /^> \*\*EMULATED lab\.\*\*/)
  })
})

describe('Markdown text', () => {
  it('takes mark-up, mentions and links their effect', () => {
    assert.equal(
      escapeMarkdown('*a* [b](c) <i> @all https://x.y'),
      '\\*a\\* \\[b\\](c) &lt;i&gt; &#64;all https&#58;//x.y',
    )
  })

  it('fences code with more backticks than it holds', () => {
    assert.equal(code('a ``b`` c'), '```a ``b`` c```')
    assert.equal(code('`a'), '`` `a ``')
    assert.match(codeBlock('x\n```\ny'), /^````text\nx\n```\ny\n````$/)
  })

  it('keeps a pipe inside its cell', () => {
    assert.equal(table(['h'], [[code('a|b')], [escapeMarkdown('a|b')]]).split('\n')[2], '| `a\\|b` |')
  })

  it('stays on one line', () => {
    assert.doesNotMatch(escapeMarkdown(`a\n# b\r\n${NASTY}`), /\n/)
  })
})
