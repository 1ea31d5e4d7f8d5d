// The build's last step: the command in one file, and what its threads run in another. Node would look for some hundreds of
// modules and compile each, which takes longer than most commands work.
import { readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { build } from 'esbuild'
import { root } from './setup.js'

const folder = process.argv[2]

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

async function bundle(name, entry) {
  const { outputFiles } = await build({
    entryPoints: [join(folder, entry)],
    outfile: join(folder, `${name}.cjs`),
    write: false,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'iife',
    globalName: 'command',
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    sourcemap: 'linked',
    sourcesContent: false,
    // Who loads it calls the function that this makes of the file.
    banner: { js: '(function (require, placeOf) {' },
    footer: { js: 'return command })' },
    // Its module for `import` only asks for the other one.
    alias: { '@elastic/elasticsearch': join(root, 'node_modules', '@elastic', 'elasticsearch', 'index.js') },
    // Native parts of ssh2, which does without.
    external: ['*.node'],
    plugins: [ownPlaces],
    logLevel: 'warning',
  })
  for (const { path, text } of outputFiles) writeFileSync(path, inAscii(text))
}

await Promise.all([bundle('tocsin', 'src/cli/main.js'), bundle('replay-helper', 'src/cli/replay/helper.js')])
