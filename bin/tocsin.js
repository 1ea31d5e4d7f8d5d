#!/usr/bin/env node
// The command. It builds what is missing or out of date, then runs the built program.
const { loadCommand } = require('../tools/command.cjs')
const { isReady } = require('../tools/ready.cjs')

async function run() {
  // To ask whether it is ready takes a while, in which threads can start.
  let command = await begun().catch(() => null)
  if (!isReady()) {
    const { ensureBuilt, ensureInstalled } = await import('../tools/setup.js')
    ensureInstalled()
    ensureBuilt()
    command = null
  }
  command ??= await begun()
  await command.main(process.argv)
  command.keepCompiled()
}

/** What was built last, which begins what it does ahead. */
async function begun() {
  const command = await loadCommand(process.argv[2])
  await command.begin(process.argv)
  return command
}

run()
