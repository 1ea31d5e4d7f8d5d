import assert from 'node:assert/strict'
import { createReadStream, existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { type CompiledQuery, compile } from '../../src/language/compile.ts'
import type { Analytic } from '../../src/model/analytic.ts'
import { type EventDocument, fieldOf } from '../../src/model/event.ts'
import { normalise } from '../../src/telemetry/normalise.ts'
import { readEvents } from '../../src/telemetry/read-events.ts'
import { unpack } from '../../src/telemetry/readers/unpack.ts'
import { home } from '../cli/tocsin.ts'
import { type PythonEql, pythonEql } from '../python-eql/python-eql.ts'
import { REMOTE_CREATION_CASES, sysmon } from './remote-creation.ts'

const ANALYTICS = ['CAR-2013-08-001', 'remote-scheduled-task-creation']

const RECORDINGS = [
  'schtask_create.zip',
  'empire_schtasks_standard_user.zip',
  'sysmon-atomic-red-team.json.gz',
  'negative_clean_dcsync.zip',
  'negative_clean_auditpol.zip',
  'negative_clean_t1047.tar.gz',
  'negative_hard_lsass_03.zip',
  'negative_hard_wmic_add_user.zip',
]

async function queryOf(id: string): Promise<string> {
  const analytic = parse(await readFile(join(home, 'scenarios', 'analytics', `${id}.yml`), 'utf8')) as Analytic
  return analytic.implementations.find(({ language }) => language === 'eql')!.query
}

const numbers = (matches: EventDocument[][]) => matches.map((events) => events.map(({ id }) => Number(id)))

/** The fields that a query reads, of events of the categories that it reads. */
function readBy(query: CompiledQuery, id: number, document: Record<string, unknown>): EventDocument {
  const source = Object.fromEntries(query.fields.map((field) => [field, fieldOf(document, field)]))
  return { index: 'recording', id: String(id), source }
}

const byNumber = (hits: number[][]) => [...hits].sort((a, b) => a[0]! - b[0]! || a.at(-1)! - b.at(-1)!)

describe('normalised events in the Python implementation of EQL', function () {
  this.timeout(300_000)
  let python: PythonEql
  const queries: { id: string; text: string; compiled: CompiledQuery }[] = []

  before(async function () {
    const found = await pythonEql()
    if (typeof found === 'string') {
      this.test!.parent!.title += ` (skipped: ${found})`
      return this.skip()
    }
    python = found
    for (const id of ANALYTICS) {
      const text = await queryOf(id)
      queries.push({ id, text, compiled: compile('eql', text) })
    }
  })

  const compare = async (
    events: { id: number; document: Record<string, unknown> }[],
    place: string,
  ): Promise<number[]> => {
    const fields = [...new Set(queries.flatMap(({ compiled }) => compiled.fields))]
    const texts = queries.map(({ text }) => text)
    const theirs = await python.judge(texts, events, fields)
    return queries.map(({ id, compiled }, index) => {
      const ours = numbers(compiled.evaluate(events.map((event) => readBy(compiled, event.id, event.document))))
      assert.deepEqual(byNumber(theirs[index]!), byNumber(ours), `${id} on ${place}`)
      return ours.length
    })
  }

  /** Python joins events by a key that both lack; Elasticsearch leaves such events out. */
  const WITHOUT_KEY = 'a process that is not known'

  it('gives the same hits for each hand-made case', async () => {
    // Each case has a day of its own, far beyond the span of a match.
    const cases = REMOTE_CREATION_CASES.filter(([name]) => name !== WITHOUT_KEY)
    const events = cases.flatMap(([, records], day) =>
      records.map((record, index) => {
        const { document } = normalise(record)!
        const time = Date.parse(String(document['@timestamp'])) + day * 86_400_000
        return { id: day * 10 + index, document: { ...document, '@timestamp': new Date(time).toISOString() } }
      }),
    )
    const wanted = cases.reduce((sum, [, , matches]) => sum + matches, 0)
    assert.deepEqual(await compare(events, 'hand-made cases'), [0, wanted])
  })

  it('gives the same hits for processes', async () => {
    const images = [
      'C:\\Windows\\System32\\schtasks.exe',
      'D:\\x\\SCHTASKS.EXE',
      'C:\\schtasks.exe.bak',
      '-',
      'schtasks.exe',
    ]
    const events = images.map((Image, index) => ({
      id: index,
      document: normalise(sysmon(1, index, { Image }))!.document,
    }))
    assert.deepEqual(await compare(events, 'processes'), [3, 0])
  })

  const shared = process.env.TOCSIN_SHARED
  for (const file of RECORDINGS) {
    it(`gives the same hits on ${file}`, async function () {
      const path = shared === undefined ? '' : join(shared, 'telemetry', 'host', file)
      if (!existsSync(path)) {
        this.test!.title += ' (skipped: TOCSIN_SHARED names no folder with it)'
        return this.skip()
      }
      const wanted = new Set(queries.flatMap(({ compiled }) => compiled.fields))
      const categories = new Set(queries.flatMap(({ compiled }) => compiled.categories!))
      const events: { id: number; document: Record<string, unknown> }[] = []
      for await (const input of unpack(path, createReadStream(path))) {
        await readEvents(input, {}, ({ document, record }) => {
          const found = fieldOf(document, 'event.category') as string[] | undefined
          if (!found?.some((category) => categories.has(category))) return
          const fields = [...wanted].map((field) => [field, fieldOf(document, field)])
          events.push({ id: record, document: Object.fromEntries(fields) })
        })
      }
      assert.ok(events.length > 0)
      await compare(events, file)
    })
  }
})
