import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { planOf } from '../../src/language/compile.ts'
import { frontEnds } from '../../src/language/front-ends.ts'
import { Analytic } from '../../src/model/analytic.ts'
import { home } from '../cli/tocsin.ts'

const OTHERS = [
  { language: 'kuery', query: 'process.name : schtasks* and not (event.code : 13 or source.port >= 400)' },
  {
    language: 'sigma',
    query:
      'title: a\nlogsource: {category: process_creation, product: windows}\ndetection:\n  s: {Image|endswith: \\schtasks.exe, CommandLine|re: "/c.*e"}\n  condition: s\n',
  },
  {
    language: 'eql',
    query: 'sequence with maxspan=1m [any where a == 1.5] ![any where length(b) > 2] until [any where false]',
  },
] as const

describe('the plan of a query', () => {
  it('is data: what is written as JSON and read again is the same', async () => {
    const languages = new Set<string>()
    for (const folder of [join(home, 'scenarios', 'analytics'), join(home, 'bench', 'replay', 'analytics')]) {
      for (const name of await readdir(folder)) {
        const { implementations } = Analytic.parse(parse(await readFile(join(folder, name), 'utf8')))
        for (const { language, query } of implementations) {
          if (frontEnds[language] === undefined) continue
          const plan = planOf(language, query)
          assert.deepEqual(JSON.parse(JSON.stringify(plan)), plan, `${name} (${language})`)
          languages.add(language)
        }
      }
    }
    assert.deepEqual([...languages].sort(), ['car', 'decoded', 'dnif', 'eql', 'logpoint', 'printable', 'raw'])
    for (const { language, query } of OTHERS) {
      const plan = planOf(language, query)
      assert.deepEqual(JSON.parse(JSON.stringify(plan)), plan, query)
    }
  })
})
