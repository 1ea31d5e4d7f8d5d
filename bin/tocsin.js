#!/usr/bin/env node
// The command. It builds what is missing or out of date, then loads the built program.
import { ensureBuilt, ensureInstalled } from '../tools/setup.js'

ensureInstalled()
ensureBuilt()
const { main } = await import('../dist/src/cli/main.js')
await main(process.argv)
