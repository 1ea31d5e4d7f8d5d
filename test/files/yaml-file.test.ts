import assert from 'node:assert/strict'
import { YamlFile } from '../../src/files/yaml-file.ts'

/** What the file has at a place found by `insideText`. */
function characterAt(text: string, path: string[], line: number, column: number): string | undefined {
  const place = new YamlFile('a.yml', text).insideText(path, line, column)
  return text.split('\n')[place.line - 1]?.[place.column - 1]
}

describe('YamlFile', () => {
  it('finds a place inside every style of text that shows it as it is', () => {
    const cases: [string, number, number][] = [
      ['a:\n  b: |\n    first\n    secXnd\n', 2, 4],
      ['a:\n  b: |-\n\n    secXnd\n', 2, 4],
      ['a: { b: secXnd }', 1, 4],
      ['a: { b: "secXnd" }', 1, 4],
      ["a: { b: 'secXnd' }", 1, 4],
    ]
    for (const [text, line, column] of cases) assert.equal(characterAt(text, ['a', 'b'], line, column), 'X', text)
  })

  it('falls back to the start of a text whose characters are written otherwise', () => {
    const file = new YamlFile('a.yml', 'a: "\\t\\tX"')
    assert.deepEqual(file.insideText(['a'], 1, 3), { line: 1, column: 4, length: 7 })
  })

  it('looks through aliases', () => {
    const file = new YamlFile('a.yml', 'a: &x { b: 1 }\nc: *x\n')
    assert.deepEqual(file.valueAt(['c', 'b']), { line: 1, column: 12, length: 1 })
  })

  it('refuses a file whose aliases grow beyond all measure', () => {
    const levels = Array.from({ length: 9 }, (_, n) => `l${n + 1}: &l${n + 1} [${Array(9).fill(`*l${n}`).join(', ')}]`)
    const file = new YamlFile('a.yml', `l0: &l0 [x]\n${levels.join('\n')}\n`)
    assert.equal(file.value, undefined)
    assert.match(file.problems[0]!.message, /not usable YAML/)
  })
})
