/** The implementations that MITRE CAR publishes, as far as they are in the folder of shared data. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

interface Published {
  id: string
  code: string
}

/** Those of a type, in any spelling. */
export function publishedCar(shared: string, type: string): Published[] {
  const folder = join(shared, 'content/car')
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'))
  return files.flatMap((name) => {
    const { id, implementations } = parse(readFileSync(join(folder, name), 'utf8')) as {
      id: string
      implementations: { type: string; code?: string }[]
    }
    return implementations.flatMap((one) =>
      one.type.toLowerCase() === type && one.code !== undefined ? [{ id, code: one.code }] : [],
    )
  })
}
