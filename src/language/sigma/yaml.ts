/** A rule's YAML with the place of everything in it. */
import { type Document, isAlias, isMap, isScalar, isSeq, type Node, parseAllDocuments, type YAMLMap } from 'yaml'
import { problemAt, QueryError, type QueryProblem, type Span } from '../query-error.ts'

export type { Node, YAMLMap } from 'yaml'
export { isMap, isScalar } from 'yaml'

export interface Entry {
  key: string
  keySpan: Span
  value: Node | null
  /** From the key to the end of the value. */
  span: Span
}

/** Longer than any rule that SigmaHQ publishes; YAML takes more than linear time. */
const LONGEST = 400_000
const PROBLEMS_SHOWN = 20

/** The text of a query as YAML documents, with the problems found in them so far. */
export class RuleText {
  readonly query: string
  readonly problems: QueryProblem[] = []

  constructor(query: string) {
    this.query = query
  }

  /** The documents, each a map. Throws `QueryError` for what is no YAML. */
  documents(): YAMLMap[] {
    const found = this.#parsed()
    for (const { errors } of found) {
      for (const { pos, message } of errors.slice(0, PROBLEMS_SHOWN))
        this.problem({ start: pos[0], end: pos[1] }, message.replace(/ at line [\s\S]*/, ''))
    }
    this.check()
    return found.flatMap(({ contents }) => {
      if (isMap(contents)) return [contents]
      if (contents !== null && !(isScalar(contents) && contents.value === null)) {
        this.problem(this.spanOf(contents), 'a Sigma rule is a map that begins with its title')
      }
      return []
    })
  }

  #parsed(): Document[] {
    if (this.query.length > LONGEST) {
      this.fail({ start: 0, end: 0 }, `longer than ${LONGEST} characters, which no rule is`)
    }
    try {
      const documents = parseAllDocuments(this.query, { logLevel: 'silent' })
      return 'empty' in documents ? [] : documents
    } catch (error) {
      // The parser calls itself for each list inside another, and the stack ends.
      if (error instanceof RangeError) this.fail({ start: 0, end: 0 }, 'more lists inside each other than any rule has')
      throw error
    }
  }

  /** The entries of a map; none for anything else. */
  entries(node: Node | null | undefined): Entry[] {
    const map = this.resolved(node)
    if (!isMap(map)) return []
    return map.items.map((pair) => {
      const key = pair.key as Node
      const value = this.resolved(pair.value as Node | null)
      const keySpan = this.spanOf(key)
      const end = value === null ? keySpan.end : Math.max(keySpan.end, this.spanOf(value).end)
      return { key: isScalar(key) ? String(key.value) : '', keySpan, value, span: { start: keySpan.start, end } }
    })
  }

  entry(node: Node | null | undefined, key: string): Entry | undefined {
    return this.entries(node).find((one) => one.key === key)
  }

  /** The items of a list; a single value is a list of one. */
  items(node: Node | null | undefined): Node[] {
    const found = this.resolved(node)
    if (found === null) return []
    return isSeq(found) ? found.items.map((item) => this.resolved(item as Node)!) : [found]
  }

  /** The text of a scalar as it is written, numbers included; null for all else. */
  textOf(node: Node | null | undefined): string | null {
    const found = this.resolved(node)
    if (!isScalar(found) || found.value === null) return null
    return typeof found.value === 'string' ? found.value : (found.source ?? String(found.value))
  }

  resolved(node: Node | null | undefined): Node | null {
    if (isAlias(node)) this.fail(this.spanOf(node), 'an alias: write out what it stands for')
    return node ?? null
  }

  spanOf(node: Node): Span {
    const [start, end] = node.range ?? [0, 0]
    return { start, end }
  }

  problem(at: Span, message: string, mend?: string): void {
    this.problems.push(problemAt(this.query, at.start, message, mend))
  }

  fail(at: Span, message: string, mend?: string): never {
    this.problem(at, message, mend)
    throw new QueryError(this.problems)
  }

  /** Throws `QueryError` when there are problems. */
  check(): void {
    if (this.problems.length > 0) throw new QueryError(this.problems)
  }
}
