import assert from 'node:assert/strict'
import { compile } from '../../../src/language/compile.ts'
import { QueryError } from '../../../src/language/query-error.ts'
import { idsOf } from '../documents.ts'
import { publishedCar } from '../published-car.ts'
import { sharedFolder } from '../shared-folder.ts'
import { audited, started } from '../sysmon-documents.ts'

const SCHTASKS = 'C:\\Windows\\System32\\schtasks.exe'
const events = [
  started('create', SCHTASKS, 'schtasks /create /tn x'),
  started('upper', SCHTASKS.toUpperCase(), 'SCHTASKS /CREATE'),
  started('dash', SCHTASKS, 'schtasks -create /tn x'),
  started('bare', SCHTASKS, 'schtasks'),
  started('silent', SCHTASKS),
  started('renamed', 'C:\\Temp\\st.exe', 'st /create'),
  audited('audited', SCHTASKS, 'schtasks /create'),
]

/** The events that a condition finds. */
const found = (where: string, tail = '') =>
  idsOf(compile('dnif', `_fetch * from event where ${where} ${tail}`).evaluate(events)).flat()

describe('dnif: compile', () => {
  const CASES: [title: string, where: string, ...ids: string[]][] = [
    [
      'CAR-2013-08-001',
      '$LogName=WINDOWS-SYSMON AND $EventID=1 AND $App=schtasks.exe AND $Process=regex(.*(\\/create|\\/run|\\/query|\\/delete|\\/change|\\/end).*)i',
      'create',
      'upper',
    ],
    ['a regular expression that has to match as a whole', '$Process=regex(schtasks)', 'bare'],
    ['a regular expression in its own case', '$Process=regex(.*/create.*)', 'create', 'renamed', 'audited'],
    ['brackets in classes and behind a backslash', '$Process=regex([)s(]chtasks\\(?)', 'bare'],
    ['wildcards', '$App=s?.exe OR $Process=*-create*', 'dash', 'renamed'],
    ['a value in quotes', '$Process="schtasks /create /tn x"', 'create'],
    ['NOT without AND; a missing field is not equal', '$App=schtasks.exe NOT $Process=*create*', 'bare', 'silent'],
    ['!=', '$App!=schtasks.exe', 'renamed'],
    ['OR after AND', '$App=st.exe AND $EventID=2 OR $Process=schtasks', 'bare'],
    ['brackets', '$App=st.exe AND ($EventID=1 OR $Process=schtasks)', 'renamed'],
    ['comparisons of numbers', '$EventID>=4000', 'audited'],
  ]
  for (const [title, where, ...ids] of CASES) it(`finds by ${title}`, () => assert.deepEqual(found(where), ids))

  it('cuts the result where the query says so', () => {
    assert.deepEqual(found('$EventID=1', 'limit 2'), ['create', 'upper'])
    assert.deepEqual(found('$EventID=1', 'as #a last 1'), ['renamed'])
  })

  it('reads process events when it asks Sysmon for event 1, any events else', () => {
    const kinds = (where: string) => compile('dnif', `_fetch * from event where ${where}`).kinds
    assert.deepEqual(kinds('$LogName=windows-sysmon AND $EventID=1'), [
      { name: 'process events', categories: ['process'] },
    ])
    assert.deepEqual(kinds('$EventID=1'), [{ name: 'events', categories: null }])
  })

  const PROBLEMS: [query: string, ...messages: string[]][] = [
    ['$App=a', "line 1:1: '$App=a' stands where '_fetch' belongs"],
    [
      '_fetch * from threat where $App=a',
      "line 1:15: 'threat' is another store than that of events, which alone can be searched here",
    ],
    [
      '_fetch * from event\nwhere $Ap=a AND $Duration=1M',
      'line 2:7: no field of DNIF is known here as [Ap], did you mean [App]?',
      'line 2:17: [Duration] chooses a stretch of time before now; here the events that are given are the time: leave it out',
    ],
    [
      '_fetch * from event where $LogName=WINDOWS-SISMON',
      'line 1:36: no log source of DNIF is known here as [WINDOWS-SISMON], did you mean [WINDOWS-SYSMON]?',
    ],
    ['_fetch * from event where $App=regex((a)', "line 1:32: this 'regex(' has no closing bracket"],
    ['_fetch * from event where $App=regex(a)g', "line 1:40: 'g' is no flag of regex(…): only 'i' is, for any case"],
    [
      '_fetch * from event where $App=regex(a(?=b))',
      'line 1:32: this is no regular expression: error parsing regexp: invalid or unsupported Perl syntax: `(?=`',
    ],
    ['_fetch * from event where $EventID>x', "line 1:36: '>' compares numbers, [x] is none"],
    [
      '_fetch * from event where $App=a group count_unique $App limit 1',
      "line 1:34: 'group' counts over several events, which cannot be done here",
    ],
    [
      '_fetch * from event where $App=a as #A limit 1\n>>_agg count',
      "line 2:1: '>>' hands the result to a second step, which relates several events: only one '_fetch' can be run here",
    ],
    ['_fetch * from event where $App= limit 1', "line 1:33: 'limit' stands where a value belongs"],
    ['_fetch * from event where $App="a', 'line 1:32: this value has no closing quote'],
  ]
  for (const [query, ...messages] of PROBLEMS) {
    it(`says what is wrong with ${query.slice(0, 60)}`, () => {
      assert.throws(() => compile('dnif', query), { name: 'QueryError', message: messages.join('\n') })
    })
  }

  it('survives nesting, and expressions that others need exponential time for', () => {
    const nested = `_fetch * from event where ${'('.repeat(10_000)}$App=a${')'.repeat(10_000)}`
    assert.throws(() => compile('dnif', nested), QueryError)
    const started_ = performance.now()
    const query = compile('dnif', '_fetch * from event where $Process=regex((a+)+b)')
    assert.deepEqual(query.evaluate([started('long', SCHTASKS, 'a'.repeat(50_000))]), [])
    assert.ok(performance.now() - started_ < 5_000)
  })

  it('compiles what MITRE CAR publishes, or says which operation is missing', function () {
    const published = publishedCar(sharedFolder(this), 'dnif')
    assert.ok(published.length >= 4)
    const refused = published.flatMap(({ id, code }) => {
      try {
        compile('dnif', code)
        return []
      } catch (error) {
        return `${id} ${(error as Error).message}`
      }
    })
    assert.deepEqual(refused, [
      "CAR-2013-04-002 line 1:389: 'group' counts over several events, which cannot be done here",
    ])
  })
})
