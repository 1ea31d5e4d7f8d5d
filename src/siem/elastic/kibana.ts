/** Kibana's detection engine API, as far as Tocsin reads and deploys rules. Kibana has no official client. */
import type { RuleState } from '../../engine/ports.ts'
import { SiemError } from '../../engine/ports.ts'
import type { Analytic, Implementation, Rule } from '../../model/analytic.ts'
import { parseDuration } from '../../model/duration.ts'
import { type ElasticConnection, siemError, statusText } from './connection.ts'

/** Version of the public API that Tocsin speaks (`Elastic-Api-Version`). */
const API_VERSION = '2023-10-31'
const REQUEST_TIMEOUT_MS = 30_000

interface RuleBody {
  enabled?: boolean
  interval?: string
  from?: string
  query?: string
  execution_summary?: { last_execution?: { date?: string; status?: string; message?: string } }
}

export class Kibana {
  readonly #base: string
  readonly #authorization: string | null

  constructor(connection: ElasticConnection) {
    const { url, kibana = url, space, apiKey, username, password } = connection
    this.#base = `${kibana.replace(/\/+$/, '')}${space === undefined || space === 'default' ? '' : `/s/${space}`}`
    this.#authorization =
      apiKey !== undefined
        ? `ApiKey ${apiKey}`
        : username !== undefined
          ? `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}`
          : null
  }

  async rule(ruleId: string): Promise<RuleState> {
    const { status, body } = await this.#request(
      'GET',
      `/api/detection_engine/rules?rule_id=${encodeURIComponent(ruleId)}`,
    )
    if (status === 404) return absent(ruleId)
    if (status !== 200) throw failure(status, body)
    return ruleState(ruleId, body as RuleBody)
  }

  /** Creates the rule of an implementation, or replaces the one that has its rule_id. */
  async deploy(analytic: Analytic, implementation: Implementation & { rule: Rule }, interval?: string): Promise<void> {
    const rule = ruleBody(analytic, implementation, interval)
    const created = await this.#request('POST', '/api/detection_engine/rules', rule)
    if (created.status === 200) return
    if (created.status !== 409) throw failure(created.status, created.body)
    const replaced = await this.#request('PUT', '/api/detection_engine/rules', rule)
    if (replaced.status !== 200) throw failure(replaced.status, replaced.body)
  }

  async #request(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
    try {
      const response = await fetch(this.#base + path, {
        method,
        headers: {
          'elastic-api-version': API_VERSION,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(method === 'GET' ? {} : { 'kbn-xsrf': 'tocsin' }),
          ...(this.#authorization === null ? {} : { authorization: this.#authorization }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      })
      const text = await response.text()
      return { status: response.status, body: parse(text, response.status) }
    } catch (error) {
      if (error instanceof SiemError) throw error
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
      throw siemError(
        new SiemError(`Kibana cannot be reached: ${cause instanceof Error ? cause.message : String(cause)}`),
      )
    }
  }
}

function parse(text: string, status: number): unknown {
  try {
    return text === '' ? null : JSON.parse(text)
  } catch {
    throw new SiemError(`Kibana answered with something that is no JSON (HTTP ${status})`)
  }
}

function failure(status: number, body: unknown): SiemError {
  const message = (body as { message?: unknown } | null)?.message
  return new SiemError(statusText(status, typeof message === 'string' ? message : null))
}

const absent = (ruleId: string): RuleState => ({
  ruleId,
  missing: true,
  enabled: false,
  intervalMs: 0,
  lookBackMs: 0,
  query: null,
  lastExecution: null,
})

function ruleState(ruleId: string, body: RuleBody): RuleState {
  const last = body.execution_summary?.last_execution
  const intervalMs = parseDuration(body.interval ?? '') ?? 0
  return {
    ruleId,
    missing: false,
    enabled: body.enabled ?? false,
    intervalMs,
    lookBackMs: parseDuration((body.from ?? '').replace(/^now-/, '')) ?? intervalMs,
    query: body.query ?? null,
    lastExecution:
      last?.date === undefined
        ? null
        : { at: Date.parse(last.date), status: executionStatus(last.status), message: last.message || null },
  }
}

function executionStatus(status: string | undefined): NonNullable<RuleState['lastExecution']>['status'] {
  switch (status) {
    case 'succeeded':
    case 'partial failure':
    case 'failed':
    case 'running':
      return status
    default:
      return 'unknown'
  }
}

/** A rule as Kibana's API takes it. `interval` in place of the rule's own keeps its overlap: a look-back four minutes longer. */
function ruleBody(analytic: Analytic, implementation: Implementation & { rule: Rule }, interval?: string): object {
  const { rule, language, query } = implementation
  const from =
    interval === undefined ? rule.from : `now-${Math.round(parseDuration(interval)! / 1000) + OVERLAP_SECONDS}s`
  return {
    rule_id: rule.rule_id,
    type: language === 'eql' ? 'eql' : 'query',
    language,
    query,
    name: rule.name ?? analytic.title,
    description: analytic.goal,
    index: rule.index,
    interval: interval ?? rule.interval,
    from,
    enabled: rule.enabled,
    severity: rule.severity,
    risk_score: rule.risk_score,
    tags: ['Tocsin', analytic.id],
    references: analytic.references.filter((reference) => /^https?:/.test(reference)),
    false_positives: analytic.falsePositives,
    threat: threat(analytic),
  }
}

/** The overlap of consecutive runs under Elastic's defaults: every 5 minutes over the last 9. */
const OVERLAP_SECONDS = 240

function threat(analytic: Analytic): object[] {
  return analytic.attack.flatMap(({ technique, name, tactics }) =>
    tactics.map((tactic) => {
      const [parent, sub] = technique.split('.')
      const reference = `https://attack.mitre.org/techniques/${parent}/`
      return {
        framework: 'MITRE ATT&CK',
        tactic: { id: tactic, name: tactic, reference: `https://attack.mitre.org/tactics/${tactic}/` },
        technique: [
          {
            id: parent,
            name: sub === undefined ? (name ?? technique) : parent,
            reference,
            ...(sub === undefined
              ? {}
              : { subtechnique: [{ id: technique, name: name ?? technique, reference: `${reference}${sub}/` }] }),
          },
        ],
      }
    }),
  )
}
