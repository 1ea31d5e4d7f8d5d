/** A YAML text with the place of everything in it. */
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  Scalar,
  visit,
} from 'yaml'
import type { Problem, Span } from './problem.ts'

export type Path = readonly PropertyKey[]

/** Aliases may be expanded this many times: a file of a few lines must not become gigabytes. */
const MAX_ALIASES = 1_000

/** More lists or keys opened on one line than any file needs: the parser's memory grows with their square. */
const TOO_DEEP = /^[^\S\n]*(?:[-?][^\S\n]+){33}/m

/** Mistakes of syntax shown of one file: later ones mostly follow from the first. */
const MAX_SYNTAX_PROBLEMS = 10

/** The parser quotes what it met, which may be most of a file. */
const LONGEST_MESSAGE = 200

export class YamlFile {
  readonly path: string
  readonly text: string
  /** The file as plain JavaScript; undefined when its syntax is broken. */
  readonly value: unknown
  /** Mistakes of syntax. */
  readonly problems: Problem[]
  readonly #document: Document
  readonly #lines = new LineCounter()

  constructor(path: string, text: string) {
    this.path = path
    this.text = text
    const deep = TOO_DEEP.exec(text)
    this.#document = parseDocument(deep === null ? text : '', { lineCounter: this.#lines, prettyErrors: false })
    this.problems = this.#document.errors.slice(0, MAX_SYNTAX_PROBLEMS).map(({ message, pos: [from, to] }) => ({
      path,
      ...this.#span(from, to),
      message: `not valid YAML: ${message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE)}…` : message}`,
    }))
    if (deep !== null) {
      const line = text.slice(0, deep.index).split('\n').length
      this.problems.push({ path, line, column: 1, message: 'nested too deeply' })
    }
    this.value = this.problems.length === 0 ? this.#plain() : undefined
  }

  /** Where the value at a path stands; the nearest thing around it when it is not there. */
  valueAt(path: Path): Span {
    return this.#spanOf(this.#find(path).value)
  }

  /** Where the last key of a path stands. */
  keyAt(path: Path): Span {
    const { key, value } = this.#find(path)
    return this.#spanOf(key ?? value)
  }

  /**
   * Where a place inside a text value stands in the file. Exact in block scalars (`|`) and in texts on one line without
   * escapes; elsewhere the start of the text. `line` and `column` count from 1 inside the value.
   */
  insideText(path: Path, line: number, column: number): Span {
    const node = this.#find(path).value
    if (!isScalar(node) || node.range == null) return this.#spanOf(node)
    const start = this.#lines.linePos(node.range[0])
    if (node.type === Scalar.BLOCK_LITERAL) {
      const indent = this.#indentBelow(start.line)
      return { line: start.line + line, column: indent + column, length: 1 }
    }
    const whole = this.text.slice(node.range[0], node.range[1])
    const quote = node.type === Scalar.QUOTE_DOUBLE || node.type === Scalar.QUOTE_SINGLE ? 1 : 0
    const exact = whole.slice(quote, whole.length - quote) === node.value
    if (!exact || line !== 1) return this.#spanOf(node)
    return { line: start.line, column: start.col + quote + column - 1, length: 1 }
  }

  #plain(): unknown {
    // Written out as text, keys that are maps themselves grow without measure; no file of ours has any.
    visit(this.#document, {
      Pair: (_, { key }) => {
        if (isScalar(key) || isAlias(key)) return undefined
        this.problems.push({ path: this.path, ...this.#spanOf(key as Node), message: 'a key must be a text' })
        return visit.SKIP
      },
    })
    if (this.problems.length > 0) return undefined
    try {
      return this.#document.toJS({ maxAliasCount: MAX_ALIASES })
    } catch (error) {
      this.problems.push({
        path: this.path,
        line: 1,
        column: 1,
        message: `not usable YAML: ${(error as Error).message}`,
      })
      return undefined
    }
  }

  /** Indentation of the first line with text after a block scalar's header. */
  #indentBelow(header: number): number {
    for (let line = header; line < this.#lines.lineStarts.length; line++) {
      const text = this.text.slice(this.#lines.lineStarts[line], this.#lines.lineStarts[line + 1])
      if (text.trim() !== '') return text.length - text.trimStart().length
    }
    return 0
  }

  #find(path: Path): { key: Node | null; value: Node | null } {
    let key: Node | null = null
    let value: Node | null = this.#resolve(this.#document.contents as Node | null)
    for (const segment of path) {
      if (isMap<Node, Node | null>(value)) {
        const pair = value.items.find(({ key }) => isScalar(key) && String(key.value) === String(segment))
        if (pair === undefined) break
        key = pair.key
        // `key:` with nothing behind it: the key is the nearest thing to point at.
        value = this.#resolve(pair.value) ?? pair.key
      } else if (isSeq<Node>(value)) {
        const item = value.items[Number(segment)]
        if (item === undefined) break
        key = null
        value = this.#resolve(item)
      } else break
    }
    return { key, value }
  }

  #resolve(node: Node | null): Node | null {
    return isAlias(node) ? (node.resolve(this.#document) ?? node) : node
  }

  #spanOf(node: Node | null): Span {
    // A map or list is named by its first entry, not by all its lines.
    let first = node
    while (isMap<Node>(first) || isSeq<Node>(first)) {
      if (first.flow || first.items.length === 0) break
      first = isMap<Node>(first) ? first.items[0]!.key : first.items[0]!
    }
    if (first?.range == null) return { line: 1, column: 1, length: 1 }
    return this.#span(first.range[0], first.range[1])
  }

  #span(from: number, to: number): Span {
    const { line, col } = this.#lines.linePos(Math.min(from, this.text.length))
    const lineEnd = this.text.indexOf('\n', from)
    const end = lineEnd === -1 ? to : Math.min(to, lineEnd)
    return { line, column: col, length: Math.max(1, end - from) }
  }
}
