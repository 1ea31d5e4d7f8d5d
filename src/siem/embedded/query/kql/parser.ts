/**
 * KQL tokens → syntax tree, by the grammar of Elasticsearch's `kql` query. Unlike Kibana's, `and` and `or` bind alike: from the
 * right between clauses, from the left between values; and a keyword is a word like any other where no operator can stand.
 */
import { problemAt, QueryError } from '../../../../language/query-error.ts'
import { type KqlToken, kqlTokens } from './tokens.ts'

export interface KqlValue {
  text: string
  quoted: boolean
  wild: boolean
}

export type RangeOperator = '<' | '<=' | '>' | '>='

export type KqlNode =
  | { kind: 'all' }
  | { kind: 'and' | 'or'; operands: KqlNode[] }
  | { kind: 'not'; operand: KqlNode }
  | { kind: 'exists'; field: KqlValue }
  | { kind: 'range'; field: KqlValue; operator: RangeOperator; value: KqlValue }
  | { kind: 'match'; field: KqlValue | null; value: KqlValue }

const DEEPEST = 200
const RANGE_OPERATORS = ['<', '<=', '>', '>=']

/** Throws `QueryError`. */
export function parseKql(query: string): KqlNode {
  return new Parser(query).whole()
}

class Parser {
  readonly #query: string
  readonly #tokens: KqlToken[]
  #at = 0
  #depth = 0

  constructor(query: string) {
    this.#query = query
    this.#tokens = kqlTokens(query)
  }

  whole(): KqlNode {
    if (this.#tokens.length === 1) return { kind: 'all' }
    const node = this.#logic(() => this.#simple())
    if (this.#next.kind !== 'end') this.#unexpected()
    return node
  }

  /** operand (('and' | 'or') operand)* */
  #logic(operand: () => KqlNode, nested: (links: Link[]) => KqlNode = fromTheRight): KqlNode {
    return this.#deeper(() => {
      const links: Link[] = []
      let joined: Operator | null = null
      for (;;) {
        links.push({ joined, node: operand() })
        const { kind } = this.#next
        if (kind !== 'and' && kind !== 'or') return nested(links)
        joined = kind
        this.#at += 1
      }
    })
  }

  /** 'not' simple | '(' logic ')' | name ':' … | name range value | value */
  #simple(): KqlNode {
    if (this.#next.kind === 'not' && !this.#ends(1)) {
      this.#at += 1
      return { kind: 'not', operand: this.#deeper(() => this.#simple()) }
    }
    if (this.#is('(')) return this.#group(() => this.#logic(() => this.#simple()))
    const after = this.#tokens[this.#at + 1]!
    const isName = this.#next.kind === 'word' || this.#next.kind === 'quoted' || this.#next.kind === 'any'
    if (isName && after.kind === 'symbol' && (after.text === ':' || RANGE_OPERATORS.includes(after.text))) {
      const field = literalOf(this.#take())
      this.#at += 1
      return after.text === ':' ? this.#ofField(field) : this.#range(field, after.text as RangeOperator)
    }
    if (this.#next.kind === 'any' && this.#operatorOrEnd(1)) {
      this.#at += 1
      return { kind: 'all' }
    }
    return this.#value(null)
  }

  #ofField(field: KqlValue): KqlNode {
    if (this.#is('{')) this.#fail(`[${field.text}] is not a valid nested field name.`)
    if (this.#next.kind === 'any' && this.#operatorOrEnd(1)) {
      this.#at += 1
      return field.text === '*' && !field.quoted ? { kind: 'all' } : { kind: 'exists', field }
    }
    return this.#value(field)
  }

  #range(field: KqlValue, operator: RangeOperator): KqlNode {
    const words: string[] = []
    if (this.#next.kind === 'quoted') return { kind: 'range', field, operator, value: literalOf(this.#take()) }
    while (this.#next.kind === 'word' || this.#next.kind === 'any') words.push(this.#take().text)
    if (words.length === 0) this.#unexpected()
    return { kind: 'range', field, operator, value: { text: words.join(' '), quoted: false, wild: false } }
  }

  /** value: quoted | words | 'not' value | '(' value (('and' | 'or') …)? ')' */
  #value(field: KqlValue | null): KqlNode {
    if (this.#next.kind === 'quoted') return { kind: 'match', field, value: literalOf(this.#take()) }
    if (this.#is('(')) return this.#group(() => this.#logic(() => this.#value(field), fromTheLeft))
    if (this.#next.kind === 'not' && !this.#ends(1)) {
      this.#at += 1
      return { kind: 'not', operand: this.#deeper(() => this.#value(field)) }
    }
    return { kind: 'match', field, value: this.#words() }
  }

  /** One keyword may begin and one end the words, and `not` may stand among them. */
  #words(): KqlValue {
    const taken: KqlToken[] = []
    if (this.#isKeyword(0)) taken.push(this.#take())
    for (;;) {
      const { kind } = this.#next
      const goesOn = kind === 'not' && taken.length > 0 && (this.#ends(1) || this.#isWord(1))
      if (kind === 'word' || kind === 'any' || goesOn) taken.push(this.#take())
      else break
    }
    // Of two keywords in a row the second one is the operator.
    const isWord = this.#ends(1) || (this.#isOperator(1) && !this.#ends(2))
    if (this.#isKeyword(0) && isWord) taken.push(this.#take())
    if (taken.length === 0) this.#unexpected()
    return { text: taken.map(({ text }) => text).join(' '), quoted: false, wild: taken.some(({ wild }) => wild) }
  }

  #group(inner: () => KqlNode): KqlNode {
    this.#at += 1
    const node = this.#deeper(inner)
    if (!this.#is(')')) this.#unexpected()
    this.#at += 1
    return node
  }

  get #next(): KqlToken {
    return this.#tokens[this.#at]!
  }

  #peek(ahead: number): KqlToken {
    return this.#tokens[Math.min(this.#at + ahead, this.#tokens.length - 1)]!
  }

  #take(): KqlToken {
    const token = this.#next
    this.#at += 1
    return token
  }

  #is(symbol: string): boolean {
    return this.#next.kind === 'symbol' && this.#next.text === symbol
  }

  #isOperator(ahead: number): boolean {
    return ['and', 'or'].includes(this.#peek(ahead).kind)
  }

  #isKeyword(ahead: number): boolean {
    return ['and', 'or', 'not'].includes(this.#peek(ahead).kind)
  }

  #isWord(ahead: number): boolean {
    return ['word', 'any', 'not'].includes(this.#peek(ahead).kind)
  }

  #ends(ahead: number): boolean {
    const { kind, text } = this.#peek(ahead)
    return kind === 'end' || (kind === 'symbol' && text === ')')
  }

  #operatorOrEnd(ahead: number): boolean {
    return this.#ends(ahead) || (this.#isOperator(ahead) && !this.#ends(ahead + 1))
  }

  #deeper<T>(parse: () => T): T {
    if (++this.#depth > DEEPEST) this.#fail(`more than ${DEEPEST} groups inside each other`)
    const result = parse()
    this.#depth -= 1
    return result
  }

  #unexpected(): never {
    const { kind, text } = this.#next
    return this.#fail(kind === 'end' ? "mismatched input '<EOF>'" : `mismatched input '${text}'`)
  }

  #fail(message: string): never {
    throw new QueryError([problemAt(this.#query, this.#next.start, message)])
  }
}

const literalOf = ({ kind, text, wild }: KqlToken): KqlValue => ({ text, quoted: kind === 'quoted', wild })

type Operator = 'and' | 'or'

/** An operand with the operator before it; the first one has none. */
interface Link {
  joined: Operator | null
  node: KqlNode
}

/** `a and b or c` is `a and (b or c)`; operands of one operator in a row are one list. */
function fromTheRight(links: Link[]): KqlNode {
  let { node, joined } = links.at(-1)!
  let list: KqlNode[] | null = null
  for (const link of links.slice(0, -1).reverse()) {
    if (list !== null && node.kind === joined) list.unshift(link.node)
    else {
      list = [link.node, node]
      node = { kind: joined!, operands: list }
    }
    joined = link.joined
  }
  return node
}

/** `a or b and c` is `(a or b) and c`. */
function fromTheLeft([first, ...rest]: Link[]): KqlNode {
  let node = first!.node
  let list: KqlNode[] | null = null
  for (const link of rest) {
    if (list !== null && node.kind === link.joined) list.push(link.node)
    else {
      list = [node, link.node]
      node = { kind: link.joined!, operands: list }
    }
  }
  return node
}
