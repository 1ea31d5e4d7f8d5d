import assert from 'node:assert/strict'
import { compile } from '../../../src/language/compile.ts'
import { schemaOf } from '../../../src/language/schema.ts'
import { event } from '../documents.ts'

const schema = schemaOf({
  properties: {
    '@timestamp': { type: 'date' },
    event: { properties: { category: { type: 'keyword' } } },
    name: { type: 'keyword' },
    parent: { type: 'keyword' },
    text: { type: 'text', fields: { keyword: { type: 'keyword' } } },
    number: { type: 'long' },
    share: { type: 'double' },
    flag: { type: 'boolean' },
    address: { type: 'ip' },
    release: { type: 'version' },
    day: { type: 'date' },
    filled: { type: 'keyword', null_value: 'NULL' } as object,
    other: { type: 'alias', path: 'name' },
  },
})

const source = {
  event: { category: ['process', 'host'] },
  name: 'Svchost.exe',
  text: 'Plain Text',
  number: 10,
  share: 2.5,
  flag: true,
  address: '10.1.2.3',
  release: '1.10.0',
  day: '2026-01-10T12:00:00Z',
  filled: null,
}

/** Conditions and whether the one event above matches. `parent` is mapped, and missing there. */
const CONDITIONS: [condition: string, matches: boolean][] = [
  ['name == "Svchost.exe"', true],
  ['name == "svchost.exe"', false],
  ['name : "svchost.exe"', true],
  ['name : "SVC*"', true],
  ['name == "Svc*"', false],
  ['name like "Svc*"', true],
  ['name like "svc*"', false],
  ['name like~ ("x", "svc????.exe")', true],
  ['name regex "Svc.*[.]exe"', true],
  ['name regex "Svc"', false],
  ['name regex~ "svc.*"', true],
  ['name in ("a", "Svchost.exe")', true],
  ['name in ("svchost.exe")', false],
  ['name in~ ("svchost.exe")', true],
  ['name in~ ("svc*")', false],
  ['name not in ("a")', true],
  ['not name in ("a")', true],
  ['other == "Svchost.exe"', true],
  ['text == "Plain Text"', true],
  ['text : "plain*"', true],
  ['filled == "NULL"', true],
  ['number / 4 == 2', true],
  ['number / 4.0 == 2.5', true],
  ['-number / 4 == -2', true],
  ['number % 3 == 1', true],
  ['number + 2 * 3 == 16', true],
  ['(number + 2) * 3 == 36', true],
  ['divide(number, 4) == 2', true],
  ['share * 2 == 5', true],
  ['5 < number', true],
  ['flag', true],
  ['not flag', false],
  ['flag == true', true],
  ['address == "10.1.2.3"', true],
  ['address == "10.0.0.0/8"', true],
  ['address != "10.0.0.0/8"', false],
  ['CIDRMATCH(address, "10.0.0.0/8")', true],
  ['cidrMatch(address, "10.0.0.0/8")', true],
  ['cidrMatch(address, "192.168.0.0/16", "fe80::/10")', false],
  ['release > "1.9.0"', true],
  ['release == "1.10.0"', true],
  ['release > "1.10.0-rc.1"', true],
  ['day >= "2026-01-10"', true],
  ['day == "2026-01-10"', true],
  ['day != "2026-01-10"', false],
  ['day > "2026-01-10"', false],
  ['day > "2026-01-09"', true],
  ['day <= "2026-01"', true],
  ['day == "2026-01-10T12"', true],
  ['day == "2026-01-10T13:00"', false],
  ['day < "2026-01-10T12:00:00.001Z"', true],
  // An index answers these: what is missing is not equal.
  ['parent == "x"', false],
  ['parent != "x"', true],
  ['not parent == "x"', true],
  ['not parent : "x*"', true],
  ['parent not in ("x")', true],
  ['parent == null', true],
  ['parent != null', false],
  ['name != null', true],
  ['not (parent == "x" and name == "Svchost.exe")', true],
  // A script answers these, with three values.
  ['length(parent) > 0', false],
  ['not length(parent) > 0', false],
  ['null == (parent == "x")', true],
  ['concat(name, parent) == null', true],
  ['not indexOf(name, "q") == 0', false],
  // Optional fields: an unmapped one is null.
  ['?nowhere == "x"', false],
  ['not ?nowhere == "x"', false],
  ['?nowhere == null', true],
  ['?nowhere', false],
  ['startsWith(name, "Svc")', true],
  ['startsWith~(name, "svc")', true],
  ['endsWith(name, ".EXE")', false],
  ['endsWith~(name, ".EXE")', true],
  ['stringContains(name, "host")', true],
  ['indexOf(name, "o") == 4', true],
  ['substring(name, -4) == ".exe"', true],
  ['substring(name, 0, 3) == "Svc"', true],
  ['between(name, "S", ".") == "vchost"', true],
  ['between~(name, "S", "S") == "vcho"', true],
  ['length(name) == 11', true],
  ['string(number) == "10"', true],
  ['number("0x10", 16) == 16', true],
  ['number("12.5") == 12.5', true],
  ['concat(name, ":", number) == "Svchost.exe:10"', true],
]

const FILTERS: [query: string, matches: boolean][] = [
  ['process where true', true],
  ['host where true', true],
  ['Process where true', false],
  ['any where true', true],
  ['"process" where true', true],
  ['`process` where true', true],
  ['process where /* why */ true // because', true],
  ['process where name == """Svchost.exe"""', true],
  ['process where name == "\\u{53}vchost.exe"', true],
  ['process where `name` == "Svchost.exe"', true],
  ['process where true | head 0', false],
]

describe('eql: semantics', () => {
  const events = [event('1', 0, source)]
  const matches = (query: string) => compile('eql', query, { schema }).evaluate(events).length === 1

  for (const [condition, wanted] of CONDITIONS) {
    it(`${condition} is ${wanted}`, () => assert.equal(matches(`any where ${condition}`), wanted))
  }
  for (const [query, wanted] of FILTERS) {
    it(`${query}: ${wanted}`, () => assert.equal(matches(query), wanted))
  }
})
