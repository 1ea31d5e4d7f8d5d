/** Generated KQL queries over the conformance data: whole ones, and ones with a mistake. The same ones each time. */

/** What stands in the data, by field: values that match something, and some that do not. */
const FIELDS: Record<string, string[]> = {
  process_name: ['svchost.exe', 'System Idle Process', 'smss.exe', 'SMSS.EXE', 'nothing.exe'],
  event_type: ['process', 'file', 'registry', 'network', 'dns', 'Process'],
  'event.category': ['process', 'file', 'registry'],
  user_name: ['SYSTEM', 'system', 'vagrant', 'NETWORK SERVICE'],
  user: ['NT AUTHORITY\\SYSTEM', 'ART-DESKTOP\\bob'],
  command_line: ['C:\\Windows\\system32\\svchost.exe', '\\SystemRoot\\System32\\smss.exe'],
  file_name: ['winlogon.exe', 'explorer', 'exe', 'csrss', 'AppV.txt'],
  hostname: ['www-blah-com', 'blah', 'hostname'],
  pid: ['4', '0', '424', '9007', '02'],
  ppid: ['0', '364', '488', '-1'],
  serial_event_id: ['1', '7', '55', '98', '5.5'],
  opcode: ['1', '2', '3', '0'],
  exit_code: ['0', '1'],
  source_address: ['10.6.48.157', '10.0.0.0/8', '192.168.0.0/16', '123.12.1.1'],
  '@timestamp': ['2018-10-01', '2020-01-01T00:00:00Z', '2017-10-05T07:42', 'now'],
  md5: ['733dc43f2cd34d5a95e4b2d9f5ed8d09', 'd9f5ed8d09'],
  missing_field: ['x', '1'],
  'hostname.keyword': ['www-blah-com', 'blah'],
}

const NAMES = Object.keys(FIELDS)
const ORDERED = ['pid', 'ppid', 'serial_event_id', 'opcode', '@timestamp', 'process_name']

/** Numbers below a bound, the same row of them for the same seed. */
function numbers(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

class Generator {
  readonly #number: (below: number) => number

  constructor(seed: number) {
    this.#number = numbers(seed)
  }

  /** Every third or so has a mistake. */
  query(): string {
    const whole = this.#expression(this.#number(4))
    return this.#number(10) < 3 ? this.#broken(whole) : whole
  }

  #pick<T>(list: readonly T[]): T {
    return list[this.#number(list.length)]!
  }

  #expression(depth: number): string {
    if (depth === 0) return this.#term()
    const [left, right] = [this.#expression(depth - 1), this.#expression(this.#number(depth))]
    return this.#pick([
      () => `${left} and ${right}`,
      () => `${left} OR ${right}`,
      () => `(${left}) and not ${right}`,
      () => `not (${left} or ${right})`,
      () => `NOT ${left}`,
      () => `(${left})`,
      () => left,
    ])()
  }

  #term(): string {
    const name = this.#pick(NAMES)
    return this.#pick([
      () => `${name}:${this.#value(name)}`,
      () => `${name} : ${this.#value(name)}`,
      () => `${name}: *`,
      () => `${name}:(${this.#value(name)} or ${this.#value(name)})`,
      () => `${name}:(${this.#value(name)} and not ${this.#value(name)})`,
      () => `${name}: ${this.#pattern(name)}`,
      () => this.#range(),
      () => this.#range(),
      () => `${this.#pick(['process_*', '*_name', 'p*id', 'no*such'])}: ${this.#value('process_name')}`,
    ])()
  }

  #range(): string {
    const name = this.#pick(ORDERED)
    return `${name}${this.#pick([' ', ''])}${this.#pick(['<', '<=', '>', '>='])}${this.#pick([' ', ''])}${this.#value(name)}`
  }

  #value(name: string): string {
    const value = this.#pick(FIELDS[name]!)
    return this.#number(2) === 0 ? `"${value.replace(/[\\"]/g, '\\$&')}"` : value.replace(/[\\():<>"*{}]/g, '\\$&')
  }

  #pattern(name: string): string {
    const value = this.#pick(FIELDS[name]!).replace(/[\\():<>"*{}]/g, '')
    const cut = this.#number(value.length + 1)
    return this.#pick([
      () => `${value.slice(0, cut)}*`,
      () => `*${value.slice(cut)}`,
      () => `${value.slice(0, 1)}*${value.slice(-1)}`,
      () => `*${value.slice(1, 3)}*`,
    ])()
  }

  #broken(whole: string): string {
    const at = this.#number(whole.length + 1)
    return this.#pick([
      () => `${whole} and`,
      () => `or ${whole}`,
      () => `(${whole}`,
      () => `${whole})`,
      () => `${whole} pid:`,
      () => `${whole} and pid > `,
      () => `${whole} and "open`,
      () => `${whole} and pid:{ppid:1}`,
      () => `${whole} : x : y`,
      () => `pid:(${whole})`,
      () =>
        `${whole.slice(0, at)}${this.#pick(['(', ')', ':', '<', '"', '{', '}', '\\', ' and ', ' not '])}${whole.slice(at)}`,
      () => `${whole.slice(0, at)}${whole.slice(at + 1)}`,
    ])()
  }
}

/** So many different queries. */
export function kqlQueries(count: number, seed = 7): string[] {
  const generator = new Generator(seed)
  const queries = new Set<string>()
  while (queries.size < count) queries.add(generator.query())
  return [...queries]
}
