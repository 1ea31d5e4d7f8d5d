/** Variables and functions, by scope. Names do not care for case. */
import type { Body } from './syntax/ast.ts'
import type { Value } from './values.ts'

export interface ScriptFunction {
  name: string
  body: Body
}

export class Scope {
  readonly parent: Scope | null
  readonly #variables = new Map<string, Value>()
  readonly #functions = new Map<string, ScriptFunction>()

  constructor(parent: Scope | null = null) {
    this.parent = parent
  }

  get global(): Scope {
    return this.parent?.global ?? this
  }

  /** Undefined when no scope has it. */
  get(name: string): Value | undefined {
    const key = name.toLowerCase()
    return this.#variables.has(key) ? this.#variables.get(key)! : this.parent?.get(name)
  }

  set(name: string, value: Value): void {
    this.#variables.set(name.toLowerCase(), value)
  }

  delete(name: string): void {
    this.#variables.delete(name.toLowerCase())
  }

  names(): string[] {
    return [...this.#variables.keys()]
  }

  function(name: string): ScriptFunction | undefined {
    return this.#functions.get(name.toLowerCase()) ?? this.parent?.function(name)
  }

  define(definition: ScriptFunction): void {
    this.#functions.set(definition.name.toLowerCase(), definition)
  }
}
