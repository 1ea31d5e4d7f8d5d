import assert from 'node:assert/strict'
import { compile } from '../../../src/language/compile.ts'
import { QueryError } from '../../../src/language/query-error.ts'
import { started } from '../sysmon-documents.ts'

const rule = (entry: string, condition = 's', logsource = 'category: process_creation') =>
  `title: t
logsource:
    ${logsource}
detection:
    s:
        ${entry}
    condition: ${condition}
`

describe('sigma: problems', () => {
  const PROBLEMS: [title: string, query: string, ...messages: string[]][] = [
    ['nothing', '', 'line 1:1: there is no rule'],
    ['no map', '- a', 'line 1:1: a Sigma rule is a map that begins with its title'],
    ['broken YAML', 'title: "t', 'line 1:10: Missing closing "quote'],
    ['no log source', 'detection: {s: {a: b}, condition: s}', "line 1:1: a rule needs a 'logsource'"],
    ['no detection', 'logsource: {category: process_creation}', "line 1:1: a rule needs a 'detection'"],
    [
      'another product',
      rule('a: b', 's', 'product: linux'),
      'line 3:14: no events of product [linux] are known here, only those of [windows]',
    ],
    [
      'an unknown category',
      rule('a: b', 's', 'category: process_creatin'),
      'line 3:15: no log source of category [process_creatin] is known here, did you mean [process_creation]?',
    ],
    [
      'unknown and refused modifiers',
      rule('a|contain: b\n        b|expand: "%x%"\n        c|hour: 3'),
      'line 6:9: no modifier is named [contain], did you mean [contains]?',
      'line 7:9: modifier [expand] fills in lists that each site keeps for itself: write the values out',
      'line 8:9: modifier [hour] takes a part of a date, which fields here are not split into',
    ],
    [
      'an expression that needs more than linear time',
      rule('a|re: "(?=b)"'),
      'line 6:15: this is no regular expression that runs in linear time: error parsing regexp: invalid or unsupported Perl syntax: `(?=`',
    ],
    ['no network', rule('SourceIp|cidr: 10.0.0'), 'line 6:24: [10.0.0] is no network such as 10.0.0.0/8'],
    ['no number', rule('ProcessId|gt: x'), 'line 6:23: numbers are compared here, [x] is none'],
    ['encoded wildcards', rule("a|base64: 'b*'"), 'line 6:19: a value with wildcards cannot be encoded by [base64]'],
    [
      'a hash without its kind',
      rule('Hashes|contains: abcd'),
      'line 6:26: [abcd] is no hash with its kind, such as MD5=0123…: ECS keeps each kind apart',
    ],
    ['a map as value', rule('a: {b: c}'), 'line 6:12: a value is a text, a number, true or false'],
    ['an alias', rule('a: &x b\n        c: *x'), 'line 7:12: an alias: write out what it stands for'],
    ['an unknown search', rule('a: b', 's and t'), 'line 7:22: no search is named [t]; there are s'],
    ['an unknown pattern', rule('a: b', '1 of t*'), 'line 7:16: no search is named like [t*]'],
    ['another quantity', rule('a: b', '2 of them'), "line 7:16: '2 of': Sigma has '1 of' and 'all of' only"],
    [
      'an aggregation',
      rule('a: b', 's | count() > 3'),
      'line 7:18: what follows a pipe counts events, which Sigma 2 leaves to correlation rules',
    ],
    ['an open group', rule('a: b', '(s'), "line 7:18: the condition ends where ')' belongs"],
    [
      'several rules',
      `${rule('a: b')}---\n${rule('a: b')}`,
      'line 9:1: several rules, and no correlation that relates them: one at a time',
    ],
  ]
  for (const [title, query, ...messages] of PROBLEMS) {
    it(`says what is wrong with ${title}`, () => {
      assert.throws(() => compile('sigma', query), { name: 'QueryError', message: messages.join('\n') })
    })
  }

  it('survives nesting', () => {
    for (const condition of [`'${'('.repeat(10_000)}s'`, `'${'not '.repeat(10_000)}s'`]) {
      assert.throws(() => compile('sigma', rule('a: b', condition)), QueryError)
    }
    assert.throws(() => compile('sigma', `detection: ${'['.repeat(10_000)}`), QueryError)
  })

  it('evaluates patterns in linear time', () => {
    const before = performance.now()
    const query = compile('sigma', rule("CommandLine|contains|windash: 'a*a*a*a*a*a*-b?c'\n        Image|re: '(a+)+$'"))
    query.evaluate([started('long', `C:\\${'a'.repeat(20_000)}!`, 'a'.repeat(20_000))])
    assert.ok(performance.now() - before < 5_000)
  })
})
