/** Sysmon's DNS answers to ECS. */
import { address } from './address.ts'
import type { Conversion } from './table.ts'

/** The record types that Windows clients meet; others keep their number. */
const TYPES: Record<string, string> = {
  1: 'A',
  2: 'NS',
  5: 'CNAME',
  6: 'SOA',
  12: 'PTR',
  15: 'MX',
  16: 'TXT',
  28: 'AAAA',
  33: 'SRV',
  65: 'HTTPS',
  255: 'ANY',
}

/** `type:  5 name;::ffff:10.0.0.1;` to answers and resolved addresses. */
export const dnsResults: Conversion = (text) => {
  const answers: { type: string; data?: string }[] = []
  const resolved: string[] = []
  for (const part of text.split(';')) {
    const typed = /^type:\s+(\d+)(?:\s+(\S+))?/.exec(part)
    if (typed) {
      answers.push({ type: TYPES[typed[1]!] ?? typed[1]!, ...(typed[2] ? { data: typed[2] } : {}) })
      continue
    }
    const ip = address(part.trim()) as string | undefined
    if (ip === undefined) continue
    resolved.push(ip)
    answers.push({ type: ip.includes(':') ? 'AAAA' : 'A', data: ip })
  }
  if (answers.length === 0) return undefined
  return { answers, ...(resolved.length > 0 ? { resolved_ip: resolved } : {}) }
}
