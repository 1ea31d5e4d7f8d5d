import assert from 'node:assert/strict'
import { analytic, folderWith, scenario } from '../files/folder.ts'
import { tocsin } from './tocsin.ts'

describe('tocsin lint', () => {
  it('finds no mistake in the shipped files and says what it checked', async () => {
    const { code, stdout, stderr } = await tocsin(['lint'])
    assert.equal(stderr, '')
    assert.match(
      stdout,
      /^\d+ analytics with \d+ implementations, \d+ scenarios with \d+ tests and \d+ checks: no mistakes\n$/,
    )
    assert.equal(code, 0)
  })

  it('shows every mistake of all files on stderr and exits 2', async () => {
    const folder = folderWith({
      'a.yml': scenario('a', '[{ analytic: onne, is: alert }]').replace('run:', 'rnu:'),
      'analytics/one.yml': analytic('one').replace('title:', 'titel:'),
    })
    const { code, stdout, stderr } = await tocsin(['lint', '--scenarios', folder.dir])
    folder.remove()
    assert.equal(code, 2)
    assert.equal(stdout, '')
    assert.ok(stderr.includes(`${folder.path('a.yml')}:6:25: 'rnu' is not a key here\n`), stderr)
    assert.ok(
      stderr.includes("    - { host: source, rnu: whoami }\n                          ^^^\n  did you mean 'run'?\n"),
      stderr,
    )
    assert.match(stderr, /there is no analytic 'onne'/)
    assert.match(stderr, /'titel' is not a key here/)
    assert.match(stderr, /5 mistakes in 2 files\n$/)
  })

  it('shows a mistake in a query at its place in the file', async () => {
    const folder = folderWith({ 'analytics/one.yml': analytic('one').replace('where true', 'where tru ===') })
    const { code, stderr } = await tocsin(['lint', '--scenarios', folder.dir])
    folder.remove()
    assert.equal(code, 2)
    assert.match(stderr, /one\.yml:8:\d+: /)
    assert.match(stderr, /process where tru ===\n +\^/)
  })

  it('checks named files as what they are, and roles with a lab', async () => {
    const folder = folderWith({
      'lab.yml': 'hosts: { ws1: { role: source, emulated: { sensor: good } } }',
      'good-lab.yml': 'hosts: { ws1: { role: source } }',
      'test.yml': scenario('x', '[{ analytic: CAR-2013-08-001, is: alert }]', 'target'),
    })
    const lab = await tocsin(['lint', folder.path('lab.yml')])
    assert.equal(lab.code, 2)
    assert.match(lab.stderr, /did you mean 'sensors'\?/)
    const alone = await tocsin(['lint', folder.path('test.yml')])
    assert.deepEqual([alone.code, alone.stdout], [0, '1 scenario with 1 test and 1 check: no mistakes\n'])
    const withLab = await tocsin(['lint', folder.path('test.yml'), '--lab', folder.path('good-lab.yml')])
    folder.remove()
    assert.equal(withLab.code, 2)
    assert.match(withLab.stderr, /test\.yml:6:17: no host of the lab has the role 'target'/)
  })

  it('says which file is missing', async () => {
    const { code, stderr } = await tocsin(['lint', 'nowhere.yml'])
    assert.deepEqual([code, stderr], [2, 'nowhere.yml: there is no such file\n1 mistake in 1 file\n'])
  })
})
