import assert from 'node:assert/strict'
import { relative } from 'node:path'
import { loadUserFiles, type UserFilesOptions } from '../../src/files/load-user-files.ts'
import { analytic, folderWith, scenario } from './folder.ts'

/** The problems of some files as `path:line:column message (mend)`. */
async function problemsOf(files: Record<string, string>, options: Partial<UserFilesOptions> = {}): Promise<string[]> {
  const folder = folderWith(files)
  try {
    const { problems } = loadUserFiles({ scenariosDir: folder.dir, ...options })
    return problems.map(({ path, line, column, message, mend }) => {
      const text = `${message}${mend === undefined ? '' : ` (${mend})`}`.replaceAll(`${folder.dir}/`, '')
      return `${relative(folder.dir, path)}:${line}:${column} ${text}`
    })
  } finally {
    folder.remove()
  }
}

describe('loadUserFiles', () => {
  it('reads scenarios and analytics in the order of their paths, defaults filled in', async () => {
    const folder = folderWith({
      'b.yml': scenario('b'),
      'a.yaml': scenario('a'),
      'analytics/one.yml': analytic('one'),
      'README.md': 'not read',
    })
    const { scenarios, analytics, problems, sources } = loadUserFiles({ scenariosDir: folder.dir })
    folder.remove()
    assert.deepEqual(problems, [])
    assert.deepEqual(
      scenarios.map(({ scenario }) => scenario.id),
      ['a', 'b'],
    )
    assert.deepEqual(
      analytics.map(({ analytic }) => analytic.id),
      ['one'],
    )
    assert.equal(scenarios[0]!.scenario.tests[0]!.execution, 'completed')
    assert.equal(sources.size, 3)
  })

  it('reports every mistake of all files at once', async () => {
    const problems = await problemsOf({
      'analytics/one.yml': analytic('one').replace('title:', 'titel:'),
      'broken.yml': 'id: "x',
      'c.yml': scenario('c', '[{ analytic: on, is: alarm }]').replace('run:', 'rnu:'),
    })
    assert.deepEqual(problems, [
      "analytics/one.yml:1:1 'title' is missing",
      "analytics/one.yml:2:1 'titel' is not a key here (did you mean 'title'?)",
      'broken.yml:1:7 not valid YAML: Missing closing "quote',
      "c.yml:6:9 'run' is missing (it holds: the command, or the PowerShell script)",
      "c.yml:6:25 'rnu' is not a key here (did you mean 'run'?)",
      "c.yml:7:26 there is no analytic 'on' (did you mean 'one'?)",
      "c.yml:7:34 'is' cannot be 'alarm' (did you mean 'alert'?)",
    ])
  })

  it('says of a repeated id where the others are, both times', async () => {
    const twice = '[{ analytic: one, is: alert }, { analytic: one, is: silent }]'
    const problems = await problemsOf({
      'a.yml': scenario('same'),
      'b.yml': scenario('same', twice),
      'analytics/one.yml': analytic('one'),
    })
    assert.deepEqual(problems, [
      "a.yml:1:5 scenario 'same' is also at b.yml:1:5 (an id may stand once: rename one)",
      "b.yml:1:5 scenario 'same' is also at a.yml:1:5 (an id may stand once: rename one)",
      "b.yml:7:26 expectation of analytic 'one' is also at line 7 (an id may stand once: rename one)",
      "b.yml:7:56 expectation of analytic 'one' is also at line 7 (an id may stand once: rename one)",
    ])
  })

  it('knows the roles of a lab only when there is one', async () => {
    const files = { 'a.yml': scenario('a', undefined, 'sorce'), 'analytics/one.yml': analytic('one') }
    assert.deepEqual(await problemsOf(files), [])
    assert.deepEqual(await problemsOf(files, { roles: new Set(['source', 'target']) }), [
      "a.yml:6:17 no host of the lab has the role 'sorce' (did you mean 'source'?)",
    ])
  })

  it('puts what a language says of a query at its place in the file', async () => {
    const checkQuery = () => [{ line: 2, column: 3, message: 'no such field', mend: 'did you mean x?' }]
    const query = 'query: |\n      process where\n        y == 1'
    const files = { 'analytics/one.yml': analytic('one').replace('query: |\n      process where true', query) }
    assert.deepEqual(await problemsOf(files, { checkQuery }), ['analytics/one.yml:9:9 no such field (did you mean x?)'])
  })

  it('finds mistakes in templates inside texts, and variables that go round', async () => {
    const file = scenario('a').replace('run: whoami', 'run: "echo {{markre}} {{target.name}}"')
    const problems = await problemsOf(
      {
        'a.yml': file.replace('steps:', 'variables: { x: "{{y}}", y: "{{x}}" }\n    steps:'),
        'analytics/one.yml': analytic('one'),
      },
      { roles: new Set(['source', 'target']) },
    )
    assert.deepEqual(problems, [
      'a.yml:5:16 variables that need each other: x → y → x',
      'a.yml:7:36 no such template variable: "markre" (did you mean "marker"?)',
    ])
  })

  it('refuses a second rule in one analytic, and a rule id in two', async () => {
    const rule = (id: string) => `    rule: { rule_id: ${id}, index: [logs-*] }\n`
    const second = `  - language: eql\n    query: any where true\n${rule('r2')}`
    const problems = await problemsOf({
      'analytics/one.yml': analytic('one', rule('r1') + second),
      'analytics/two.yml': analytic('two', rule('r1')),
    })
    assert.deepEqual(problems, [
      "analytics/one.yml:9:22 rule 'r1' is also at analytics/two.yml:9:22 (an id may stand once: rename one)",
      'analytics/one.yml:12:11 a second implementation with a rule (one implementation is deployed)',
      "analytics/two.yml:9:22 rule 'r1' is also at analytics/one.yml:9:22 (an id may stand once: rename one)",
    ])
  })

  it('blames a missing analytic on no test while an analytic file is broken', async () => {
    const problems = await problemsOf({ 'a.yml': scenario('a'), 'analytics/one.yml': 'id: "one' })
    assert.equal(problems.length, 1)
    assert.match(problems[0]!, /^analytics\/one.yml:1:9 not valid YAML: Missing closing "quote/)
  })

  it('takes further files from anywhere, told apart by their keys', async () => {
    const elsewhere = folderWith({ 'x.yml': scenario('x', '[{ analytic: two, is: alert }]'), 'y.yml': analytic('two') })
    const folder = folderWith({ 'analytics/one.yml': analytic('one') })
    const files = [elsewhere.path('x.yml'), elsewhere.path('y.yml')]
    const loaded = loadUserFiles({ scenariosDir: folder.dir, files })
    elsewhere.remove()
    folder.remove()
    assert.deepEqual(loaded.problems, [])
    assert.equal(loaded.scenarios.length, 1)
    assert.equal(loaded.analytics.length, 2)
  })

  it('says which folder is missing', async () => {
    const { problems } = loadUserFiles({ scenariosDir: '/does/not/exist' })
    assert.deepEqual(problems, [{ path: '/does/not/exist', line: 0, column: 0, message: 'there is no such folder' }])
  })
})
