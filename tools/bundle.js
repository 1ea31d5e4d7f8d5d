// The build's last step: the command and what its threads run in few files, each loaded when it is asked for. Node would look
// for some hundreds of modules and compile each, which takes longer than most commands work.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { build, transform } from 'esbuild'
import { root } from './setup.js'

const folder = process.argv[2]
const to = join(folder, 'bundle')

/** Commander starts programs for commands that have a file of their own, which none has: what starts them is not loaded for that. */
const noPrograms = {
  name: 'no-programs',
  setup({ onLoad }) {
    onLoad({ filter: /commander.lib.command\.js$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8')
      const required = "const childProcess = require('node:child_process');"
      if (!text.includes(required)) throw new Error(`${path} no longer requires node:child_process as it did`)
      return { contents: text.replace(required, 'const childProcess = {};') }
    })
  },
}

/** A module that asks where it is still finds the files beside it; what it requires later is in the bundle too. */
const ownPlaces = {
  name: 'own-places',
  setup({ onLoad }) {
    onLoad({ filter: /\.[cm]?js$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8')
      if (!/\b(import\.meta\.url|__dirname)\b/.test(text)) return null
      const place = (of) => JSON.stringify(relative(folder, of).replaceAll('\\', '/'))
      return {
        contents: text
          .replace('const require = createRequire(import.meta.url)', '')
          .replaceAll(/\bimport\.meta\.url\b/g, `placeOf.url(${place(path)})`)
          .replaceAll(/\b__dirname\b/g, `placeOf.path(${place(join(path, '..'))})`),
      }
    })
  },
}

/** In ASCII, which is read faster: templates and patterns are the places where the bundler leaves other letters as they are. */
function inAscii(text) {
  return text.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

const { outputFiles } = await build({
  entryPoints: [join(folder, 'src/cli/main.js'), join(folder, 'src/cli/replay/helper.js')],
  outdir: to,
  entryNames: '[name]',
  write: false,
  bundle: true,
  // What several commands need is in files of its own: no module is there twice.
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  sourcemap: 'inline',
  sourcesContent: false,
  // Its module for `import` only asks for the other one.
  alias: { '@elastic/elasticsearch': join(root, 'node_modules', '@elastic', 'elasticsearch', 'index.js') },
  // Native parts of ssh2, which does without.
  external: ['*.node'],
  plugins: [noPrograms, ownPlaces],
  logLevel: 'warning',
})
mkdirSync(to)
await build({
  entryPoints: [join(folder, 'src/telemetry/scan/segment-thread.js')],
  outfile: join(to, 'segment-thread.cjs'),
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  minifyWhitespace: true,
  logLevel: 'warning',
})
for (const { path, text } of outputFiles) {
  // Compiled code can be kept of scripts, not of modules.
  const { code, map } = await transform(text, {
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    supported: { 'dynamic-import': false },
    minifyWhitespace: true,
    // Who loads it calls the function that this makes of the file.
    banner: '(function (require, module, placeOf) {',
    footer: '})',
    sourcemap: 'external',
    sourcefile: basename(path),
    sourcesContent: false,
  })
  writeFileSync(path, `${inAscii(code)}//# sourceMappingURL=${basename(path)}.map\n`)
  writeFileSync(`${path}.map`, map)
}
