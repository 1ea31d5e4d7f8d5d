/** Alerts as Elastic Security writes them: flat dotted keys, ancestors, building blocks and shells. */
import { createHash } from 'node:crypto'
import type { EventDocument } from '../../../model/event.ts'
import type { DetectionRule } from './rule.ts'

export interface AlertDocument {
  id: string
  source: Record<string, unknown>
}

/** What all alerts of one run share. Times are ISO texts. */
export interface RunContext {
  rule: DetectionRule
  executionId: string
  now: string
  version: string
}

interface Ancestor {
  id: string
  type: 'event' | 'signal'
  index: string
  depth: number
  rule?: string
}

/** The same ancestors under the same rule give the same id, so that overlapping runs write each alert once. */
function alertId(rule: DetectionRule, parts: readonly string[]): string {
  const hash = createHash('sha256')
  for (const part of [...parts, rule.id, rule.space]) hash.update(part).update('\0')
  return hash.digest('hex')
}

const ancestorOf = ({ index, id }: EventDocument): Ancestor => ({ id, type: 'event', index, depth: 0 })

/** The alert of a rule that looks at single events. */
export function eventAlert(context: RunContext, event: EventDocument): AlertDocument {
  const id = alertId(context.rule, [event.index, event.id])
  const fields = copied(event)
  const own = alertFields(context, id, [ancestorOf(event)], 1, timeOf(event))
  return { id, source: { ...fields, ...own, 'kibana.alert.reason': reasonOf(context.rule, fields) } }
}

/** A building block for each event of a sequence, then the shell that holds them together. */
export function sequenceAlerts(context: RunContext, events: readonly EventDocument[]): AlertDocument[] {
  const { rule } = context
  const group = alertId(
    rule,
    events.flatMap(({ index, id }) => [index, id]),
  )
  const blocks = events.map((event, position): AlertDocument => {
    const id = alertId(rule, [group, String(position), event.index, event.id])
    const fields = copied(event)
    return {
      id,
      source: {
        ...fields,
        ...alertFields(context, id, [ancestorOf(event)], 1, timeOf(event)),
        'kibana.alert.reason': reasonOf(rule, fields),
        'kibana.alert.building_block_type': 'default',
        'kibana.alert.group.id': group,
        'kibana.alert.group.index': position,
      },
    }
  })
  const ancestors = events.flatMap((event, position): Ancestor[] => [
    ancestorOf(event),
    { id: blocks[position]!.id, type: 'signal', index: '', depth: 1, rule: rule.id },
  ])
  const shared = common(events.map(copied))
  const shell = {
    ...shared,
    ...alertFields(context, group, ancestors, 2, context.now),
    'kibana.alert.reason': reasonOf(rule, shared),
    'kibana.alert.group.id': group,
  }
  return [...blocks, { id: group, source: shell }]
}

/** What happened, in a sentence such as `process event with process cmd.exe by eve on ws1 created low alert Shell.` */
function reasonOf({ name, severity }: DetectionRule, fields: Record<string, unknown>): string {
  const text = (field: string, before: string) =>
    fields[field] === undefined ? '' : `${before}${[fields[field]].flat().join(', ')}`
  const what = `${text('event.category', '')} event`.trimStart()
  const details = `${text('process.name', ' with process ')}${text('user.name', ' by ')}${text('host.name', ' on ')}`
  return `${what}${details} created ${severity} alert ${name}.`
}

const timeOf = ({ source }: EventDocument): unknown => flat(source)['@timestamp']

/** The fields of an event as its alert carries them; its `event.*` also as `kibana.alert.original_event.*`. */
function copied({ source }: EventDocument): Record<string, unknown> {
  const fields = flat(source)
  for (const name of Object.keys(fields)) {
    if (name.startsWith('event.')) fields[`kibana.alert.original_event.${name.slice('event.'.length)}`] = fields[name]
  }
  return fields
}

/** Nested objects as dotted names; arrays stay as they are. */
function flat(
  object: Record<string, unknown>,
  prefix = '',
  into: Record<string, unknown> = {},
): Record<string, unknown> {
  for (const [name, value] of Object.entries(object)) {
    const plain = value !== null && typeof value === 'object' && !Array.isArray(value)
    if (plain) flat(value as Record<string, unknown>, `${prefix}${name}.`, into)
    else into[prefix + name] = value
  }
  return into
}

/** The fields that have the same value in all of them. */
function common([first = {}, ...rest]: readonly Record<string, unknown>[]): Record<string, unknown> {
  const same = Object.entries(first).filter(([name, value]) => {
    const text = JSON.stringify(value)
    return rest.every((other) => JSON.stringify(other[name]) === text)
  })
  return Object.fromEntries(same)
}

const TYPES = {
  eql: { id: 'siem.eqlRule', category: 'Event Correlation Rule' },
  query: { id: 'siem.queryRule', category: 'Custom Query Rule' },
} as const

function alertFields(
  { rule, executionId, now, version }: RunContext,
  id: string,
  ancestors: Ancestor[],
  depth: number,
  originalTime: unknown,
): Record<string, unknown> {
  const { id: uuid, space, name, rule_id: ruleId, severity, risk_score: risk, tags, type } = rule
  const { created_at: createdAt, updated_at: updatedAt, ...parameters } = rule
  return {
    '@timestamp': now,
    'event.kind': 'signal',
    'kibana.version': version,
    'kibana.space_ids': [space],
    'kibana.alert.uuid': id,
    'kibana.alert.status': 'active',
    'kibana.alert.workflow_status': 'open',
    'kibana.alert.workflow_tags': [],
    'kibana.alert.ancestors': ancestors,
    'kibana.alert.depth': depth,
    'kibana.alert.original_time': originalTime,
    'kibana.alert.start': now,
    'kibana.alert.last_detected': now,
    'kibana.alert.severity': severity,
    'kibana.alert.risk_score': risk,
    'kibana.alert.rule.uuid': uuid,
    'kibana.alert.rule.rule_id': ruleId,
    'kibana.alert.rule.name': name,
    'kibana.alert.rule.description': rule.description,
    'kibana.alert.rule.version': rule.version,
    'kibana.alert.rule.revision': rule.revision,
    'kibana.alert.rule.type': type,
    'kibana.alert.rule.rule_type_id': TYPES[type].id,
    'kibana.alert.rule.category': TYPES[type].category,
    'kibana.alert.rule.consumer': 'siem',
    'kibana.alert.rule.producer': 'siem',
    'kibana.alert.rule.enabled': rule.enabled,
    'kibana.alert.rule.interval': rule.interval,
    'kibana.alert.rule.from': rule.from,
    'kibana.alert.rule.tags': tags,
    'kibana.alert.rule.severity': severity,
    'kibana.alert.rule.risk_score': risk,
    'kibana.alert.rule.created_at': createdAt,
    'kibana.alert.rule.updated_at': updatedAt,
    'kibana.alert.rule.parameters': parameters,
    'kibana.alert.rule.execution.uuid': executionId,
    'kibana.alert.rule.execution.timestamp': now,
  }
}
