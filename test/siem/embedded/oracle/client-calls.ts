/** What the official client gets from a server, without what every server makes for itself. */
import { type Client, errors } from '@elastic/elasticsearch'

const INDEX = 'o-client'

export async function clientAnswers(client: Client): Promise<unknown[]> {
  const answers: unknown[] = []
  const note = (answer: unknown) => answers.push(answer)
  const failure = async (work: () => Promise<unknown>) => {
    try {
      note(await work())
    } catch (error) {
      if (!(error instanceof errors.ResponseError)) throw error
      note([error.statusCode, error.body?.error?.type])
    }
  }
  await client.info()
  const keyword = { type: 'keyword' } as const
  const properties = { '@timestamp': { type: 'date' }, 'event.code': keyword, n: { type: 'long' } } as const
  note(await client.indices.create({ index: INDEX, mappings: { properties }, settings: { number_of_replicas: 0 } }))
  await failure(() => client.indices.create({ index: INDEX }))
  const documents = Array.from({ length: 500 }, (_, n) => ({
    '@timestamp': new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString(),
    event: { code: String(n % 7) },
    n,
  }))
  const { total, successful, failed } = await client.helpers.bulk({
    datasource: documents,
    onDocument: ({ n }) => ({ index: { _index: INDEX, _id: String(n) } }),
    refreshOnCompletion: true,
  })
  note({ total, successful, failed })
  note((await client.count({ index: INDEX, query: { term: { 'event.code': '3' } } })).count)
  note(await client.get({ index: INDEX, id: '5' }))
  note(await client.exists({ index: INDEX, id: 'none' }))
  await failure(() => client.create({ index: INDEX, id: '5', document: {} }))
  await failure(() => client.search({ index: 'o-none' }))
  await failure(() => client.search({ index: INDEX, query: { range: { n: { gte: 'x' } } } }))
  const { hits } = await client.search({
    index: INDEX,
    size: 3,
    sort: [{ n: 'desc' }],
    query: { terms: { 'event.code': ['1', '2'] } },
  })
  note(hits)
  const { responses } = await client.msearch({
    searches: [
      { index: INDEX },
      { size: 0, query: { range: { '@timestamp': { gte: '2026-01-01T00:08:00Z' } } } },
      { index: 'o-none' },
      {},
    ],
  })
  note(responses.map(({ status, ...rest }) => [status, 'hits' in rest ? rest.hits : rest.error.type]))
  note((await client.fieldCaps({ index: INDEX, fields: ['n', 'event.*'] })).fields.n?.long?.searchable)
  note(await pages(client))
  note(await client.indices.delete({ index: INDEX }))
  return answers
}

/** Goes through a point in time, which must not see a document that comes meanwhile. */
async function pages(client: Client): Promise<{ seen: number; pages: number; last: unknown }> {
  const { id } = await client.openPointInTime({ index: INDEX, keep_alive: '1m' })
  await client.index({ index: INDEX, id: 'later', document: { n: 1 }, refresh: true })
  let seen = 0
  let count = 0
  let after: unknown[] | undefined
  for (;;) {
    const answer = await client.search({
      size: 200,
      pit: { id, keep_alive: '1m' },
      sort: [{ n: 'asc' }],
      ...(after === undefined ? {} : { search_after: after as number[] }),
    })
    const { hits } = answer.hits
    if (hits.length === 0) break
    seen += hits.length
    count += 1
    after = hits.at(-1)!.sort
  }
  await client.closePointInTime({ id })
  return { seen, pages: count, last: after?.[0] }
}
