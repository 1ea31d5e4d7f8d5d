/** Makes the SIEM of an emulated lab ready: field mappings for its telemetry, and the analytics' rules. */
import type { Analytic } from '../../model/analytic.ts'
import { createClient, type ElasticConnection, siemError } from './connection.ts'
import { Kibana } from './kibana.ts'

export interface Preparation {
  /** Body of the index template that maps the lab's telemetry. */
  template: object
  analytics: Analytic[]
  /** Interval of every rule, in place of its own. */
  interval?: string | undefined
}

/** Throws `SiemError` when the SIEM refuses any of it. */
export async function prepareSiem(connection: ElasticConnection, preparation: Preparation): Promise<void> {
  const { template, analytics, interval } = preparation
  const client = createClient(connection)
  try {
    await client.indices.putIndexTemplate({ name: 'tocsin-lab', ...template })
  } catch (error) {
    throw siemError(error)
  } finally {
    await client.close()
  }
  await deployRules(connection, analytics, interval)
}

/** Creates or replaces the rules of analytics, `interval` in place of their own. Throws `SiemError`. */
export async function deployRules(
  connection: ElasticConnection,
  analytics: readonly Analytic[],
  interval?: string,
): Promise<void> {
  const kibana = new Kibana(connection)
  for (const analytic of analytics) {
    for (const implementation of analytic.implementations) {
      const { rule } = implementation
      if (rule !== undefined) await kibana.deploy(analytic, { ...implementation, rule }, interval)
    }
  }
}
