import assert from 'node:assert/strict'
import { fillTemplate, templateProblems, variableCycle } from '../../src/model/template.ts'

const known = { roles: ['source', 'target', 'target-without-rpc'], variables: ['name', 'line.2'] }

const MISTAKES: [text: string, offset: number, length: number, message: RegExp, mend: RegExp][] = [
  ['a {{markr}}', 2, 9, /no such template variable: "markr"/, /did you mean "marker"\?/],
  ['{{nam}}', 0, 7, /"nam"/, /did you mean "name"/],
  ['{{tarjet.name}}', 0, 15, /no role is called "tarjet"/, /did you mean "target"/],
  ['{{target.adress}}', 0, 17, /a host has no "adress"/, /did you mean "address"/],
  ['{{target.time+3}}', 0, 17, /is not a template/, /role\.time\+3m/],
  ['{{target.name+3m}}', 0, 18, /is not a template/, /./],
  ['{{}}', 0, 4, /is not a template/, /./],
  ['x {{marker', 2, 2, /not closed/, /}}/],
]

describe('templates', () => {
  for (const [text, offset, length, message, mend] of MISTAKES) {
    it(`finds the mistake in ${text}`, () => {
      const problems = templateProblems(text, known)
      assert.equal(problems.length, 1)
      assert.deepEqual([problems[0]!.offset, problems[0]!.length], [offset, length])
      assert.match(problems[0]!.message, message)
      assert.match(problems[0]!.mend!, mend)
    })
  }

  it('finds all mistakes of a text, in order', () => {
    const problems = templateProblems('{{a1}} {{marker}} {{source.x}} {{', known)
    assert.deepEqual(
      problems.map(({ offset }) => offset),
      [0, 18, 31],
    )
  })

  it('knows markers, variables, roles with hyphens, times and white space', () => {
    const text =
      '{{marker}} {{ name }} {{line.2}} {{target-without-rpc.address}} {{source.time+3m}} {{target.isoTime+90s}} {{target.time}}'
    assert.deepEqual(templateProblems(text, known), [])
  })

  it('leaves single braces and format items alone', () => {
    assert.deepEqual(templateProblems("@{ a = '{0}' } if ($x) { 1 } }}", known), [])
  })

  it('fills in what has a value', () => {
    const filled = fillTemplate('/tn {{marker}} /s {{target.name}} /p {{target.password}}', (expression) =>
      expression.kind === 'marker'
        ? '$& $1'
        : expression.kind === 'host' && expression.field === 'name'
          ? 'srv1'
          : null,
    )
    assert.equal(filled, '/tn $& $1 /s srv1 /p {{target.password}}')
  })

  it('finds circles among variables', () => {
    assert.deepEqual(variableCycle({ a: '{{b}}', b: 'x {{c}}', c: '{{b}}' }), ['b', 'c', 'b'])
    assert.deepEqual(variableCycle({ a: '{{a}}' }), ['a', 'a'])
    assert.equal(variableCycle({ a: '{{b}} {{b}}', b: '{{marker}}' }), null)
    assert.equal(variableCycle({ a: '{{constructor}} {{toString}}' }), null)
  })
})
