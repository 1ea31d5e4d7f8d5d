import assert from 'node:assert/strict'
import { compile } from '../../../src/language/compile.ts'
import { schemaOf } from '../../../src/language/schema.ts'

const keyword = { type: 'keyword' }
const schema = schemaOf({
  properties: {
    '@timestamp': { type: 'date' },
    event: { properties: { category: keyword } },
    md5: keyword,
    pid: { type: 'long' },
    ppid: { type: 'long' },
    command_line: keyword,
    hostname: { type: 'text', fields: { keyword } },
    plain: { type: 'text' },
    address: { type: 'ip' },
    place: { type: 'geo_point' },
    deep: { type: 'nested', properties: { id: keyword, at: { type: 'date' } } },
    folded: { type: 'keyword', normalizer: 'lowercase' },
    written: { type: 'text', fields: { folded: { type: 'keyword', normalizer: 'lowercase' } } },
    flag: { type: 'boolean' },
  },
})

const REFUSED: [query: string, ...problems: string[]][] = [
  ['any where md4 == "x"', '1:11: Unknown column [md4], did you mean [md5]?'],
  ['any where pib == 1', '1:11: Unknown column [pib], did you mean any of [pid, ppid]?'],
  ['any where xxxxxx == 1', '1:11: Unknown column [xxxxxx]'],
  ['any where xxxxxx == 1\n  and yyyyyy == 2', '1:11: Unknown column [xxxxxx]', '2:7: Unknown column [yyyyyy]'],
  ['any where pid', '1:11: Condition expression needs to be boolean, found [LONG]'],
  ['any where @timestamp', '1:11: Condition expression needs to be boolean, found [DATETIME]'],
  ['any where command_line', '1:11: Condition expression needs to be boolean, found [KEYWORD]'],
  ['process where pid', '1:1: second argument of [process where pid] must be [boolean], found value [pid] type [long]'],
  [
    'any where flag and pid',
    '1:11: second argument of [flag and pid] must be [boolean], found value [pid] type [long]',
  ],
  ['any where not pid', '1:11: argument of [not pid] must be [boolean], found value [pid] type [long]'],
  ['any where event == 1', '1:11: Cannot use field [event] type [object] only its subfields'],
  ['any where place == 0', '1:11: Cannot use field [place] with unsupported type [geo_point]'],
  ['any where deep == 0', '1:11: Cannot use field [deep] type [nested] due to nested fields not being supported yet'],
  [
    'any where deep.id == "x" or deep.at > "2026"',
    '1:11: Cannot use field [deep.id] type [keyword] with unsupported nested type in hierarchy (field [deep])',
    '1:29: Cannot use field [deep.at] type [datetime] with unsupported nested type in hierarchy (field [deep])',
  ],
  [
    'any where folded == "x"',
    '1:11: [folded == "x"] cannot operate on first argument field of data type [keyword]: Normalized keyword field cannot be used for exact match operations',
  ],
  [
    'any where written == "x"',
    '1:11: [written == "x"] cannot operate on first argument field of data type [text]: No keyword/multi-field defined exact matches for [written]; define one or use MATCH/QUERY instead',
  ],
  // What is wrong with a condition as a whole is only told when each of its parts is right.
  ['sequence [any where pid] [any where xxxxxx == 1]', '1:37: Unknown column [xxxxxx]'],
  ['sequence by xxxxxx [any where true] [any where true]', '1:13: Unknown column [xxxxxx]'],
  ['any where pid == ppid', '1:18: Comparisons against fields are not (currently) supported; offender [ppid] in [==]'],
  [
    'any where md5 in (command_line, "x")',
    '1:11: Comparisons against fields are not (currently) supported; offender [command_line] in [md5 in (command_line, "x")]',
  ],
  [
    'any where pid in (1, "x")',
    '1:11: 2nd argument of [pid in (1, "x")] must be [long], found value ["x"] type [keyword]',
  ],
  [
    'any where pid : 123',
    /first argument of \[:\] must be \[string\], found value \[pid\] type \[long\]; consider using \[==\] instead/
      .source,
  ],
  [
    'any where pid like "*.exe"',
    '1:11: argument of [pid like "*.exe"] must be [string], found value [pid] type [long]',
  ],
  ['any where md5 + 1 == 2', '1:11: first argument of [md5 + 1] must be [numeric], found value [md5] type [keyword]'],
  ['any where length(pid) == 1', '1:11: argument of [length(pid)] must be [string], found value [pid] type [long]'],
  [
    'any where number(pid) == 1',
    '1:11: first argument of [number(pid)] must be [string], found value [pid] type [long]',
  ],
  [
    'any where between(md5, "s", "e", 1) == "x"',
    '1:11: fourth argument of [between(md5, "s", "e", 1)] must be [boolean], found value [1] type [integer]',
  ],
  [
    'any where cidrMatch(hostname, "10.0.0.0/8")',
    '1:11: first argument of [cidrMatch(hostname, "10.0.0.0/8")] must be [ip], found value [hostname] type [text]',
  ],
  [
    'any where cidrMatch(address, md5)',
    '1:11: second argument of [cidrMatch(address, md5)] must be a constant, received [md5]',
  ],
  [
    'any where plain == "x"',
    '1:11: [plain == "x"] cannot operate on first argument field of data type [text]: No keyword/multi-field defined exact matches for [plain]; define one or use MATCH/QUERY instead',
  ],
  ['any where stringContains(md5)', '1:12: error building [stringcontains]: expects exactly two arguments'],
  ['any where cidrMatch(address)', '1:12: error building [cidrmatch]: expects at least two arguments'],
  ['any where between(md5) == "x"', '1:12: error building [between]: expects three or four arguments'],
  ['any where md5 regex "a("', '1:21: ["a("] is no regular expression: error parsing regexp: missing closing ): `a(`'],
  ['any where match(md5, "x")', '1:11: Unknown function [match], did you mean [cidrmatch]?'],
  [
    'sequence [any where true] by pid [any where true] by md5',
    '1:54: Sequence key [md5] type [keyword] is incompatible with key [pid] type [long]',
  ],
]

const ACCEPTED = [
  'any where ?xxxxxx == 1',
  'any where hostname == "x"',
  'any where hostname.keyword == "x"',
  'any where pid in (1, 2.5)',
  'any where address == "10.0.0.1"',
  'any where flag',
  'any where null == (pid == ppid)',
  'sequence [any where true] by hostname [any where true] by md5',
]

describe('eql: verify', () => {
  for (const [query, ...problems] of REFUSED) {
    it(`refuses ${query.replace(/\s+/g, ' ')}`, () => {
      assert.throws(
        () => compile('eql', query, { schema }),
        (error: Error) => {
          const isPattern = problems[0]!.includes('\\[')
          if (isPattern) assert.match(error.message, new RegExp(problems[0]!))
          else assert.equal(error.message, problems.map((problem) => `line ${problem}`).join('\n'))
          return true
        },
      )
    })
  }

  for (const query of ACCEPTED) {
    it(`accepts ${query}`, () => assert.doesNotThrow(() => compile('eql', query, { schema })))
  }

  it('misses the category field where it is not mapped', () => {
    const bare = schemaOf({ properties: { '@timestamp': { type: 'date' }, pid: { type: 'long' } } })
    assert.throws(() => compile('eql', 'process where true', { schema: bare }), {
      message: 'line 1:1: Unknown column [event.category]',
    })
    assert.doesNotThrow(() => compile('eql', 'any where true', { schema: bare }))
  })

  it('misses the fields that order events, at no place of the query', () => {
    const bare = schemaOf({ properties: { pid: { type: 'long' } } })
    const options = { schema: bare, timestampField: 'time', tiebreakerField: 'pib' }
    assert.throws(() => compile('eql', 'any where true', options), {
      message: 'line -1:-1: Unknown column [time]\nline -1:-1: Unknown column [pib], did you mean [pid]?',
    })
    assert.doesNotThrow(() =>
      compile('eql', 'any where true', { ...options, timestampField: 'pid', tiebreakerField: 'pid' }),
    )
  })

  it('refuses fields whose types contradict each other', () => {
    const ambiguity = 'mapped as [2] incompatible types: [keyword] in [a], [long] in [b]'
    const mixed = new Map([...schema, ['md5', { type: 'keyword', ambiguity }]])
    assert.throws(() => compile('eql', 'any where md5 == "x"', { schema: mixed }), {
      message: `line 1:11: Cannot use field [md5] due to ambiguities being ${ambiguity}`,
    })
  })
})
