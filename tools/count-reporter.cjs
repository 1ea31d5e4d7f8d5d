// Mocha's dots, and the counts in the file that TOCSIN_TEST_COUNTS names, so that `npm test` can end with them.
const { writeFileSync } = require('node:fs')
const { reporters, Runner } = require('mocha')

module.exports = class CountReporter extends reporters.Dot {
  constructor(runner, options) {
    super(runner, options)
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures, pending } = this.stats
      writeFileSync(
        process.env.TOCSIN_TEST_COUNTS,
        JSON.stringify({ passed: passes, failed: failures, skipped: pending }),
      )
    })
  }
}
