import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import fc from 'fast-check'
import { parse } from 'yaml'
import type { LearnedStore } from '../../../src/cli/replay/source-reader.ts'
import { Analytic, type Implementation } from '../../../src/model/analytic.ts'
import { sharedFolder } from '../../language/shared-folder.ts'
import { choices, spelled, windowsRecord } from '../../telemetry/windows-records.ts'
import { home } from '../tocsin.ts'
import { agree } from './agree.ts'

const eql = (query: string): Implementation => ({ language: 'eql', query })

/** Something of every kind of condition, over fields of every kind of origin. */
const QUERIES = [
  'process where process.name : "schtasks.exe"',
  'process where process.name == "svchost.exe" and not process.name == "schtasks.exe"',
  'any where process.executable : ("?:\\\\Windows\\\\*\\\\svchost.exe", "*\\\\Temp\\\\*")',
  'any where process.executable : ("*\\\\Win*32\\\\s?host.exe", "*host.exe*", "*xe*xe*")',
  'process where process.command_line : "*/create*" or process.args == "/tn"',
  'process where process.args : "a b" and process.args_count > 2',
  'any where process.pid == 445 or process.parent.pid == 445',
  'any where process.pid : "4*"',
  'network where network.direction : ("incoming", "ingress")',
  'network where network.direction != "ingress" and source.port >= 445',
  'network where source.port == 49667 or destination.port in (445, 80)',
  'network where source.ip == "::1" or cidrMatch(destination.ip, "127.0.0.0/8")',
  'network where not (source.ip != "127.0.0.1")',
  'registry where registry.value : "Actions" and registry.path : "*\\\\TaskCache\\\\*\\\\Actions"',
  'registry where registry.hive == "HKU" or registry.key : ".DEFAULT*"',
  'registry where registry.data.strings == "1"',
  'file where file.extension : "exe" and not file.name : "s?host*"',
  'file where endsWith~(file.path, "SVCHOST.exe") or stringContains(file.directory, "System32")',
  'any where user.name == "ada" and user.domain : "lab"',
  'any where event.code == "4688" and event.outcome == null',
  'any where event.code in ("1", "13", "4698") and event.provider == "Microsoft-Windows-Sysmon"',
  'any where event.action : "*created*" or event.dataset == "windows.sysmon_operational" and event.code == "3"',
  'any where winlog.event_data.TaskName : "*schtasks*" or winlog.event_data.Odd == "445"',
  'any where winlog.event_data.Odd == "1.5" or winlog.event_data.Odd : "1*0*"',
  'any where winlog.channel == "Security" and host.name : "DESK*"',
  'any where host.id == "ÐESK" or ?message != null',
  'any where winlog.event_data.EventType : "*slash/quote\\"*"',
  'any where winlog.event_data.Odd : "*tab\\tline*"',
  'any where winlog.event_data.Odd : "*試*" or process.name : "*schtas\u212as*"',
  'any where related.user == "ada" or related.ip == "127.0.0.1"',
  'any where process.name regex~ "s.*host\\\\.exe"',
  'any where length(process.name) > 9 and process.parent.name != null',
  'any where rule.name == null and dns.question.name : "*"',
  'any where not (process.name : "schtasks.exe" or process.pid == 445)',
  'sequence by host.id with maxspan=1m [any where process.name : "s*"] [any where event.code == "13"]',
  'sequence by host.id with maxspan=1m [process where true] ![file where true] [network where source.port > 1]',
  'sample by host.id [process where process.name : "s*"] [registry where true]',
  'sequence by process.entity_id [process where true] [network where true]',
  'sequence by ?user.name [process where process.name : "s*"] [any where event.code == "13"]',
  'sequence by host.id, process.pid [process where true] [any where true] until [registry where true]',
  'sequence [any where process.pid == 445] by process.executable [any where event.code == "13"] by registry.path',
  'sequence by source.ip with maxspan=5m [network where true] [any where source.port > 1]',
  'sequence with maxspan=1h [process where true] [registry where registry.value : "Actions"] | head 3',
].map(eql)

const MORE: Implementation[] = [
  { language: 'kuery', query: 'process.name : schtasks* or (event.code : 13 and not registry.value : "Actions")' },
  { language: 'kuery', query: '*schtasks* or source.port > 400' },
  {
    language: 'sigma',
    query:
      'title: a\nlogsource: {category: process_creation, product: windows}\ndetection:\n  s: {Image|endswith: \\schtasks.exe}\n  condition: s\n',
  },
]

/** With these most records pass. */
const FEW = ['process where process.name : "schtasks.exe"', 'network where source.port == 49667'].map(eql)

/** What was learned of one recording is gone by in the next. */
function learning(): LearnedStore & { written: number } {
  let kept: Buffer | null = null
  return {
    written: 0,
    read: () => kept && deserialize(kept),
    write(learned) {
      kept = serialize(learned)
      this.written += 1
    },
  }
}

async function analyticsIn(...folder: string[]): Promise<Implementation[]> {
  const names = await readdir(join(home, ...folder))
  const texts = await Promise.all(names.map((name) => readFile(join(home, ...folder, name), 'utf8')))
  return texts.flatMap((text) => Analytic.parse(parse(text)).implementations)
}

describe('the fast path of replay', function () {
  this.timeout(600_000)

  const LAYOUTS: ((records: string[]) => string)[] = [
    (records) => records.map((record) => `${record}\n`).join(''),
    (records) => records.map((record) => `${record}\r\n`).join(''),
    (records) => records.join(''),
    (records) => `\ufeff[\n${records.join(',\n')}\n]\n`,
    (records) => records.map((record) => JSON.stringify(JSON.parse(record), null, 2)).join('\n'),
    (records) => `${records.join('\n')}\n{"EventID": 1, "cut`,
    (records) => records.map((record) => `{"_source":${record},"hits":null}\n`).join(''),
    (records) => `{"hits":{"hits":[${records.join(',')}]}}\n${records.join('\n')}`,
    (records) => records.map((record) => `${record}\u0000\nnonsense\n`).join(''),
  ]
  const recording = fc.record({
    // The third of a header is passed without a question, if nobody wants it.
    records: fc.array(fc.tuple(windowsRecord, choices, fc.integer({ min: 1, max: 4 })), { maxLength: 20 }),
    layout: fc.constantFrom(...LAYOUTS),
    encoding: fc.constantFrom<BufferEncoding>('utf8', 'utf8', 'utf8', 'utf16le', 'latin1'),
    chunk: fc.integer({ min: 7, max: 4000 }),
  })

  it('finds what the plain path finds, however records are spelled and laid out', async () => {
    let matches = 0
    const [all, few] = [learning(), learning()]
    await fc.assert(
      fc.asyncProperty(recording, async ({ records, layout, encoding, chunk }) => {
        const bytes = Buffer.from(
          layout(records.flatMap(([record, chosen, copies]) => Array<string>(copies).fill(spelled(record, chosen)))),
          encoding,
        )
        const chunks = Array.from({ length: Math.ceil(bytes.length / chunk) }, (_, index) =>
          bytes.subarray(index * chunk, (index + 1) * chunk),
        )
        matches += await agree([...QUERIES, ...MORE], ['-'], chunks, false, 'event', all)
        await agree(FEW, ['-'], chunks, false, 'event', few)
      }),
      { numRuns: 60 },
    )
    assert.ok(matches > 200, `${matches} matches say little`)
    assert.ok(all.written > 10 && few.written > 10, `${all.written} and ${few.written} times something was learned`)
  })

  it('finds what the plain path finds in every recording, with every analytic there is', async function () {
    const folder = join(sharedFolder(this), 'telemetry')
    if (!existsSync(folder)) this.skip()
    const files = ['host', 'evtx', 'bench'].map((name) => join(folder, name))
    const shipped = await analyticsIn('scenarios', 'analytics')
    const matches = await agree([...shipped, ...(await analyticsIn('bench', 'replay', 'analytics'))], files, [], true)
    assert.ok(matches > 100, `${matches} matches`)
  })
})
