import assert from 'node:assert/strict'
import { at, type TestSiem, testSiem } from './siem.ts'

const MAPPING = {
  properties: {
    '@timestamp': { type: 'date' },
    event: { properties: { category: { type: 'keyword' } } },
    md5: { type: 'keyword' },
    pid: { type: 'long' },
    ppid: { type: 'long' },
    name: { type: 'keyword' },
  },
}

/** Queries that are refused with 400, and the reason that is told. */
const QUERIES: [query: string, type: 'parsing' | 'verification', reason: string][] = [
  ['any where md4 == "x"', 'verification', 'Found 1 problem\nline 1:11: Unknown column [md4], did you mean [md5]?'],
  [
    'any where md4 == "x" and pib == 1',
    'verification',
    'Found 2 problems\nline 1:11: Unknown column [md4], did you mean [md5]?\nline 1:26: Unknown column [pib], did you mean any of [pid, ppid]?',
  ],
  [
    'any where name',
    'verification',
    'Found 1 problem\nline 1:11: Condition expression needs to be boolean, found [KEYWORD]',
  ],
  [
    'any where pid == ppid',
    'verification',
    'Found 1 problem\nline 1:18: Comparisons against fields are not (currently) supported; offender [ppid] in [==]',
  ],
  [
    'any where pid : "1"',
    'verification',
    'Found 1 problem\nline 1:11: first argument of [:] must be [string], found value [pid] type [long]; consider using [==] instead',
  ],
  [
    "any where name == 'x'",
    'parsing',
    `line 1:19: Use double quotes ["] to define string literals, not single quotes [']`,
  ],
  ['any where name = "x"', 'parsing', 'line 1:16: Use [==] for equality, not [=]'],
  ['any where true | sort name', 'parsing', 'line 1:17: Pipe [sort] is not supported'],
  ['any where true | first 5', 'parsing', 'line 1:19: Unrecognized pipe [first]'],
  ['any where true | head "5"', 'parsing', 'line 1:24: Pipe [head] expects a positive integer but found ["5"]'],
  [
    'sequence [any where true] with runs=101',
    'parsing',
    'line 1:38: A query cannot be repeated more than 100 times; found [101]',
  ],
  ['sequence [any where true] with runs=0', 'parsing', 'line 1:38: A positive runs value is required; found [0]'],
  [
    'sequence [any where true] ![any where true]',
    'parsing',
    'line 1:2: [maxspan] is required for sequences with missing events queries; found none',
  ],
  [
    'sample by name [any where true] [any where true] | head 1',
    'parsing',
    'line 1:51: Samples do not support pipes yet',
  ],
]

/** Requests that are refused whatever their query finds. */
const REQUESTS: [body: unknown, status: number, type: string, reason: string][] = [
  [undefined, 400, 'parse_exception', 'request body or source parameter is required'],
  [{}, 400, 'action_request_validation_exception', 'Validation Failed: 1: query is null or empty;'],
  [
    { size: -1, fetch_size: 1, timestamp_field: '', event_category_field: '' },
    400,
    'action_request_validation_exception',
    'Validation Failed: 1: query is null or empty;2: @timestamp field is null or empty;3: event category field is null or empty;4: size must be greater than or equal to 0;5: fetch size must be greater than 1;',
  ],
  [
    { query: 'any where true', keep_alive: '59s', max_samples_per_key: 0 },
    400,
    'action_request_validation_exception',
    'Validation Failed: 1: [keep_alive] must be greater than 1 minute, got:59s;2: max_samples_per_key must be greater than 0;',
  ],
  [
    { query: 'any where true', runtime_mappings: { day: { script: 'emit(1)' } } },
    400,
    'action_request_validation_exception',
    'Validation Failed: 1: No type specified for runtime field [day];',
  ],
  [{ query: 'any where true', nonsense: 1 }, 400, 'x_content_parse_exception', '[eql/search] unknown field [nonsense]'],
  [
    { query: 'any where true', filter: null },
    400,
    'x_content_parse_exception',
    "[eql/search] filter doesn't support values of type: VALUE_NULL",
  ],
  [{ query: 'any where true', filter: {} }, 400, 'illegal_argument_exception', 'query malformed, empty clause found'],
  [
    { query: 'sample by name [any where true] [any where true]', fetch_size: 1001 },
    500,
    'eql_illegal_argument_exception',
    'Fetch size cannot be greater than [1000]',
  ],
]

describe('eql over HTTP: errors', () => {
  let siem: TestSiem

  before(async () => {
    siem = await testSiem()
    await siem.ask('PUT', '/events', { mappings: MAPPING })
    await siem.index('events', { one: at(0, { event: { category: 'process' }, name: 'a' }) })
  })

  after(() => siem?.stop())

  for (const [query, kind, reason] of QUERIES) {
    it(`refuses ${query}`, async () => {
      const { status, body } = await siem.ask('POST', '/events/_eql/search', { query })
      const cause = { type: `${kind}_exception`, reason }
      assert.deepEqual(
        { status, body },
        { status: 400, body: { error: { root_cause: [cause], ...cause }, status: 400 } },
      )
    })
  }

  for (const [given, wanted, type, reason] of REQUESTS) {
    it(`refuses ${JSON.stringify(given) ?? 'a request without a body'}`, async () => {
      const { status, body } = await siem.ask('POST', '/events/_eql/search', given)
      assert.deepEqual([status, body.error.type, body.error.reason], [wanted, type, reason])
      assert.equal(body.status, wanted)
    })
  }

  it('tells a value that cannot be read with its cause', async () => {
    const body = { query: 'any where true', result_position: 'middle' }
    const answer = await siem.ask('POST', '/events/_eql/search', body)
    const reason = "result position needs to be 'head' or 'tail', received 'middle'"
    const cause = { type: 'illegal_argument_exception', reason }
    assert.equal(answer.status, 400)
    assert.deepEqual(answer.body.error, {
      root_cause: [cause],
      type: 'x_content_parse_exception',
      reason: '[eql/search] failed to parse field [result_position]',
      caused_by: cause,
    })
  })

  it('answers 404 when none of the indices is there, and passes over one that is not', async () => {
    const query = 'any where true'
    for (const expression of ['none', 'none*', 'none,nil']) {
      const { status, body } = await siem.ask('POST', `/${expression}/_eql/search`, { query })
      assert.deepEqual([status, body.error.type], [404, 'index_not_found_exception'])
      assert.equal(body.error.reason, `no such index [${expression}]`)
    }
    for (const expression of ['events,none', 'none*,events']) {
      assert.equal((await siem.ask('POST', `/${expression}/_eql/search`, { query })).status, 200)
    }
    const strict = await siem.ask('POST', '/events,none/_eql/search?ignore_unavailable=false', { query })
    assert.deepEqual([strict.status, strict.body.error.reason], [404, 'no such index [none]'])
  })

  it('refuses fields that order events when they are not mapped, or have several values', async () => {
    const sequence = 'sequence [any where true] [any where true]'
    const ask = (index: string, body: object = {}) =>
      siem.ask('POST', `/${index}/_eql/search`, { query: sequence, ...body })
    const unmapped = await ask('events', { timestamp_field: 'when' })
    assert.equal(unmapped.body.error.reason, 'Found 1 problem\nline -1:-1: Unknown column [when]')
    await siem.ask('PUT', '/words', { mappings: { properties: { '@timestamp': { type: 'keyword' } } } })
    await siem.index('words', { a: { '@timestamp': '2020-12-03' } })
    const must =
      'Expected timestamp field [@timestamp] to be mapped as [date] or [date_nanos] and to hold a single value'
    const word = await ask('words')
    assert.deepEqual([word.status, word.body.error.type], [400, 'invalid_argument_exception'])
    assert.equal(word.body.error.reason, `${must} but got [2020-12-03]`)
    await siem.ask('PUT', '/twice', { mappings: MAPPING })
    await siem.index('twice', { a: { '@timestamp': [1606993445000, 1606993446000] } })
    assert.equal((await ask('twice')).body.error.reason, `${must} but got [[1606993445000, 1606993446000]]`)
    await siem.ask('PUT', '/ties', { mappings: MAPPING })
    await siem.index('ties', { a: at(0, { pid: [1, 2] }) })
    const tie = await ask('ties', { tiebreaker_field: 'pid' })
    assert.equal(
      tie.body.error.reason,
      'Expected tiebreaker field [pid] to hold a single comparable value but got [[1, 2]]',
    )
  })
})
