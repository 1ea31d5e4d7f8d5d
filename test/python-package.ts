/** Python packages as second judges and as peers: each in a virtual environment of its own, made when it is first needed. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { home } from './cli/tocsin.ts'

const INSTALL_LIMIT_MS = 120_000

/** A Python that has the package, or why there is none. */
export async function pythonWith(name: string, version: string): Promise<{ python: string } | string> {
  const folder = join(home, 'node_modules', '.cache', `python-${name}-${version}`)
  const python = join(folder, 'bin', 'python')
  const ready = join(folder, 'ready')
  if (!existsSync(ready)) {
    try {
      await mkdir(folder, { recursive: true })
      const run = promisify(execFile)
      await run('python3', ['-m', 'venv', folder], { timeout: INSTALL_LIMIT_MS })
      await run(python, ['-m', 'pip', 'install', '--quiet', `${name}==${version}`], { timeout: INSTALL_LIMIT_MS })
      await writeFile(ready, '')
    } catch (error) {
      await rm(folder, { recursive: true, force: true })
      return `Python ${name} cannot be installed: ${String((error as Error).message).split('\n')[0]}`
    }
  }
  return { python }
}
