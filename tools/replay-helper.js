// A thread that helps `tocsin replay`, which starts it.
import { loadBundled } from './command.cjs'

const { exports, keepCompiled } = await loadBundled('helper', 'src/cli/replay/helper.js')
await exports.help()
keepCompiled()
