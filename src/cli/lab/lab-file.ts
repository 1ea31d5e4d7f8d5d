/** A lab file with what it leaves open filled in: defaults, secrets from the environment, paths from its own folder. */
import { dirname, join, resolve } from 'node:path'
import { type LoadedFile, loadAuthorization, loadLab } from '../../files/load-single-file.ts'
import { renderProblems } from '../../files/render-problems.ts'
import type { Authorization } from '../../model/authorization.ts'
import type { Host, Lab } from '../../model/lab.ts'
import { type Io, UsageError } from '../io.ts'

export interface ReadLab {
  lab: Lab
  /** Path of the file; null for the package's own embedded lab. */
  path: string | null
  /** Every secret in it, revealed: what must not be written anywhere. */
  secrets: string[]
  authorization: Authorization | null
}

/** Reads a lab file, the package's embedded lab when none is named. Throws `UsageError` with every mistake in it. */
export function readLabFile(asked: { lab?: string | undefined; authorization?: string | undefined }, io: Io): ReadLab {
  const path = asked.lab === undefined ? join(io.home, 'lab', 'embedded.yml') : asked.lab
  const read = contentOf(loadLab(resolve(io.cwd, path)), io)
  const folder = dirname(resolve(io.cwd, path))
  const missing: string[] = []
  const secrets: string[] = []
  const secret = (text: string | undefined, where: string): string | undefined => {
    if (text === undefined) return undefined
    const revealed = fromEnvironment(text, where, io.env, missing)
    if (revealed !== '') secrets.push(revealed)
    return revealed
  }
  const hosts = Object.fromEntries(
    Object.entries(read.hosts).map(([name, host]): [string, Host] => [
      name,
      withoutUndefined({
        ...host,
        password: secret(host.password, `hosts.${name}.password`),
        key: host.key === undefined ? undefined : resolve(folder, host.key),
        // Nothing is written into a SIEM that is not the run's own, unless the file says so.
        sensor: host.sensor && { ...host.sensor, ship: host.sensor.ship ?? read.siem.url === undefined },
      }),
    ]),
  )
  const siem = withoutUndefined({
    ...read.siem,
    apiKey: secret(read.siem.apiKey, 'siem.apiKey'),
    password: secret(read.siem.password, 'siem.password'),
  })
  if (missing.length > 0) throw new UsageError(missing.map((line) => `${path}: ${line}`).join('\n'))
  return {
    lab: { ...read, name: read.name ?? 'lab', hosts, siem },
    path: asked.lab === undefined ? null : resolve(io.cwd, path),
    secrets,
    authorization: readAuthorization(asked.authorization, read.authorization, folder, io),
  }
}

function readAuthorization(
  asked: string | undefined,
  named: string | undefined,
  folder: string,
  io: Io,
): Authorization | null {
  const path = asked !== undefined ? resolve(io.cwd, asked) : named !== undefined ? resolve(folder, named) : null
  return path === null ? null : contentOf(loadAuthorization(path), io)
}

function contentOf<T>({ value, problems, sources }: LoadedFile<T>, io: Io): T {
  if (value === null || problems.length > 0)
    throw new UsageError(renderProblems(problems, sources, { colour: io.colour }))
  return value
}

function fromEnvironment(text: string, where: string, env: NodeJS.ProcessEnv, missing: string[]): string {
  if (!text.startsWith('env:')) return text
  const name = text.slice('env:'.length)
  const value = env[name]
  if (value === undefined || value === '')
    missing.push(`${where} is taken from the environment variable ${name}, which is not set`)
  return value ?? ''
}

/** Keys whose value is undefined are left out, so that optional keys stay optional. */
function withoutUndefined<T extends object>(object: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T
}
