/** The table of what the server answers: method and path to handler. */
import findMyWay from 'find-my-way'
import { ElasticsearchError } from '../errors.ts'
import type { Answer, ApiRequest } from './request.ts'

export type Handler = (request: ApiRequest) => Answer | Promise<Answer>

/** Whose shapes of errors and headers an answer has. */
export type Api = 'elasticsearch' | 'kibana'

export interface Found {
  handler: Handler
  params: Record<string, string>
  api: Api
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
type Method = (typeof METHODS)[number]

export class Routes {
  readonly #router = findMyWay({ ignoreTrailingSlash: true, ignoreDuplicateSlashes: true, maxParamLength: 10_000 })

  /** Adds a handler: methods by bars, paths with `:name` parts. */
  add(api: Api, methods: string, path: string, handler: Handler): void {
    const names = methods.split('|') as Method[]
    this.#router.on(names, path, () => {}, { handler, api })
  }

  /** The handler of a request. Throws as Elasticsearch does: 405 for a method that the path does not have, else 400. */
  find(method: string, path: string, uri: string): Found {
    const found = this.#lookUp(method, path)
    const allowed = METHODS.filter((other) => isOwn(this.#router.find(other, path), path))
    // A path that is an API of its own is never the name of an index, whatever the method.
    if (found !== null && (allowed.length === 0 || isOwn(found, path))) {
      const { handler, api } = found.store as { handler: Handler; api: Api }
      return { handler, api, params: found.params as Record<string, string> }
    }
    if (allowed.length > 0) throw new WrongMethod(uri, method, allowed)
    throw new NoHandler(uri, method)
  }

  #lookUp(method: string, path: string): Match {
    if (!METHODS.includes(method as Method)) return null
    const found = this.#router.find(method as Method, path)
    // Whatever can be asked for with GET can be asked for without its body.
    return found === null && method === 'HEAD' ? this.#router.find('GET', path) : found
  }
}

type Match = ReturnType<ReturnType<typeof findMyWay>['find']>

/** Whether a path was found as an API rather than as an index whose name begins with an underscore. */
const isOwn = (found: Match, path: string): boolean =>
  found !== null && !(found.params.index?.startsWith('_') && path.startsWith(`/${found.params.index}`))

class NoHandler extends ElasticsearchError {
  constructor(uri: string, method: string) {
    super(400, 'no_handler', `no handler found for uri [${uri}] and method [${method}]`)
  }

  // The server answers these two with a bare text.
  override get answer(): never {
    return { error: this.message } as never
  }
}

class WrongMethod extends ElasticsearchError {
  constructor(uri: string, method: string, allowed: readonly string[]) {
    super(
      405,
      'wrong_method',
      `Incorrect HTTP method for uri [${uri}] and method [${method}], allowed: [${allowed.join(', ')}]`,
    )
  }

  override get answer(): never {
    return { error: this.message, status: 405 } as never
  }
}
