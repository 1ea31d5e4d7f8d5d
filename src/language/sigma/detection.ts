/** The searches of a rule's `detection` → conditions. */
import { closest } from 'fastest-levenshtein'
import { anyOf, ecsField, exists } from '../dialect/tests.ts'
import type { Expression, Field } from '../predicate/expression.ts'
import { isText } from '../predicate/field-types.ts'
import { network } from '../predicate/ip.ts'
import { regexProblem } from '../predicate/regex.ts'
import type { Span } from '../query-error.ts'
import type { FieldSchema } from '../schema.ts'
import { HASHES, type SigmaField } from './fields.ts'
import { type Manner, MODIFIERS, plainManner, REFUSED_MODIFIERS } from './modifiers.ts'
import {
  ANY,
  asRegex,
  asWildcard,
  bytesOf,
  ENCODINGS,
  plainText,
  type SigmaText,
  sigmaText,
  withAnyDash,
} from './text.ts'
import { type Entry, isMap, isScalar, type Node, type RuleText } from './yaml.ts'

/** The ECS side of a field of a rule. */
export function sigmaField(name: string, fields: Readonly<Record<string, SigmaField>>): SigmaField {
  return (
    (Object.hasOwn(fields, name) ? fields[name] : undefined) ?? {
      ecs: [name.includes('.') ? name : `winlog.event_data.${name}`],
    }
  )
}

const both = (kind: 'and' | 'or', operands: Expression[], span: Span): Expression =>
  operands.length === 1 ? operands[0]! : { kind, operands, span }

const definite = (operand: Expression, span: Span): Expression => ({ kind: 'definite', operand, span })
const not = (operand: Expression, span: Span): Expression => ({ kind: 'not', operand, span })
const literal = (value: string | number | boolean): Expression => ({ kind: 'literal', value })

/** Lowers one search after the other; problems are noted in the text. */
export class Detection {
  readonly #text: RuleText
  readonly #fields: Readonly<Record<string, SigmaField>>
  readonly #schema: FieldSchema | undefined

  constructor(text: RuleText, fields: Readonly<Record<string, SigmaField>>, schema: FieldSchema | undefined) {
    this.#text = text
    this.#fields = fields
    this.#schema = schema
  }

  /** A map: all of its entries. A list: any of its maps, or any of its words in any field. */
  search({ value, span }: Entry): Expression {
    if (isMap(value)) return this.#map(value, span)
    const items = this.#text.items(value)
    if (items.length === 0) this.#text.problem(span, 'a search without a field or a word finds nothing')
    const tests = items.map((item) =>
      isMap(item)
        ? this.#map(item, this.#text.spanOf(item))
        : this.#words([item], plainManner(), this.#text.spanOf(item)),
    )
    return tests.length === 0 ? literal(false) : both('or', tests, span)
  }

  #map(map: Node, span: Span): Expression {
    const tests = this.#text.entries(map).map((entry) => this.#entry(entry))
    return tests.length === 0 ? literal(true) : both('and', tests, span)
  }

  #entry(entry: Entry): Expression {
    const [name = '', ...modifiers] = entry.key.split('|')
    const manner = plainManner()
    for (const modifier of modifiers) {
      const apply = MODIFIERS[modifier]
      if (apply !== undefined) apply(manner)
      else if (REFUSED_MODIFIERS[modifier] !== undefined) {
        this.#text.problem(entry.keySpan, `modifier [${modifier}] ${REFUSED_MODIFIERS[modifier]}`)
      } else {
        const near = closest(modifier, Object.keys(MODIFIERS))
        this.#text.problem(entry.keySpan, `no modifier is named [${modifier}], did you mean [${near}]?`, near)
      }
    }
    const items = this.#text.items(entry.value)
    if (name === '') return this.#words(items, manner, entry.span)
    const test = items.length === 0 ? this.#null(name, entry.span) : this.#field(name, items, manner, entry.span)
    return manner.negated ? not(test, entry.span) : test
  }

  /** Words in any field of the event: what of its message is kept. */
  #words(items: Node[], manner: Manner, span: Span): Expression {
    return this.#texts(ecsField('*'), this.#values(items, {}, manner), { ...manner, place: 'inside' }, span)
  }

  #null(name: string, span: Span): Expression {
    return { kind: 'missing', value: this.#value(sigmaField(name, this.#fields)), span }
  }

  #field(name: string, items: Node[], manner: Manner, span: Span): Expression {
    if (name === 'Hashes' && this.#fields.Hashes === undefined) return this.#hashes(items, manner, span)
    const field = sigmaField(name, this.#fields)
    const value = this.#value(field)
    const nulls = items.filter((item) => isScalar(item) && item.value === null)
    const rest = items.filter((item) => !nulls.includes(item))
    const tests: Expression[] = nulls.length > 0 ? [this.#null(name, span)] : []
    if (rest.length > 0) tests.push(this.#test(value, field, rest, manner, span))
    return both(manner.all ? 'and' : 'or', tests, span)
  }

  #test(value: Expression, field: SigmaField, items: Node[], manner: Manner, span: Span): Expression {
    const each = (test: (text: string, item: Node) => Expression) =>
      both(
        manner.all ? 'and' : 'or',
        items.map((item) => test(this.#written(item), item)),
        span,
      )
    switch (manner.test) {
      case 'text':
        return this.#texts(value, this.#values(items, field.values ?? {}, manner), manner, span)
      case 'regex':
        return each((text, item) => this.#regex(value, text, manner, item))
      case 'exists':
        return each((text) => (text === 'true' ? exists(value, span) : { kind: 'missing', value, span }))
      case 'cidr':
        return each((text, item) => {
          if (network(text) === null)
            this.#text.problem(this.#text.spanOf(item), `[${text}] is no network such as 10.0.0.0/8`)
          return definite({ kind: 'call', name: 'cidrMatch', arguments: [value, literal(text)], span }, span)
        })
      case 'fieldref':
        return each((text) => this.#sameAs(value, text, manner, span))
      default: {
        const operator = manner.test
        return each((text, item) => {
          const number = Number(text)
          if (text === '' || Number.isNaN(number)) {
            this.#text.problem(this.#text.spanOf(item), `numbers are compared here, [${text}] is none`)
          }
          return definite({ kind: 'compare', operator, left: value, right: literal(number), span }, span)
        })
      }
    }
  }

  /** The values of each item with all changes made: several for one where an encoding hangs on the place. */
  #values(items: Node[], names: Readonly<Record<string, string>>, manner: Manner): SigmaText[][] {
    return items.map((item) => {
      const written = this.#written(item)
      const text = names[written.toLowerCase()] ?? written
      return manner.changes.reduce<SigmaText[]>(
        (values, name) =>
          name === 'windash' ? values.map(withAnyDash) : values.flatMap((value) => this.#encoded(value, name, item)),
        [sigmaText(text)],
      )
    })
  }

  #encoded(value: SigmaText, name: string, item: Node): SigmaText[] {
    const bytes = bytesOf(value)
    if (bytes !== null) return ENCODINGS[name]!(bytes)
    this.#text.problem(this.#text.spanOf(item), `a value with wildcards cannot be encoded by [${name}]`)
    return [value]
  }

  /** One test for all values where one will do, so that an explanation names the list and not each of its values. */
  #texts(value: Expression, values: SigmaText[][], manner: Manner, span: Span): Expression {
    if (manner.all) {
      return both(
        'and',
        values.map((one) => this.#anyText(value, one, manner, span)),
        span,
      )
    }
    return this.#anyText(value, values.flat(), manner, span)
  }

  #anyText(value: Expression, texts: SigmaText[], manner: Manner, span: Span): Expression {
    const ignoreCase = !manner.cased
    const plain = manner.place === 'whole' ? texts.map(plainText) : []
    if (plain.length > 0 && plain.every((text) => text !== null)) {
      const items = plain.map(literal)
      const member = definite({ kind: 'member', value, items, ignoreCase, span }, span)
      // An empty value is one that the event does not have: pipelines drop it.
      return plain.includes('') ? anyOf([{ kind: 'missing', value, span }, member], span) : member
    }
    const placed = texts.map(
      ({ parts }): SigmaText => ({
        parts: [
          ...(manner.place === 'inside' || manner.place === 'end' ? [ANY] : []),
          ...parts,
          ...(manner.place === 'inside' || manner.place === 'start' ? [ANY] : []),
        ],
      }),
    )
    const wildcards = placed.map(asWildcard)
    const isSimple = wildcards.every((pattern) => pattern !== null)
    const patterns = isSimple ? wildcards : placed.map(asRegex)
    const form = isSimple ? 'wildcard' : 'regex'
    return definite({ kind: 'like', value: asText(value), patterns, form, ignoreCase, span }, span)
  }

  /** Found anywhere in the value, as PCRE searches; a dot is no new line unless `s` says so. */
  #regex(value: Expression, text: string, { flags }: Manner, item: Node): Expression {
    const span = this.#text.spanOf(item)
    const problem = regexProblem(text)
    if (problem !== null) this.#text.problem(span, `this is no regular expression that runs in linear time: ${problem}`)
    const m = flags.has('m') ? 'm' : ''
    const pattern = `.*(?${flags.has('s') ? `s${m}` : `${m}-s`}:${problem === null ? text : ''}).*`
    const like: Expression = {
      kind: 'like',
      value: asText(value),
      patterns: [pattern],
      form: 'regex',
      ignoreCase: flags.has('i'),
      span,
    }
    return definite(like, span)
  }

  #sameAs(value: Expression, name: string, { place, cased }: Manner, span: Span): Expression {
    const other = this.#value(sigmaField(name, this.#fields))
    const ignoreCase = !cased
    if (place === 'whole') {
      return definite({ kind: 'compare', operator: '==', left: value, right: other, ignoreCase, span }, span)
    }
    const call = { start: 'startsWith', end: 'endsWith', inside: 'stringContains' }[place]
    return definite({ kind: 'call', name: call, arguments: [asText(value), asText(other)], ignoreCase, span }, span)
  }

  /** `Hashes` holds all of them; each value names one. */
  #hashes(items: Node[], manner: Manner, span: Span): Expression {
    const tests = items.map((item): Expression => {
      const text = this.#text.textOf(item) ?? ''
      const [, algorithm = '', digits = ''] = /^\*?([A-Za-z0-9]+)=([0-9A-Fa-f]+)\*?$/.exec(text) ?? []
      const name = HASHES[algorithm.toUpperCase()]
      if (name === undefined) {
        this.#text.problem(
          this.#text.spanOf(item),
          `[${text}] is no hash with its kind, such as MD5=0123…: ECS keeps each kind apart`,
        )
        return literal(false)
      }
      return this.#anyText(this.#value(sigmaField(name, this.#fields)), [sigmaText(digits)], plainManner(), span)
    })
    return both(manner.all ? 'and' : 'or', tests, span)
  }

  #value({ ecs, separator }: SigmaField): Expression {
    const fields = ecs.map((name) => ecsField(name, this.#schema))
    if (fields.length === 1) return fields[0]!
    const parts = fields.flatMap((field, at): Expression[] => (at === 0 ? [field] : [literal(separator ?? ''), field]))
    return { kind: 'call', name: 'concat', arguments: parts }
  }

  #written(item: Node): string {
    const text = this.#text.textOf(item)
    if (text === null) this.#text.problem(this.#text.spanOf(item), 'a value is a text, a number, true or false')
    return text ?? ''
  }
}

/** A pattern looks at what is written, so that it also finds numbers and addresses. */
function asText(value: Expression): Expression {
  const isField = (one: Expression): one is Field => one.kind === 'field'
  if (!isField(value) || value.type === 'unknown' || isText(value.type)) return value
  return { kind: 'call', name: 'string', arguments: [value] }
}
