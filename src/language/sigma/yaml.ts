/** A rule's YAML with the place of everything in it. */
import type { Node, Scalar, YAMLMap } from 'yaml'
import { problemAt, QueryError, type QueryProblem, type Span, stopAtMany } from '../query-error.ts'
import { yamlDocuments } from './documents.ts'
import { yaml } from './yaml-package.ts'

export type { Node, YAMLMap } from 'yaml'

export const isMap = (node: unknown): node is YAMLMap => yaml().isMap(node)
export const isScalar = (node: unknown): node is Scalar => yaml().isScalar(node)

export interface Entry {
  key: string
  keySpan: Span
  value: Node | null
  /** From the key to the end of the value. */
  span: Span
}

/** Longer than any rule that SigmaHQ publishes. */
const LONGEST = 400_000
const PROBLEMS_SHOWN = 20
/** Messages repeat what is written. */
const LONGEST_MESSAGE = 500

/** The text of a query as YAML documents, with the problems found in them so far. */
export class RuleText {
  readonly query: string
  readonly problems: QueryProblem[] = []

  constructor(query: string) {
    this.query = query
  }

  /** The documents, each a map. Throws `QueryError` for what is no YAML. */
  documents(): YAMLMap[] {
    if (this.query.length > LONGEST) {
      this.fail({ start: 0, end: 0 }, `longer than ${LONGEST} characters, which no rule is`)
    }
    const { documents, mistakes } = yamlDocuments(this.query)
    for (const { offset, message } of mistakes.slice(0, PROBLEMS_SHOWN)) {
      this.problem({ start: offset, end: offset }, message)
    }
    this.check()
    return documents.flatMap(({ contents }) => {
      if (isMap(contents)) return [contents]
      if (contents !== null && !(isScalar(contents) && contents.value === null)) {
        this.problem(this.spanOf(contents), 'a Sigma rule is a map that begins with its title')
      }
      return []
    })
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
    return yaml().isSeq(found) ? found.items.map((item) => this.resolved(item as Node)!) : [found]
  }

  /** The text of a scalar as it is written, numbers included; null for all else. */
  textOf(node: Node | null | undefined): string | null {
    const found = this.resolved(node)
    if (!isScalar(found) || found.value === null) return null
    return typeof found.value === 'string' ? found.value : (found.source ?? String(found.value))
  }

  resolved(node: Node | null | undefined): Node | null {
    if (yaml().isAlias(node)) this.fail(this.spanOf(node), 'an alias: write out what it stands for')
    return node ?? null
  }

  spanOf(node: Node): Span {
    const [start, end] = node.range ?? [0, 0]
    return { start, end }
  }

  problem(at: Span, message: string, mend?: string): void {
    const shown = message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE)}…` : message
    this.problems.push(problemAt(this.query, at.start, shown, mend))
    stopAtMany(this.problems)
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
