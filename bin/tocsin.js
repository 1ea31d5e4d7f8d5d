#!/usr/bin/env node
// The command. It builds what is missing or out of date, then runs the built program.
const { loadCommand } = require('../tools/command.cjs')
const { isReady } = require('../tools/ready.cjs')

async function run() {
  if (!isReady()) {
    const { ensureBuilt, ensureInstalled } = await import('../tools/setup.js')
    ensureInstalled()
    ensureBuilt()
  }
  const { main, keepCompiled } = await loadCommand(process.argv[2])
  await main(process.argv)
  keepCompiled()
}

run()
