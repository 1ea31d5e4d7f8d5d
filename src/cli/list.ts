/** `tocsin list`: what there is. */
import type { Command } from 'commander'
import { counted } from './counted.ts'
import { type Inventory, inventory } from './inventory.ts'
import type { Io } from './io.ts'
import { printable } from './printable.ts'
import { userFiles } from './user-files.ts'

export function register(program: Command, io: Io): void {
  program
    .command('list')
    .summary('the tests and the analytics there are')
    .description('Lists each test with what it expects of which analytic, and each analytic with its languages.')
    .option('--scenarios <DIR>', 'folder of scenarios, with its analytics in analytics/')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  tocsin list --json | jq -r ".tests[].id"\n')
    .action(({ scenarios, json }: { scenarios?: string; json?: boolean }) => {
      const all = inventory(userFiles(io, { scenarios }))
      io.stdout.write(json ? `${JSON.stringify(all, null, 2)}\n` : table(all))
    })
}

/** Most characters of a title. */
const WIDEST = 120

function table({ tests, analytics }: Inventory): string {
  const lines: string[] = []
  const width = Math.max(0, ...tests.map(({ id }) => id.length))
  let path: string | undefined
  for (const test of tests) {
    if (test.path !== path) lines.push(...(path === undefined ? [] : ['']), test.path)
    path = test.path
    lines.push(
      `  ${test.id.padEnd(width)}  ${printable(test.title ?? '', WIDEST)}`.trimEnd(),
      `  ${' '.repeat(width)}  ${expected(test)}`,
    )
  }
  const idWidth = Math.max(0, ...analytics.map(({ id }) => id.length))
  lines.push('', 'Analytics')
  for (const { id, title, languages } of analytics) {
    lines.push(`  ${id.padEnd(idWidth)}  ${printable(title, WIDEST)} (${languages.join(', ')})`)
  }
  const checks = tests.reduce((sum, test) => sum + test.expect.length, 0)
  lines.push(
    '',
    [counted(tests.length, 'test'), counted(checks, 'check'), counted(analytics.length, 'analytic')].join(', '),
  )
  return `${lines.join('\n')}\n`
}

/** What a test expects, in a line; a known gap is marked, since it is not met today. */
function expected({ expect }: Inventory['tests'][number]): string {
  const byKind = new Map<string, string[]>()
  for (const { is, analytic, knownGap } of expect) {
    const kind = knownGap ? `${is} (known gap)` : is
    byKind.set(kind, [...(byKind.get(kind) ?? []), analytic])
  }
  return [...byKind].map(([kind, analytics]) => `${kind}: ${analytics.join(', ')}`).join('; ')
}
