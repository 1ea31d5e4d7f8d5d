#!/usr/bin/env node
// The command. It builds what is missing or out of date, then runs the built program.
const { setFlagsFromString } = require('node:v8')
const { loadCommand } = require('../tools/command.cjs')
const { isReady } = require('../tools/ready.cjs')

// A function has to run three times as long as is usual before it is optimised: compiling takes a short command's processors
// more time than it gains, and a long one is as fast a moment later.
setFlagsFromString('--interrupt-budget=200000')

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
