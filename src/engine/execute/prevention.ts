/** How a host says that something on it refused a command: facts that no locale changes. */
import type { StepRecord } from '../../model/run-record.ts'

interface Prevention {
  /** Signed 32-bit exit codes. */
  exitCodes: number[]
  /** Codes and identifiers in the output; never translated text. */
  text: RegExp
  what: string
}

/** Codes: winerror.h; the identifier: about_Execution_Policies and AMSI in PowerShell. */
const PREVENTIONS: Prevention[] = [
  {
    exitCodes: [225, 0x800700e1 | 0],
    text: /0x800700e1|ScriptContainedMaliciousContent/i,
    what: 'malware protection refused it',
  },
  { exitCodes: [1260, 0x800704ec | 0], text: /0x800704ec/i, what: 'a software restriction policy refused it' },
]

/** What refused the command; null when nothing says so. */
export function preventedBy({ exitCode, stdout, stderr }: StepRecord): string | null {
  if (exitCode === null || exitCode === 0) return null
  const found = PREVENTIONS.find(
    ({ exitCodes, text }) => exitCodes.includes(exitCode) || text.test(stderr) || text.test(stdout),
  )
  return found?.what ?? null
}
