/** Whatever the text, a query compiles or is refused with a reason; no text takes long, none ends the process. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { compile } from '../../src/language/compile.ts'
import { QueryError } from '../../src/language/query-error.ts'
import type { Language } from '../../src/model/analytic.ts'
import { event } from './documents.ts'

const MEGABYTE = 1_000_000
const filled = (text: string, size = MEGABYTE) => text.repeat(Math.floor(size / text.length))

/** What stands around a condition, in each language. */
const FRAMES: Partial<Record<Language, (condition: string) => string>> = {
  car: (condition) => `p = search Process:Create\nf = filter p where (${condition})\noutput f`,
  dnif: (condition) => `_fetch * from event where ${condition}`,
  logpoint: (condition) => condition,
  kuery: (condition) => condition,
  sigma: (condition) =>
    `logsource: {category: process_creation}\ndetection: {s: {Image: x}, condition: '${condition}'}`,
}

const TESTS: Partial<Record<Language, string>> = {
  car: 'exe == "a"',
  dnif: '$Process=a',
  logpoint: 'image=a',
  kuery: 'a:b',
  sigma: 's',
}

const LOUD = new Set<Language>(['dnif', 'logpoint'])

/** Events with a long value where patterns look. */
const LONG = 'a'.repeat(20_000)
const long = event('1', 0, {
  event: { category: ['process'], code: '1', provider: 'Microsoft-Windows-Sysmon' },
  process: { name: LONG, executable: LONG, command_line: LONG },
})

/** Null when it compiles and runs; else why it is refused. */
function refusal(language: Language, text: string): QueryError | null {
  try {
    compile(language, text).evaluate([long])
    return null
  } catch (error) {
    if (!(error instanceof QueryError)) throw error
    assert.ok(error.problems.length <= 100, `${error.problems.length} problems`)
    return error
  }
}

describe('hostile text', () => {
  for (const [name, frame] of Object.entries(FRAMES)) {
    const language = name as Language
    const test = TESTS[language]!
    const [not, or] = LOUD.has(language) ? ['NOT ', ' OR '] : ['not ', ' or ']

    it(`${language}: refuses 10,000 groups or negations inside each other, with the place`, () => {
      for (const condition of [`${'('.repeat(10_000)}${test}${')'.repeat(10_000)}`, not.repeat(10_000) + test]) {
        const { message } = refusal(language, frame(condition))!
        assert.match(message, /^line \d+:\d+: more than 200 (?:groups|conditions|negations)/)
      }
    })

    it(`${language}: takes or refuses fifty kilobytes of alternatives, strings, spaces and signs`, () => {
      const size = 50_000
      refusal(language, frame(filled(test + or, size) + test))
      for (const text of ['"', "'", ' ', '(', '/*', '*', '\\', '=', ':', 'x', '\0', '[', '"x" ']) {
        refusal(language, filled(text, size))
        refusal(language, frame(`${test}${or}${filled(text, size)}`))
      }
    })

    it(`${language}: survives any garbage`, () => {
      const words = fc.constantFrom(
        ...`${test} ${frame('')} ( ) [ ] { } | " ' not NOT and AND or OR in IN of 1 all them = == != < >= : * ? \\ , - . # $ regex( )i limit`.split(
          ' ',
        ),
        '\n',
        '\u{1F600}',
      )
      const anyWords = fc.array(words, { maxLength: 25 }).map((parts) => parts.join(' '))
      fc.assert(
        fc.property(anyWords, (text) => void [refusal(language, text), refusal(language, frame(text))]),
        { numRuns: 300 },
      )
      fc.assert(
        fc.property(fc.string({ unit: 'binary' }), (text) => void refusal(language, text)),
        { numRuns: 200 },
      )
    })
  }

  const REFUSED: [title: string, language: Language, text: string, message: RegExp][] = [
    ['lists in YAML', 'sigma', `detection: ${'['.repeat(300_000)}`, /^line 1:\d+: more than 64 lists and maps inside/],
    ['maps in YAML', 'sigma', '{a: '.repeat(90_000), /^line 1:\d+: more than 64 lists and maps inside/],
    ['blocks in YAML', 'sigma', Array.from({ length: 500 }, (_, at) => `${' '.repeat(at)}a:`).join('\n'), /64 lists/],
    ['YAML of nothing but quotes', 'sigma', '"'.repeat(20_000), /^line 1:3: Unexpected double-quoted-scalar/],
    ['many keys in YAML', 'sigma', 'a: b\n'.repeat(5_000), /^line 2:1: Map keys must be unique/],
    ['many words in YAML', 'sigma', `a: [${'x,'.repeat(150_000)}]`, /more than 100000 words and signs/],
    ['a megabyte of YAML', 'sigma', filled('a: b\n'), /^line 1:1: longer than 400000 characters/],
    [
      'searches that stand for many',
      'sigma',
      `logsource: {category: process_creation}\ndetection:\n${Array.from({ length: 200 }, (_, at) => `  s${at}: {Image: x}\n`).join('')}  condition: ${'1 of s* or '.repeat(200)}s1\n`,
      /names searches more than 10000 times/,
    ],
    [
      'repetitions of repetitions',
      'sigma',
      `logsource: {category: process_creation}\ndetection: {s: {Image|re: '${'a{900}'.repeat(20)}'}, condition: s}`,
      /its repetitions make \d+ steps, more than 10000 are not tried/,
    ],
    [
      'brackets of an expression',
      'dnif',
      `_fetch * from event where $Process=regex(${'('.repeat(5_000)}${')'.repeat(5_000)})`,
      /nests too deeply/,
    ],
    ['statements', 'car', 'p = search Process:Create\n'.repeat(1_001), /^line 1001:1: more than 1000 statements/],
    [
      'join keys',
      'eql',
      `sequence by ${'a, '.repeat(200)}a [any where true] [any where true]`,
      /More than 100 join keys/,
    ],
  ]
  for (const [title, language, text, message] of REFUSED) {
    it(`${language}: bounds ${title}`, () => assert.match(refusal(language, text)!.message, message))
  }

  it('names a hundred problems and no more', () => {
    assert.equal(refusal('eql', `any where ${'foo(a) or '.repeat(20_000)}true`)!.problems.length, 100)
    assert.equal(
      refusal('dnif', `_fetch * from event where ${filled('$Foo=a OR ', 200_000)}$Foo=a`)!.problems.length,
      100,
    )
    assert.equal(refusal('car', FRAMES.car!(`${filled('exx == "a" or ', 200_000)}exx == "a"`))!.problems.length, 100)
  })

  it('evaluates patterns that make others backtrack, over long values, in a time that can be waited for', () => {
    const pattern = `${'*a'.repeat(200)}*b`
    for (const [language, text] of [
      ['eql', `process where process.command_line : "${pattern}"`],
      ['kuery', `process.command_line: ${pattern}`],
      ['car', FRAMES.car!(`command_line == "${pattern}"`)],
      ['dnif', FRAMES.dnif!(`$Process=${pattern}`)],
      ['logpoint', `image="${pattern}"`],
      ['dnif', FRAMES.dnif!('$Process=regex((a+)+(a|a)*b)i')],
      ['eql', 'process where process.command_line regex "(a+)+(a|a)*b"'],
    ] as const) {
      assert.equal(compile(language, text).evaluate([long]).length, 0, text.slice(0, 60))
    }
  })

  it('evaluates calls with more fields than anybody names', () => {
    const query = compile('eql', `any where concat(${'process.pid, '.repeat(5_000)}process.pid) == "x"`)
    assert.equal(query.evaluate([event('1', 0, { process: { pid: [1, 2, 3] } })]).length, 0)
    const few = compile('eql', 'any where concat(a, a, a, a, a, a, a, a, a, a, a, a) == "x"')
    assert.equal(few.evaluate([event('1', 0, { a: Array.from({ length: 50 }, String) })]).length, 0)
  })
})
