import assert from 'node:assert/strict'
import { analytic, folderWith, scenario } from '../files/folder.ts'
import { tocsin } from './tocsin.ts'

describe('tocsin list', () => {
  it('prints tests, analytics and their counts', async () => {
    const folder = folderWith({ 'a.yml': scenario('a'), 'analytics/one.yml': analytic('one') })
    const { code, stdout } = await tocsin(['list', '--scenarios', folder.dir])
    folder.remove()
    assert.equal(code, 0)
    assert.match(
      stdout,
      /a\.yml\n {2}a\/create\n +alert: one\n\nAnalytics\n {2}one {2}Title \(eql\)\n\n1 test, 1 check, 1 analytic\n$/,
    )
  })

  it('prints JSON and nothing else with --json', async () => {
    const { code, stdout, stderr } = await tocsin(['list', '--json'])
    assert.equal(code, 0)
    assert.equal(stderr, '')
    const { analytics } = JSON.parse(stdout) as { analytics: { id: string; ruleId: string | null }[] }
    const sequence = analytics.find(({ id }) => id === 'remote-scheduled-task-creation')
    assert.equal(sequence?.ruleId, '954ee7c8-5437-49ae-b2d6-2960883898e9')
  })

  it('refuses files with mistakes', async () => {
    const folder = folderWith({ 'a.yml': 'id: 1' })
    const { code, stdout } = await tocsin(['list', '--scenarios', folder.dir])
    folder.remove()
    assert.deepEqual([code, stdout], [2, ''])
  })
})
