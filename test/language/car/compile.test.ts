import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { DATA_MODEL } from '../../../src/language/car/data-model.ts'
import { compile } from '../../../src/language/compile.ts'
import { QueryError } from '../../../src/language/query-error.ts'
import { event, idsOf } from '../documents.ts'
import { sharedFolder } from '../shared-folder.ts'

const process = (id: string, name: string, type = 'start', more: object = {}) =>
  event(id, 0, { event: { category: ['process'], type: [type] }, process: { name, ...more } })

const flow = (id: string, source: number, destination: number, rpc?: string) =>
  event(id, 0, {
    event: { category: ['network'], type: ['connection'] },
    source: { port: source },
    destination: { port: destination },
    ...(rpc === undefined ? {} : { rpc: { interface: rpc } }),
  })

const EXECUTION =
  'process = search Process:Create\nschtasks = filter process where (exe == "schtasks.exe")\noutput schtasks\n'
const REMOTE = `flows = search Flow:Message
schtasks_rpc = filter flows where (
 src_port >= 49152 and dest_port >= 49152 and
 proto_info.rpc_interface == "ITaskSchedulerService"
)

output schtasks_rpc`

const events = [
  process('created', 'schtasks.exe'),
  process('upper', 'SCHTASKS.EXE'),
  process('ended', 'schtasks.exe', 'end'),
  process('other', 'at.exe'),
  process('renamed', 'st.exe'),
  flow('high', 50_000, 49_700, 'ITaskSchedulerService'),
  flow('edge', 49_152, 49_152, 'ITaskSchedulerService'),
  flow('low source', 49_151, 49_700, 'ITaskSchedulerService'),
  flow('mapper', 50_000, 135, 'ITaskSchedulerService'),
  flow('other interface', 50_000, 49_700, 'svcctl'),
  flow('undecoded', 50_000, 49_700),
]

const EQUIVALENTS: [title: string, car: string, eql: string, ids: string[]][] = [
  [
    'CAR-2013-08-001',
    EXECUTION,
    'process where event.type == "start" and process.name : "schtasks.exe"',
    ['created', 'upper'],
  ],
  [
    'CAR-2015-04-002',
    REMOTE,
    'network where source.port >= 49152 and destination.port >= 49152 and rpc.interface == "ITaskSchedulerService"',
    ['high', 'edge'],
  ],
]

describe('car: compile', () => {
  for (const [title, car, eql, ids] of EQUIVALENTS) {
    it(`${title} gives the same hits as its EQL form`, () => {
      assert.deepEqual(idsOf(compile('car', car).evaluate(events)).flat(), ids)
      assert.deepEqual(idsOf(compile('eql', eql).evaluate(events)).flat(), ids)
    })
  }

  it('reads wildcards, in, not, and the parts of a condition', () => {
    const query = `p = search Process:Create
      q = filter p where (command_line == "* /node:*" and not exe in ("at.exe", "cmd.exe")) or p.pid == 7
      output q`
    const found = compile('car', query).evaluate([
      process('node', 'wmic.exe', 'start', { command_line: 'WMIC /NODE:x process call create' }),
      process('at', 'at.exe', 'start', { command_line: 'at /node:x' }),
      process('seven', 'at.exe', 'start', { pid: 7 }),
      process('none', 'wmic.exe'),
    ])
    assert.deepEqual(idsOf(found).flat(), ['node', 'seven'])
  })

  it('takes a filter of a filter, and the last statement where nothing is output', () => {
    const query = 'a = search Process:Create\nb = filter a where exe == "*.exe"\nc = filter b where exe != "at.exe"'
    assert.deepEqual(idsOf(compile('car', query).evaluate(events)).flat(), ['created', 'upper', 'renamed'])
  })

  it('takes backslashes as they are', () => {
    const query = 'f = search File:Create\ng = filter f where file_path = "C:\\Windows\\Tasks\\*"\noutput g'
    const file = event('file', 0, {
      event: { category: ['file'], type: ['creation'] },
      file: { path: 'c:\\windows\\tasks\\x.job' },
    })
    assert.deepEqual(idsOf(compile('car', query).evaluate([file])).flat(), ['file'])
  })

  const PROBLEMS: [query: string, ...messages: string[]][] = [
    ['p = search Proces:Create', 'line 1:12: no object is named [Proces], did you mean [process]?'],
    ['p = search Process:Creates', 'line 1:12: no action of process is named [Creates], did you mean [create]?'],
    [
      'p = search Process:Create\nq = filter p where exee == "a" and comand_line == "b"\noutput r',
      'line 2:20: no field of process is named [exee], did you mean [exe]?',
      'line 2:36: no field of process is named [comand_line], did you mean [command_line]?',
      'line 3:8: no set of events is named [r], did you mean [p]?',
    ],
    [
      'p = search Process:Create\nq = group p by hostname',
      "line 2:5: 'group' relates several events to each other, which pseudocode cannot do here",
    ],
    [
      'p = search Process:Create\nq = filter p where exe == schtasks',
      "line 2:27: 'schtasks' is a field: fields are compared with values only; a text needs quotes",
    ],
    ['p = search Process:Create\nq = filter p where (exe == "a"', "line 2:31: 'the end' stands where ')' belongs"],
    ['', 'line 1:1: there is nothing to search'],
  ]
  for (const [query, ...messages] of PROBLEMS) {
    it(`says what is wrong with ${query.split('\n').at(-1) || 'nothing'}`, () => {
      assert.throws(() => compile('car', query), { name: 'QueryError', message: messages.join('\n') })
    })
  }

  it('survives nesting', () => {
    const query = `p = search Process:Create\nq = filter p where ${'('.repeat(10_000)}exe == "a"${')'.repeat(10_000)}`
    assert.throws(() => compile('car', query), QueryError)
  })

  it('has one row a field in each object of the data model', () => {
    for (const { car, fields, actions, source } of DATA_MODEL) {
      assert.equal(new Set(fields.map((row) => row.car)).size, fields.length, car)
      assert.ok(actions.length > 0 && source !== '')
    }
  })

  it('compiles the published pseudocode, or says which operation it lacks', function () {
    const folder = join(sharedFolder(this), 'content/car')
    const refused: string[] = []
    for (const name of readdirSync(folder).filter((file) => file.endsWith('.yaml'))) {
      const analytic = parse(readFileSync(join(folder, name), 'utf8')) as {
        id: string
        implementations: { type: string; code?: string }[]
      }
      for (const { type, code } of analytic.implementations) {
        if (!/pseudocode/i.test(type) || code === undefined) continue
        try {
          compile('car', code)
        } catch (error) {
          refused.push(`${analytic.id} ${(error as Error).message.match(/'\w+' relates/)?.[0]}`)
        }
      }
    }
    assert.deepEqual(refused, ["CAR-2013-04-002 'group' relates", "CAR-2014-05-001 'join' relates"])
  })
})
