/** `tocsin lint`: every mistake in users' files. */
import type { Command } from 'commander'
import { lintFiles } from '../files/lint-files.ts'
import { loadLab } from '../files/load-single-file.ts'
import { loadUserFiles, type UserFiles } from '../files/load-user-files.ts'
import { rolesOf } from '../model/lab.ts'
import { checkQuery } from './check-query.ts'
import { counted } from './counted.ts'
import type { Io } from './io.ts'
import { scenariosDir } from './scenarios-dir.ts'
import { refuse } from './user-files.ts'

interface Options {
  scenarios?: string
  lab?: string
}

export function register(program: Command, io: Io): void {
  program
    .command('lint')
    .summary('every mistake in your files, with its place and its mend')
    .description(
      'Checks scenarios, analytics, labs and authorizations: syntax, keys, types, ids, analytics, templates and queries; with a lab, roles too. Without FILE, all scenarios and analytics. Exits 2 when there is a mistake.',
    )
    .argument('[FILE...]', 'files to check')
    .option('--scenarios <DIR>', 'folder of scenarios, with its analytics in analytics/')
    .option('--lab <FILE>', 'the lab whose roles the tests may use')
    .addHelpText('after', '\nExample:\n  tocsin lint --lab lab/embedded.yml\n')
    .action((files: string[], options: Options) => {
      io.stdout.write(`${lint(files, options, io)}\n`)
    })
}

/** What was checked, in a line; throws `UsageError` with all mistakes. */
function lint(files: string[], options: Options, io: Io): string {
  const lab = options.lab === undefined ? null : loadLab(options.lab)
  const roles = lab?.value && { roles: new Set(Object.values(lab.value.hosts).flatMap(rolesOf)) }
  const settings = { scenariosDir: scenariosDir(io, options.scenarios), checkQuery, ...roles }
  const loaded =
    files.length === 0 ? { ...loadUserFiles(settings), others: [] as string[] } : lintFiles(files, settings)
  refuse(io, {
    problems: [...(lab?.problems ?? []), ...loaded.problems],
    sources: new Map([...(lab?.sources ?? []), ...loaded.sources]),
  })
  return `${[...whatWasRead(loaded), ...loaded.others].join(', ')}: no mistakes`
}

function whatWasRead({ scenarios, analytics }: UserFiles): string[] {
  const tests = scenarios.flatMap(({ scenario }) => scenario.tests)
  const checks = tests.flatMap((test) => test.expect)
  const implementations = analytics.flatMap(({ analytic }) => analytic.implementations)
  const parts: string[] = []
  if (analytics.length > 0) {
    parts.push(`${counted(analytics.length, 'analytic')} with ${counted(implementations.length, 'implementation')}`)
  }
  if (scenarios.length > 0) {
    const held = `${counted(tests.length, 'test')} and ${counted(checks.length, 'check')}`
    parts.push(`${counted(scenarios.length, 'scenario')} with ${held}`)
  }
  return parts
}
