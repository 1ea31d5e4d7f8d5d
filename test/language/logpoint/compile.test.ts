import assert from 'node:assert/strict'
import { compile } from '../../../src/language/compile.ts'
import { QueryError } from '../../../src/language/query-error.ts'
import { idsOf } from '../documents.ts'
import { publishedCar } from '../published-car.ts'
import { sharedFolder } from '../shared-folder.ts'
import { audited, started, sysmonEvent } from '../sysmon-documents.ts'

const SCHTASKS = 'C:\\Windows\\System32\\schtasks.exe'
const WMIC = 'C:\\Windows\\System32\\wbem\\WMIC.exe'
const SVCHOST = { executable: 'C:\\WINDOWS\\system32\\svchost.exe' }
const file = (id: string, directory: string, process = {}) =>
  sysmonEvent(id, 11, 'file', { file: { directory, path: `${directory}\\x.job`, name: 'x.job' }, process })

const events = [
  started('create', SCHTASKS, 'schtasks /create /tn x'),
  started('dash', SCHTASKS, 'schtasks -create /tn x'),
  started('bare', SCHTASKS, 'schtasks'),
  started('silent', SCHTASKS),
  started('remote', WMIC, 'wmic /node:"h" process call create calc', { pid: 77 }),
  audited('audited', SCHTASKS, 'schtasks /create'),
  file('by hand', 'C:\\Windows\\System32\\Tasks', { executable: 'C:\\Temp\\x.exe' }),
  file('by service', 'C:\\Windows\\Tasks', SVCHOST),
  file('elsewhere', 'C:\\Temp', { executable: 'C:\\Temp\\x.exe' }),
  sysmonEvent('access', 10, 'process', {
    process: { executable: 'C:\\Temp\\x.exe' },
    winlog: { event_data: { TargetImage: 'C:\\Windows\\system32\\lsass.exe', GrantedAccess: '0x1410' } },
  }),
  sysmonEvent('connection', 3, 'network', { source: { ip: '10.1.2.3', port: 50_000 } }),
]

const found = (query: string) => idsOf(compile('logpoint', query).evaluate(events)).flat()

describe('logpoint: compile', () => {
  const CASES: [title: string, query: string, ...ids: string[]][] = [
    [
      'CAR-2013-08-001',
      'norm_id=WindowsSysmon event_id=1 image="*\\schtasks.exe" command IN ["*/create*", "*/run*", "*/query*", "*/delete*", "*/change*", "*/end*"]',
      'create',
    ],
    [
      'doubled backslashes, the same field twice (CAR-2016-03-002)',
      'norm_id=WindowsSysmon event_id=1 image="C:\\\\Windows\\\\*\\\\wmic.exe" command="* process call create *" command="* /node:*"',
      'remote',
    ],
    [
      'a sign for not, and brackets (CAR-2020-09-001)',
      'norm_id=WindowsSysmon event_id=11 -source_image="C:\\WINDOWS\\system32\\svchost.exe" (path="C:\\Windows\\System32\\Tasks*" OR path="C:\\Windows\\Tasks*")',
      'by hand',
    ],
    [
      'fields whose meaning hangs on the event',
      'norm_id=WindowsSysmon event_id=10 image="*\\lsass.exe" source_image="*\\x.exe" (access=0x1410 OR access=0x1010)',
      'access',
    ],
    ['NOT; a missing field is not equal', 'event_id=1 image=*schtasks.exe NOT command=*create*', 'bare', 'silent'],
    ['any value, and none', 'event_id=1 image=*schtasks.exe command!=*', 'silent'],
    ['OR before AND', 'command=schtasks OR process_id=77 AND image=*wmic.exe', 'remote'],
    ['numbers and addresses by pattern', 'source_address=10.1.* source_port>49151', 'connection'],
    ['several log sources', 'norm_id=Win* image="*\\schtasks.exe" command=*/create', 'audited'],
    ['the Security log', 'norm_id=WinServer event_id=4688 process="*\\SCHTASKS.EXE"', 'audited'],
    ['a second search; columns choose nothing', 'event_id=1 | search command=schtasks | fields host, image', 'bare'],
    ['a name in quotes, and a comment', '/* all */ "command"=schtasks', 'bare'],
  ]
  for (const [title, query, ...ids] of CASES) it(`finds by ${title}`, () => assert.deepEqual(found(query), ids))

  const PROBLEMS: [query: string, ...messages: string[]][] = [
    ['', 'line 1:1: the query ends where a condition such as image="*\\cmd.exe" belongs'],
    ['login image=x', 'line 1:1: login without a field searches the message as the host wrote it, which is not kept'],
    [
      'norm_id=WinServr\nproces=x label=Create',
      'line 1:9: no log source of LogPoint is known here as [WinServr], did you mean [WinServer]?',
      'line 2:1: no field of LogPoint is known here as [proces], did you mean [process]?',
      'line 2:10: [label] is a mark that LogPoint sets on what it stores, which events do not carry',
    ],
    ['path="C:\\*"', 'line 1:1: [path] is a field of events 1, 2, 11, 15, 23, 26 only: ask for one of them'],
    ['-source_address IN HOMENET', "line 1:20: 'HOMENET' is a list that LogPoint keeps: write its values in [ ]"],
    ['command IN ["a" "b"]', "line 1:17: '\"b\"]' stands where ',' or ']' belongs"],
    ['image="a', 'line 1:7: this value has no closing quote'],
    [
      'event_id=1\n| chart count() as cnt by host',
      "line 2:3: 'chart' works over several events, which cannot be done here",
    ],
    [
      '[event_id=1] as a followed by [event_id=2] as b',
      'line 1:1: a search in brackets works over several events, which cannot be done here',
    ],
    ['image=x)', "line 1:8: ')' stands where a condition belongs"],
  ]
  for (const [query, ...messages] of PROBLEMS) {
    it(`says what is wrong with ${query || 'nothing'}`, () => {
      assert.throws(() => compile('logpoint', query), { name: 'QueryError', message: messages.join('\n') })
    })
  }

  it('survives nesting', () => {
    assert.throws(() => compile('logpoint', `${'('.repeat(10_000)}image=a`), QueryError)
    assert.throws(() => compile('logpoint', `${'-'.repeat(10_000)}image=a`), QueryError)
  })

  it('compiles what MITRE CAR publishes, or says which operation is missing', function () {
    const published = publishedCar(sharedFolder(this), 'logpoint')
    assert.ok(published.length >= 7)
    const refused = published.flatMap(({ id, code }) => {
      try {
        compile('logpoint', code)
        return []
      } catch (error) {
        return `${id} ${(error as Error).message}`
      }
    })
    assert.deepEqual(refused, [
      "CAR-2013-04-002 line 2:3: 'chart' works over several events, which cannot be done here",
    ])
  })
})
