/** Sysmon and Security events as ECS documents. */
import { event } from './documents.ts'

type Json = Record<string, unknown>

export const sysmonEvent = (id: string, code: number, category: string, more: Json) =>
  event(id, 0, {
    event: { category: [category], code: String(code), provider: 'Microsoft-Windows-Sysmon', type: ['start'] },
    ...more,
  })

/** A start of a program that Sysmon saw. */
export const started = (id: string, executable: string, commandLine?: string, more: Json = {}) =>
  sysmonEvent(id, 1, 'process', {
    process: {
      executable,
      name: executable.slice(executable.lastIndexOf('\\') + 1),
      ...(commandLine === undefined ? {} : { command_line: commandLine }),
      ...more,
    },
  })

/** The same start as the Security log has it. */
export const audited = (id: string, executable: string, commandLine: string) => {
  const { source, ...rest } = started(id, executable, commandLine)
  const { process } = source
  return {
    ...rest,
    source: {
      ...source,
      event: { category: ['process'], code: '4688', provider: 'Microsoft-Windows-Security-Auditing', type: ['start'] },
      process,
    },
  }
}
