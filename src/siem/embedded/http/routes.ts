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
    if (found !== null) {
      const { handler, api } = found.store as { handler: Handler; api: Api }
      return { handler, api, params: found.params as Record<string, string> }
    }
    const allowed = METHODS.filter((other) => this.#named(other, path) !== null)
    if (allowed.length > 0) throw new WrongMethod(uri, method, allowed)
    throw new NoHandler(uri, method)
  }

  #lookUp(method: string, path: string) {
    if (!METHODS.includes(method as Method)) return null
    const found = this.#named(method as Method, path)
    // Whatever can be asked for with GET can be asked for without its body.
    return found === null && method === 'HEAD' ? this.#named('GET', path) : found
  }

  /** A path that begins with an underscore is an API, never the name of an index. */
  #named(method: Method, path: string) {
    const found = this.#router.find(method, path)
    const index = found?.params.index
    return index?.startsWith('_') && index !== '_all' && path.startsWith(`/${index}`) ? null : found
  }
}

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
