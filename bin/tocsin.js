#!/usr/bin/env node
// The command. It builds what is missing or out of date, then runs the built program.
import { loadCommand } from '../tools/command.js'
import { isReady } from '../tools/ready.js'

if (!isReady()) {
  const { ensureBuilt, ensureInstalled } = await import('../tools/setup.js')
  ensureInstalled()
  ensureBuilt()
}
const { main, keepCompiled } = await loadCommand(process.argv[2])
await main(process.argv)
keepCompiled()
