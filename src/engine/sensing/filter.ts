/** The capture filter of one test, as tight as its hosts allow; the words are those of pcap-filter(7). */
import type { Sensor } from '../../model/lab.ts'

/** Where one of the run's own connections ends. */
export interface OwnConnection {
  ip: string
  port: number
}

/**
 * TCP from or to the test's hosts, without the connections that the run itself makes to them. Begins with a bracket, so that
 * no value can be taken for an option.
 */
export function filterFor(
  addresses: readonly string[],
  own: readonly OwnConnection[],
  { filter }: Pick<Sensor, 'filter'>,
): string {
  const hosts = addresses.map((ip) => `host ${ip}`).join(' or ')
  const without = own.map(({ ip, port }) => ` and not (host ${ip} and tcp port ${port})`).join('')
  return `(${hosts}) and tcp${without}${filter === undefined ? '' : ` and (${filter})`}`
}
