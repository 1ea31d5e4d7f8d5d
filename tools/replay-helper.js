// A thread that helps `tocsin replay`, which starts it.
import { loadBundle } from './command.js'

const { exports, keepCompiled } = await loadBundle('replay-helper', 'src/cli/replay/helper.js')
await exports.help()
keepCompiled()
