import assert from 'node:assert/strict'
import { renderProblems } from '../../src/files/render-problems.ts'

const at = (line: number, column: number, length = 1) => ({ path: 'a.yml', line, column, length, message: 'wrong' })
const rendered = (text: string, line: number, column: number, length = 1) =>
  renderProblems([at(line, column, length)], new Map([['a.yml', text]]))

describe('renderProblems', () => {
  it('shows path, line, column, the line, a caret and the mend, in reading order', () => {
    const problems = [{ ...at(2, 3, 4), mend: "did you mean 'run'?" }, at(1, 1)]
    assert.equal(
      renderProblems(problems, new Map([['a.yml', 'id: x\r\n  rnu: y\r\n']])),
      "a.yml:1:1: wrong\n  id: x\n  ^\na.yml:2:3: wrong\n    rnu: y\n    ^^^^\n  did you mean 'run'?\n",
    )
  })

  it('keeps the caret under its character behind tabs', () => {
    assert.equal(rendered('\tx', 1, 2), 'a.yml:1:2: wrong\n  \tx\n  \t^\n')
  })

  it('cuts long lines around the caret', () => {
    const [, line, caret] = rendered(`${'a'.repeat(300)}X${'b'.repeat(300)}`, 1, 301).split('\n')
    assert.ok(line!.length < 130)
    assert.equal(line![caret!.indexOf('^')], 'X')
  })

  it('lets no file steer the terminal', () => {
    const text = renderProblems([{ ...at(1, 1), message: 'bad \u001b]0;x\u0007' }], new Map([['a.yml', '\u001b[2Jx']]))
    assert.ok(!text.includes('\u001b') && !text.includes('\u0007'), text)
  })

  it('shows only the path of a problem with a whole file', () => {
    assert.equal(renderProblems([at(0, 0)], new Map()), 'a.yml: wrong\n')
  })
})
