/**
 * The embedded SIEM against a real Elasticsearch. `ELASTICSEARCH_URL` names one; else one is started from the folder of
 * shared data (`TOCSIN_SHARED`) when it has one. Only indices whose names begin with `o-` are touched.
 */
import assert from 'node:assert/strict'
import { Client } from '@elastic/elasticsearch'
import { systemClock } from '../../../src/clock/system-clock.ts'
import { type EmbeddedSiem, startEmbeddedSiem } from '../../../src/siem/embedded/server.ts'
import { clientAnswers } from './oracle/client-calls.ts'
import { comparable, send } from './oracle/compare.ts'
import { removeAll } from './oracle/leftovers.ts'
import { type RealElasticsearch, realElasticsearch } from './oracle/real-elasticsearch.ts'
import { REQUESTS } from './oracle/requests.ts'

describe('embedded SIEM against a real Elasticsearch', function () {
  this.timeout(180_000)
  let real: RealElasticsearch
  let embedded: EmbeddedSiem

  before(async function () {
    const found = await realElasticsearch()
    if (typeof found === 'string') {
      process.stderr.write(`      skipped: ${found}\n`)
      this.skip()
    }
    real = found
    embedded = await startEmbeddedSiem({ clock: systemClock(), auth: false })
    await removeAll(real.url)
  })

  after(async () => {
    await embedded?.stop()
    await real?.stop()
  })

  for (const request of REQUESTS) {
    it(request.name, async () => {
      const [ours, theirs] = await Promise.all([send(embedded.url, request), send(real.url, request)])
      assert.deepEqual(comparable(request.name, ours), comparable(request.name, theirs))
    })
  }

  it('answers the official client alike', async () => {
    const [ours, theirs] = [embedded.url, real.url].map((node) => new Client({ node, maxRetries: 0 }))
    assert.deepEqual(await clientAnswers(ours!), await clientAnswers(theirs!))
    await ours!.close()
    await theirs!.close()
  })
})
