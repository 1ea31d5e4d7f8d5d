/** A folder of a test's own with copies of the shipped scenarios and of the embedded lab, to change. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import type { Lab } from '../../src/model/lab.ts'
import type { RunRecord } from '../../src/model/run-record.ts'
import { type Finished, home, tocsin } from './tocsin.ts'

/** YAML as it is written: defaults are not filled in. */
// biome-ignore lint/suspicious/noExplicitAny: tests change files in places that the schema does not let them name
type Raw = any

export class WorkFolder {
  readonly path: string

  private constructor(path: string) {
    this.path = path
  }

  static async make(): Promise<WorkFolder> {
    const folder = new WorkFolder(await mkdtemp(join(tmpdir(), 'tocsin-test-')))
    await cp(join(home, 'scenarios'), join(folder.path, 'scenarios'), { recursive: true })
    await cp(join(home, 'lab', 'embedded.yml'), join(folder.path, 'lab.yml'))
    return folder
  }

  /** Changes a YAML file; `change` gets its content and may return another. */
  async change(file: string, change: (content: Raw) => unknown): Promise<void> {
    const path = join(this.path, file)
    const content = parse(await readFile(path, 'utf8')) as Raw
    await writeFile(path, stringify(change(content) ?? content))
  }

  changeLab(change: (lab: Raw) => unknown): Promise<void> {
    return this.change('lab.yml', change)
  }

  /** Changes every emulated host. */
  changeHosts(change: (emulated: Raw, host: Raw, name: string) => unknown): Promise<void> {
    return this.changeLab((lab: Lab) => {
      for (const [name, host] of Object.entries(lab.hosts)) change(host.emulated, host, name)
    })
  }

  /** Changes the deployed implementation of an analytic. */
  changeDeployed(analytic: string, change: (implementation: Raw) => unknown): Promise<void> {
    return this.change(`scenarios/analytics/${analytic}.yml`, (content: Raw) => {
      change(content.implementations.find((implementation: Raw) => implementation.rule !== undefined))
    })
  }

  /** Runs `tocsin` in this folder. */
  tocsin(args: string[], options: Parameters<typeof tocsin>[1] = {}): Promise<Finished> {
    return tocsin(args, { ...options, cwd: this.path })
  }

  /** Runs `tocsin run` on this folder's lab and gives its record. */
  async run(args: string[], options: Parameters<typeof tocsin>[1] = {}): Promise<Finished & { record: RunRecord }> {
    const finished = await this.tocsin(['run', '--lab', 'lab.yml', '--json', ...args], options)
    if (finished.stdout === '') throw new Error(`no record on stdout, exit ${finished.code}\n${finished.stderr}`)
    return { ...finished, record: JSON.parse(finished.stdout) as RunRecord }
  }

  remove(): Promise<void> {
    return rm(this.path, { recursive: true, force: true })
  }
}

/** The check of an analytic in a record. */
export function checkOf(
  record: RunRecord,
  test: string,
  analytic: string,
): RunRecord['tests'][number]['checks'][number] {
  const found = record.tests.find(({ id }) => id === test)?.checks.find((check) => check.analytic === analytic)
  if (found === undefined)
    throw new Error(`no check ${test} × ${analytic}; there are ${record.tests.map(({ id }) => id).join(', ')}`)
  return found
}
