/** The switches of schtasks, and how its command line is read. */

export type Verb = 'create' | 'delete' | 'query' | 'run' | 'end' | 'change' | 'showsid'

/** What follows a switch: nothing, a value, or a value that may be left out. */
type Arity = 'flag' | 'value' | 'optional'

const COMMON: Record<string, Arity> = { s: 'value', u: 'value', p: 'optional', hresult: 'flag' }
const TIMES: Record<string, Arity> = {
  st: 'value',
  ri: 'value',
  et: 'value',
  du: 'value',
  k: 'flag',
  sd: 'value',
  ed: 'value',
}

const SWITCHES: Record<Verb, Record<string, Arity>> = {
  create: {
    ...COMMON,
    ...TIMES,
    ru: 'value',
    rp: 'optional',
    sc: 'value',
    mo: 'value',
    d: 'value',
    m: 'value',
    i: 'value',
    tn: 'value',
    tr: 'value',
    ec: 'value',
    it: 'flag',
    np: 'flag',
    rl: 'value',
    delay: 'value',
    xml: 'value',
    v1: 'flag',
    z: 'flag',
    f: 'flag',
  },
  delete: { ...COMMON, tn: 'value', f: 'flag' },
  query: { ...COMMON, fo: 'value', xml: 'optional', nh: 'flag', v: 'flag', tn: 'value' },
  run: { ...COMMON, tn: 'value', i: 'flag' },
  end: { ...COMMON, tn: 'value' },
  change: {
    ...COMMON,
    ...TIMES,
    ru: 'value',
    rp: 'optional',
    tr: 'value',
    tn: 'value',
    it: 'flag',
    rl: 'value',
    enable: 'flag',
    disable: 'flag',
    delay: 'value',
    z: 'flag',
  },
  showsid: { ...COMMON, tn: 'value' },
}

/** schtasks stops: what it says on stderr, and with which exit code. */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly exitCode: number

  constructor(message: string, exitCode = 1) {
    super(message)
    this.exitCode = exitCode
  }
}

const usageHint = (verb: Verb | null): string =>
  `Type "SCHTASKS ${verb === null ? '' : `/${verb.toUpperCase()} `}/?" for usage.`

export class Switches {
  readonly verb: Verb
  readonly #values: Map<string, string>

  constructor(verb: Verb, values: Map<string, string>) {
    this.verb = verb
    this.#values = values
  }

  has(name: string): boolean {
    return this.#values.has(name)
  }

  /** The value of a switch; undefined when it was not given, empty when it was given without one. */
  get(name: string): string | undefined {
    return this.#values.get(name)
  }

  /** Throws `Refusal` when the switch was not given. */
  demand(name: string): string {
    const value = this.#values.get(name)
    if (value === undefined) throw this.refuse(`Mandatory option '${name}' is missing.`)
    return value
  }

  refuse(what: string): Refusal {
    return new Refusal(`ERROR: Invalid syntax. ${what}\n${usageHint(this.verb)}`)
  }
}

const isSwitch = (word: string): boolean => /^[/-][a-z0-9?]+$/i.test(word)

/** Reads the arguments. Null: the user asks for help. Throws `Refusal`. */
export function readSwitches(argv: string[]): Switches | { helpFor: Verb | null } {
  const verbs = Object.keys(SWITCHES) as Verb[]
  const verbAt = argv.findIndex((word) => verbs.some((verb) => isSwitch(word) && word.slice(1).toLowerCase() === verb))
  const asksHelp = argv.some((word) => word === '/?' || word === '-?')
  const verb = verbAt === -1 ? null : (argv[verbAt]!.slice(1).toLowerCase() as Verb)
  if (asksHelp) return { helpFor: verb }
  if (verb === null) {
    // Without a verb it is a query.
    if (argv.length === 0) return new Switches('query', new Map())
    throw new Refusal(`ERROR: Invalid argument/option - '${argv[0]}'.\n${usageHint(null)}`)
  }
  const values = new Map<string, string>()
  for (let index = 0; index < argv.length; index += 1) {
    if (index === verbAt) continue
    const word = argv[index]!
    const name = word.slice(1).toLowerCase()
    const arity = isSwitch(word) && Object.hasOwn(SWITCHES[verb], name) ? SWITCHES[verb][name] : undefined
    if (arity === undefined) throw new Refusal(`ERROR: Invalid argument/option - '${word}'.\n${usageHint(verb)}`)
    if (values.has(name)) {
      throw new Refusal(
        `ERROR: Invalid syntax. '${name}' option is not allowed more than '1' time(s).\n${usageHint(verb)}`,
      )
    }
    const following = argv[index + 1]
    const takes = arity !== 'flag' && following !== undefined && !(isSwitch(following) && knows(verb, following))
    if (arity === 'value' && !takes) {
      throw new Refusal(`ERROR: Invalid syntax. Value expected for '${word}'.\n${usageHint(verb)}`)
    }
    values.set(name, takes ? following : '')
    if (takes) index += 1
  }
  return new Switches(verb, values)
}

const knows = (verb: Verb, word: string): boolean => {
  const name = word.slice(1).toLowerCase()
  return Object.hasOwn(SWITCHES[verb], name) || Object.hasOwn(SWITCHES, name)
}
