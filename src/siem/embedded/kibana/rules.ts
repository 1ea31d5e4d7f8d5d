/** Kibana's detection engine API: rules. */
import { randomUUID } from 'node:crypto'
import type { z } from 'zod'
import type { DetectionLoop } from '../detection/loop.ts'
import { type DetectionRule, RuleBody, STATUS_ORDER } from '../detection/rule.ts'
import { ElasticsearchError } from '../errors.ts'
import { type Answer, type ApiRequest, jsonOf } from '../http/request.ts'
import type { Handler, Routes } from '../http/routes.ts'
import { isObject } from '../query/arguments.ts'
import type { Store } from '../store/store.ts'
import { KibanaError, RuleError } from './error.ts'
import { findRules } from './find-rules.ts'

const RULES = '/api/detection_engine/rules'
const MANY = 'rule'

export class Rules {
  readonly #store: Store
  readonly #loop: DetectionLoop
  readonly #now: () => number

  constructor(store: Store, loop: DetectionLoop, now: () => number) {
    this.#store = store
    this.#loop = loop
    this.#now = now
    for (const rule of this.#all()) loop.set(rule)
  }

  #all(): DetectionRule[] {
    return [...this.#store.objects(MANY).values()] as DetectionRule[]
  }

  inSpace(space: string): DetectionRule[] {
    return this.#all().filter((rule) => rule.space === space)
  }

  /** The rule that `id` or `rule_id` names. Throws 404 when there is none, 400 when neither is given. */
  named(space: string, { id, ruleId }: { id: string | null; ruleId: string | null }): DetectionRule {
    if (id === null && ruleId === null) throw new RuleError(400, 'either "id" or "rule_id" must be set')
    const found = this.inSpace(space).find((rule) => (id === null ? rule.rule_id === ruleId : rule.id === id))
    if (found !== undefined) return found
    throw new RuleError(404, id === null ? `rule_id: "${ruleId}" not found` : `id: "${id}" not found`)
  }

  create(space: string, body: unknown): DetectionRule {
    const given = checked(body)
    if (this.inSpace(space).some((rule) => rule.rule_id === given.rule_id)) {
      throw new RuleError(409, `rule_id: "${given.rule_id}" already exists`)
    }
    const time = this.#time()
    const language = given.language ?? (given.type === 'eql' ? 'eql' : 'kuery')
    return this.#keep({
      ...given,
      language,
      id: randomUUID(),
      space,
      version: 1,
      revision: 0,
      created_at: time,
      updated_at: time,
    })
  }

  /** Replaces what `changes` names; `whole` replaces everything but who the rule is. */
  change(space: string, changes: Record<string, unknown>, whole: boolean): DetectionRule {
    const { id, rule_id: ruleId } = changes
    const rule = this.named(space, { id: text(id), ruleId: text(ruleId) })
    const { id: uuid, created_at, version, revision, rule_id } = rule
    const given = checked(whole ? { ...changes, rule_id } : { ...rule, ...changes })
    const language = given.language ?? (given.type === 'eql' ? 'eql' : 'kuery')
    return this.#keep({
      ...given,
      language,
      id: uuid,
      rule_id,
      space,
      created_at,
      version: typeof changes.version === 'number' ? changes.version : version,
      revision: revision + 1,
      updated_at: this.#time(),
    })
  }

  delete(rule: DetectionRule): void {
    this.#store.putObject(MANY, rule.id, null)
    this.#loop.delete(rule.id)
  }

  #keep(rule: DetectionRule): DetectionRule {
    this.#store.putObject(MANY, rule.id, rule)
    this.#loop.set(rule)
    return rule
  }

  #time(): string {
    return new Date(this.#now()).toISOString()
  }

  /** A rule as answers show it, with what its last run said. */
  shown({ space: _, ...rule }: DetectionRule): Record<string, unknown> {
    const last = this.#loop.lastExecution(rule.id)
    return {
      ...rule,
      created_by: 'tocsin',
      updated_by: 'tocsin',
      immutable: false,
      rule_source: { type: 'internal' },
      max_signals: rule.max_signals ?? 100,
      ...(last === null
        ? {}
        : {
            execution_summary: {
              last_execution: {
                date: last.date,
                status: last.status,
                status_order: STATUS_ORDER[last.status],
                message: last.message,
                metrics: last.metrics,
              },
            },
          }),
    }
  }
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)

/** Throws 400 with every mistake, as Kibana words them. */
function checked(body: unknown): RuleBody {
  if (isObject(body) && body.type === 'query' && body.language === 'lucene') {
    throw new RuleError(400, 'language: rules in lucene are not supported by the embedded SIEM')
  }
  const read = RuleBody.safeParse(body)
  if (!read.success) throw new KibanaError(400, `[request body]: ${read.error.issues.map(issueText).join(', ')}`)
  const { type, language } = read.data
  if (language !== undefined && (type === 'eql') !== (language === 'eql')) {
    throw new KibanaError(
      400,
      `[request body]: language: Invalid literal value, a rule of type ${type} is not written in ${language}`,
    )
  }
  return read.data
}

const issueText = ({ path, message }: z.core.$ZodIssue) => `${path.join('.')}: ${message}`

export function ruleRoutes(routes: Routes, rules: Rules): void {
  const add = (methods: string, path: string, handler: Handler) => {
    for (const prefix of ['', '/s/:space']) routes.add('kibana', methods, `${prefix}${path}`, handler)
  }
  const one = (request: ApiRequest) => rules.named(spaceOf(request), namesOf(request))

  add('GET', RULES, (request) => ({ body: rules.shown(one(request)) }))
  add('POST', RULES, (request) => ({ body: rules.shown(rules.create(spaceOf(request), kibanaBody(request))) }))
  add('PUT', RULES, (request) => ({ body: rules.shown(rules.change(spaceOf(request), objectOf(request), true)) }))
  add('PATCH', RULES, (request) => ({ body: rules.shown(rules.change(spaceOf(request), objectOf(request), false)) }))
  add('DELETE', RULES, (request) => {
    const rule = one(request)
    const body = rules.shown(rule)
    rules.delete(rule)
    return { body }
  })
  add('GET', `${RULES}/_find`, (request) =>
    findRules(rules.inSpace(spaceOf(request)), request.parameters, (rule) => rules.shown(rule)),
  )
  add('POST', `${RULES}/_bulk_create`, (request) => bulkCreate(rules, request))
}

function bulkCreate(rules: Rules, request: ApiRequest): Answer {
  const bodies = kibanaBody(request)
  if (!Array.isArray(bodies)) throw new KibanaError(400, '[request body]: Expected array, received object')
  const created = bodies.map((body) => {
    try {
      return rules.shown(rules.create(spaceOf(request), body))
    } catch (error) {
      if (!(error instanceof KibanaError)) throw error
      const ruleId = isObject(body) ? body.rule_id : undefined
      return { rule_id: ruleId, error: { status_code: error.status, message: error.message } }
    }
  })
  return { body: created }
}

export const spaceOf = ({ params }: ApiRequest): string => params.space ?? 'default'

const namesOf = ({ parameters }: ApiRequest) => ({ id: parameters.get('id'), ruleId: parameters.get('rule_id') })

/** The body as JSON. Throws 400 in Kibana's shape when it is none. */
function kibanaBody(request: ApiRequest): unknown {
  try {
    return jsonOf(request)
  } catch (error) {
    if (error instanceof ElasticsearchError) throw new KibanaError(400, error.message)
    throw error
  }
}

export function objectOf(request: ApiRequest): Record<string, unknown> {
  const body = kibanaBody(request) ?? {}
  if (isObject(body)) return body
  throw new KibanaError(400, '[request body]: Expected object, received array')
}
