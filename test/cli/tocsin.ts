/** Runs the command as a user does: a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const home = fileURLToPath(new URL('../../../', import.meta.url))

export interface Finished {
  code: number | null
  stdout: string
  stderr: string
}

interface Options {
  cwd?: string
  env?: Record<string, string>
  input?: string
  /** Sees the process as soon as it runs. */
  onStart?: (child: ChildProcess) => void
}

/** Runs `tocsin` to its end with colours off. */
export function tocsin(args: string[], { cwd = home, env = {}, input = '', onStart }: Options = {}): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [`${home}bin/tocsin.js`, ...args], {
      cwd,
      env: { ...process.env, NO_COLOR: '1', ...env },
    })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
    child.stdin.on('error', () => {})
    child.stdin.end(input)
    onStart?.(child)
  })
}
