/** Finds the names that a document holds: by the fields that hold names, and by the places in texts where names stand. */
import type { Names } from './names.ts'

/** Fields by their path, lower case. */
const FIELDS: { path: RegExp; learn: Learn }[] = [
  {
    path: /^(host|agent|observer)\.(name|hostname)$|^(host|agent)\.id$|^agent\.ephemeral_id$/,
    learn: (names, value) => names.learnHost(value),
  },
  {
    path: /(computer_?name|hostname|workstation(name)?|fqdn|\.computer|targetservername|clientname)$/,
    learn: (names, value) => names.learnHost(value),
  },
  { path: /^related\.hosts$|^dns\.question\.name$/, learn: learnOwnHost },
  {
    path: /(^|\.)user(\.\w+)?\.domain$|domainname$|(^|\.)host\.domain$/,
    learn: (names, value) => names.learnDomain(value),
  },
  {
    path: /((user|account)_?name|(^|\.)(parent|source|target)?user|\busers?\.name|\.user\.\w+\.name)$/,
    learn: learnAccount,
  },
  { path: /^related\.user$|usercontext$/, learn: learnAccount },
]

/** Where names stand in texts: profile folders, tasks' XML, shares, and what tools are told. */
const PLACES: { pattern: RegExp; learn: Learn }[] = [
  { pattern: /\\Users\\([^\\/:*?"<>|\r\n]{2,64})\\/gi, learn: (names, value) => names.learnUser(value) },
  { pattern: /<(?:UserId|Author)>([^<]{2,128})<\//gi, learn: learnAccount },
  { pattern: /(?<![\w:\\])\\\\([a-z][\w-]*(?:\.[\w-]+)*)\\/gi, learn: (names, value) => names.learnHost(value) },
  { pattern: /\s\/s\s+"?([a-z][\w-]*(?:\.[\w-]+)*)/gi, learn: (names, value) => names.learnHost(value) },
  { pattern: /-ComputerName\s+["']?([a-z][\w-]*(?:\.[\w-]+)*)/gi, learn: (names, value) => names.learnHost(value) },
]

/** Names of sites on the internet are nobody's; those of one label, or of a domain that is known, are. */
function learnOwnHost(names: Names, value: string): void {
  const domain = value.toLowerCase().split('.').slice(1).join('.')
  if (domain === '' || names.domains.has(domain)) names.learnHost(value)
}

/** `name`, `DOMAIN\name`, `name@domain`, or a machine's account, which ends in a dollar sign. */
function learnAccount(names: Names, value: string): void {
  const [, domain, user] = /^([^\\@]+)\\(.+)$/.exec(value) ?? []
  if (domain !== undefined && user !== undefined) {
    names.learnDomain(domain)
    learnAccount(names, user)
    return
  }
  const [, local, at] = /^([^\\@]+)@([^\\@]+)$/.exec(value) ?? []
  if (local !== undefined && at !== undefined) {
    names.learnDomain(at)
    names.learnUser(local)
    return
  }
  if (value.endsWith('$')) names.learnHost(value)
  else names.learnUser(value)
}

type Learn = (names: Names, value: string) => void

const fieldsKnown = new Map<string, Learn[]>()

function learnersOf(path: string): Learn[] {
  let found = fieldsKnown.get(path)
  if (found === undefined) {
    const lower = path.toLowerCase()
    found = FIELDS.filter((field) => field.path.test(lower)).map(({ learn }) => learn)
    fieldsKnown.set(path, found)
  }
  return found
}

/** No place for a name is shorter. */
const SHORTEST_TEXT = 5

/** Learns what names a document holds, an event or anything else; the inventory's hosts are learned by their own keys. */
export function discover(document: unknown, names: Names): void {
  const walk = (value: unknown, path: string): void => {
    if (Array.isArray(value)) for (const item of value) walk(item, path)
    else if (value !== null && typeof value === 'object') {
      for (const [key, item] of Object.entries(value)) walk(item, path === '' ? key : `${path}.${key}`)
    } else if (typeof value === 'string' && value !== '') {
      for (const learn of learnersOf(path)) learn(names, value)
      if (value.length < SHORTEST_TEXT) return
      for (const { pattern, learn } of PLACES) for (const [, found] of value.matchAll(pattern)) learn(names, found!)
    }
  }
  walk(document, '')
}
