// Enforces `.dependency-cruiser.cjs`. A tool that sees no modules passes every law, so there is a floor on what it saw.

import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { cruise } from 'dependency-cruiser'
import { ensureBuilt, root } from './setup.js'

process.chdir(root)
ensureBuilt()
const { forbidden, cycles, options } = createRequire(import.meta.url)('../.dependency-cruiser.cjs')
const { output } = await cruise(['src'], { ...options, ruleSet: { forbidden }, validate: true })
const compiled = await cruise(['dist/src'], {
  doNotFollow: { path: 'node_modules' },
  ruleSet: { forbidden: cycles },
  validate: true,
})
const violations = [...output.summary.violations, ...compiled.output.summary.violations]
const files = readdirSync(join(root, 'src'), { recursive: true }).filter((name) => name.endsWith('.ts')).length
const modules = output.modules.filter(({ source }) => source.startsWith('src/'))
const arrows = modules.flatMap(({ dependencies }) => dependencies).length

for (const { rule, from, to } of violations) {
  const why = [...forbidden, ...cycles].find(({ name }) => name === rule.name)?.comment ?? ''
  console.error(`${from} → ${to}\n  ${rule.name}: ${why}`)
}
const built = compiled.output.modules.filter(({ source }) => source.startsWith('dist/src/'))
if (modules.length < files || arrows < files || built.length < files) {
  console.error(
    `import laws: saw ${modules.length} modules and ${arrows} imports of ${files} files: the parser is blind`,
  )
  process.exit(1)
}
console.error(`import laws: ${modules.length} modules, ${arrows} imports, ${violations.length} against the law`)
process.exit(violations.length === 0 ? 0 : 1)
