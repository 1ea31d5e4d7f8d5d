/** The fields of a query against those that are mapped. */
import type { FieldSchema } from '../schema.ts'
import type { EqlExpression } from './ast.ts'
import type { Findings } from './findings.ts'
import { proposal, similarNames } from './similar.ts'
import { isSupported } from './types.ts'

/** Without a schema every field is taken for known. */
export class FieldChecks {
  readonly #findings: Findings
  readonly #schema: FieldSchema | undefined

  constructor(findings: Findings, schema: FieldSchema | undefined) {
    this.#findings = findings
    this.#schema = schema
  }

  field({ name, optional, start }: EqlExpression & { kind: 'field' }): void {
    if (this.#schema === undefined) return
    const info = this.#schema.get(name)
    const parent = this.#nestedParent(name)
    if (info === undefined) {
      if (!optional) this.#findings.problem(start, this.#unknownColumn(name))
    } else if (parent !== undefined) {
      const type = info.type === 'date' ? 'datetime' : info.type
      const where = `with unsupported nested type in hierarchy (field [${parent}])`
      this.#findings.problem(start, `Cannot use field [${name}] type [${type}] ${where}`)
    } else if (info.ambiguity !== undefined) {
      this.#findings.problem(start, this.#ambiguity(name)!)
    } else if (info.type === 'object') {
      this.#findings.problem(start, `Cannot use field [${name}] type [object] only its subfields`)
    } else if (info.type === 'nested') {
      this.#findings.problem(
        start,
        `Cannot use field [${name}] type [nested] due to nested fields not being supported yet`,
      )
    } else if (!isSupported(info.type)) {
      this.#findings.problem(start, `Cannot use field [${name}] with unsupported type [${info.type}]`)
    }
  }

  /** Why a field that the query does not write itself cannot be used; null when it can. */
  hidden(name: string): string | null {
    if (this.#schema === undefined) return null
    return this.#schema.has(name) ? this.#ambiguity(name) : this.#unknownColumn(name)
  }

  /** The nested field that a field lies in. */
  #nestedParent(name: string): string | undefined {
    const parts = name.split('.')
    const parents = parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('.'))
    return parents.find((parent) => this.#schema?.get(parent)?.type === 'nested')
  }

  #ambiguity(name: string): string | null {
    const ambiguity = this.#schema?.get(name)?.ambiguity
    return ambiguity === undefined ? null : `Cannot use field [${name}] due to ambiguities being ${ambiguity}`
  }

  #unknownColumn(name: string): string {
    const known = [...(this.#schema ?? [])].filter(([, { type }]) => isSupported(type)).map(([field]) => field)
    return `Unknown column [${name}]${proposal(similarNames(name, known))}`
  }
}
