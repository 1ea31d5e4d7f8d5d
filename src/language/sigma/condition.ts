/** Sigma's `condition` → syntax tree. Source: SigmaHQ/sigma-specification, Sigma Rules Specification 2.0, Condition. */
import { DEEPEST } from '../dialect/condition.ts'
import type { Span } from '../query-error.ts'

export type SigmaCondition = Span &
  (
    | { kind: 'and' | 'or'; operands: SigmaCondition[] }
    | { kind: 'not'; operand: SigmaCondition }
    | { kind: 'name'; name: string }
    /** `pattern` null: `them`, all names but those that begin with an underscore. */
    | { kind: 'of'; all: boolean; pattern: string | null }
  )

/** Takes the offset in the condition. */
type Fail = (offset: number, message: string) => never

/** `fail` throws. Spans are offsets in the condition's text. */
export function parseCondition(text: string, fail: Fail): SigmaCondition {
  return new Parser(text, fail).whole()
}

interface Token extends Span {
  text: string
}

class Parser {
  readonly #tokens: Token[]
  readonly #end: number
  readonly #fail: Fail
  #at = 0
  #depth = 0

  constructor(text: string, fail: Fail) {
    this.#tokens = [...text.matchAll(/[()|]|[^\s()|]+/g)].map(({ 0: word, index }) => ({
      text: word,
      start: index,
      end: index + word.length,
    }))
    this.#end = text.length
    this.#fail = fail
  }

  whole(): SigmaCondition {
    const condition = this.#or()
    const rest = this.#tokens[this.#at]
    if (rest?.text === '|') {
      this.#fail(rest.start, 'what follows a pipe counts events, which Sigma 2 leaves to correlation rules')
    }
    if (rest !== undefined) this.#fail(rest.start, `'${rest.text}' stands where 'and' or 'or' belongs`)
    return condition
  }

  #or(): SigmaCondition {
    if (++this.#depth > DEEPEST) this.#fail(this.#offset, `more than ${DEEPEST} groups inside each other`)
    const found = this.#series('or', () => this.#series('and', () => this.#not()))
    this.#depth -= 1
    return found
  }

  #series(kind: 'and' | 'or', operand: () => SigmaCondition): SigmaCondition {
    const operands = [operand()]
    while (this.#take(kind) !== null) operands.push(operand())
    const [first] = operands
    return operands.length === 1 ? first! : { kind, operands, start: first!.start, end: operands.at(-1)!.end }
  }

  #not(): SigmaCondition {
    const words: Token[] = []
    for (let word = this.#take('not'); word !== null; word = this.#take('not')) words.push(word)
    if (words.length > DEEPEST) this.#fail(words[0]!.start, `more than ${DEEPEST} negations of each other`)
    return words.reduceRight<SigmaCondition>(
      (operand, { start }) => ({ kind: 'not', operand, start, end: operand.end }),
      this.#primary(),
    )
  }

  #primary(): SigmaCondition {
    if (this.#take('(') !== null) {
      const inner = this.#or()
      if (this.#take(')') === null) this.#unexpected("')'")
      return inner
    }
    const word = this.#word('the name of a search')
    if (this.#take('of') === null) return { kind: 'name', name: word.text, start: word.start, end: word.end }
    const quantity = word.text.toLowerCase()
    if (!['1', 'any', 'all'].includes(quantity)) {
      this.#fail(word.start, `'${word.text} of': Sigma has '1 of' and 'all of' only`)
    }
    const names = this.#word("'them' or a pattern of names")
    const pattern = names.text.toLowerCase() === 'them' ? null : names.text
    return { kind: 'of', all: quantity === 'all', pattern, start: word.start, end: names.end }
  }

  #word(wanted: string): Token {
    const token = this.#tokens[this.#at]
    if (token === undefined || /^(?:[()|]|and|or|not|of)$/i.test(token.text)) return this.#unexpected(wanted)
    this.#at += 1
    return token
  }

  #take(text: string): Token | null {
    const token = this.#tokens[this.#at]
    if (token?.text.toLowerCase() !== text) return null
    this.#at += 1
    return token
  }

  get #offset(): number {
    return this.#tokens[this.#at]?.start ?? this.#end
  }

  #unexpected(wanted: string): never {
    const found = this.#tokens[this.#at]
    return this.#fail(
      this.#offset,
      `${found === undefined ? 'the condition ends' : `'${found.text}' stands`} where ${wanted} belongs`,
    )
  }
}
