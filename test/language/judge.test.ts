import assert from 'node:assert/strict'
import type { Judge } from '../../src/engine/ports.ts'
import { createJudge } from '../../src/language/judge.ts'
import { event, idsOf } from './documents.ts'

const SEQUENCE = 'sequence by id with maxspan=1m [network where a == 1] [registry where true] [network where a == 2]'

describe('judge', () => {
  const judge: Judge = createJudge()
  const eql = (query: string) => ({ language: 'eql' as const, query })

  it('refuses what it cannot compile, with the reason', () => {
    assert.equal(judge.refusal(eql('any where true')), null)
    assert.match(judge.refusal(eql('any where')) ?? '', /^line 1:10: mismatched input '<EOF>'/)
    assert.match(judge.refusal({ language: 'dnif', query: '_fetch *' }) ?? '', /^line 1:9: the query ends/)
    assert.throws(() => judge.evaluate(eql('any where'), []), /mismatched input/)
  })

  it('says which kinds of event an implementation reads, each once', () => {
    assert.deepEqual(judge.reads(eql(SEQUENCE)), [
      { name: 'network events', categories: ['network'] },
      { name: 'registry events', categories: ['registry'] },
    ])
    assert.deepEqual(judge.reads(eql('any where true')), [{ name: 'events', categories: null }])
    assert.equal(judge.maxspanMs(eql(SEQUENCE)), 60_000)
    assert.equal(judge.maxspanMs(eql('any where true')), 0)
  })

  it('knows the kind of an event', () => {
    const change = event('1', 0, { event: { category: ['configuration', 'registry'] } })
    assert.equal(judge.isOfKind(change, { name: '', categories: ['registry'] }), true)
    assert.equal(judge.isOfKind(change, { name: '', categories: ['network'] }), false)
    assert.equal(judge.isOfKind(change, { name: '', categories: null }), true)
  })

  it('evaluates events in whatever order they come', () => {
    const events = [
      event('3', 3, { event: { category: 'network' }, id: 'x', a: 2 }),
      event('1', 1, { event: { category: 'network' }, id: 'x', a: 1 }),
      event('2', 2, { event: { category: 'registry' }, id: 'x' }),
    ]
    assert.deepEqual(idsOf(judge.evaluate(eql(SEQUENCE), events)), [['1', '2', '3']])
    assert.equal(judge.explain(eql(SEQUENCE), events).summary, '1 sequence matches')
  })
})
