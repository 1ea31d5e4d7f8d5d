/** `kql`: Kibana's query language, evaluated on documents as rules of type `query` are. */
import { compile } from '../../../language/compile.ts'
import { stagesOf } from '../../../language/plan.ts'
import { QueryError } from '../../../language/query-error.ts'
import { stageTest } from '../../../language/sequence/stage-test.ts'
import { ElasticsearchError, parsingError, queryShardError } from '../errors.ts'
import { indexSchema } from '../store/schema.ts'
import { checkNames, objectOf } from './arguments.ts'
import type { Query } from './matcher.ts'

export function kql(body: unknown): Query {
  const given = objectOf('kql', body)
  checkNames('kql', given, ['query', 'case_insensitive', 'time_zone', 'default_field'])
  const text = given.query
  if (typeof text !== 'string') throw parsingError("[kql] requires a 'query' field")
  return {
    bind({ index }) {
      try {
        const test = stageTest(stagesOf(compile('kuery', text, { schema: indexSchema([index]) }).plan)[0]!)
        return {
          matches: (number) => test(index.documents[number]!.source),
          candidates: null,
          score: () => 1,
        }
      } catch (error) {
        if (!(error instanceof QueryError)) throw error
        const cause = new ElasticsearchError(400, 'kql_parsing_exception', error.message)
        throw queryShardError(index, `failed to create query: ${error.message}`, cause.body)
      }
    },
  }
}
