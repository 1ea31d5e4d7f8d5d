/** The facts of the run itself: which lab, which SIEM, when, by whose leave. */
import type { RunRecord } from '../../model/run-record.ts'
import { duration, instant } from '../time.ts'
import { type Html, html } from './html.ts'

export function runFacts(record: RunRecord): Html {
  const { lab, siem, authorization } = record
  const hosts = [...new Set(record.tests.flatMap(({ hosts }) => Object.values(hosts)))].sort()
  const facts: [string, string | Html][] = [
    ['Run', html`<code>${record.id}</code>`],
    ['Started', instant(record.startedAt)],
    ['Ended', record.endedAt === null ? 'not: the run was cut short' : instant(record.endedAt)],
    ['Took', `${duration(record.durationMs)} of real time`],
    ['Lab', `${lab.name}, ${lab.kind}${lab.timeScale === 1 ? '' : `, ${scaleText(lab.timeScale)}`}`],
    ['Hosts', hosts.join(', ')],
    ['SIEM', `${siem.kind} ${siem.version}`],
    ['Tocsin', record.tool.version],
  ]
  if (record.clocks.length > 0) facts.push(['Clocks ahead', record.clocks.map(clockText).join(', ')])
  if (authorization) {
    const { approvedBy, reason, notBefore, notAfter, hosts: allowed } = authorization
    facts.push(['Authorized by', `${approvedBy}: ${reason}`])
    facts.push(['Authorized for', `${allowed.join(', ')}, ${instant(notBefore)} to ${instant(notAfter)}`])
  }
  return html`<dl>${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>\n`)}</dl>`
}

/** `tap1 12.5 ms (± 0.4 ms)`: half the way there and back is the most that it may be wrong. */
const clockText = ({ host, offsetMs, roundTripMs }: RunRecord['clocks'][number]): string =>
  `${host} ${offsetMs} ms (± ${Math.round(roundTripMs * 5) / 10} ms)`

/** `lab time runs 120 times as fast as real time`. */
const scaleText = (scale: number): string =>
  `lab time ran ${scale >= 10 ? Math.round(scale).toLocaleString('en-GB') : Number(scale.toFixed(2))} times as fast as real time`
