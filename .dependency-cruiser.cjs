// Which room may import which, and why. `tools/import-laws.js` runs it with a floor on the modules it saw.
const room = (name) => `^src/${name}/`

/** Everything but the named rooms, packages and Node itself. */
const only = (from, allowed, comment) => ({
  name: `${from.replaceAll('/', '-')}-imports`,
  comment,
  severity: 'error',
  from: { path: room(from) },
  to: { path: '^src/', pathNot: [from, ...allowed].map(room) },
})

module.exports = {
  // Looked for in the compiled files: there an import of a type, which needs no order of loading, is gone.
  cycles: [
    {
      name: 'no-cycles',
      comment: 'A cycle has no first module to read.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
  ],
  forbidden: [
    only('model', [], 'The nouns import nothing of ours.'),
    only('clock', ['model'], 'Time is a port; its adapters know only the nouns.'),
    only('files', ['model'], "Users' files become nouns here; what a query means is checked by the caller."),
    only('language', ['model'], 'Detection languages know no SIEM, no host and no file.'),
    only('telemetry', ['model'], 'Recordings become ECS; which analytics read them is not their business.'),
    only('wire', ['model', 'telemetry'], 'Packets become events in the shape of telemetry.'),
    only('engine', ['model'], 'The engine knows its three ports and the nouns.'),
    only('transport', ['model', 'engine'], 'An adapter knows its port and the nouns.'),
    only('siem/elastic', ['model', 'engine'], 'An adapter knows its port and the nouns.'),
    only(
      'siem/embedded',
      ['model', 'language'],
      'A server that speaks the same API: it runs rules, so it needs the languages.',
    ),
    only('emulator', ['model'], 'An emulator that knows the detections, the scenarios or the engine proves nothing.'),
    only('report', ['model'], 'A report reads the run record and nothing else.'),
    only('record', ['model', 'engine'], 'Runs on disk: records, journals, history.'),
    {
      name: 'adapters-know-only-ports',
      comment: 'Of the engine an adapter may see its ports and its events, nothing else.',
      severity: 'error',
      from: { path: '^src/(transport|siem|record)/' },
      to: { path: '^src/engine/', pathNot: '^src/engine/(ports|events)\\.ts$' },
    },
    {
      name: 'nobody-imports-cli',
      comment: 'The CLI wires; nothing depends on it.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(cli/|index\\.ts$)' },
      to: { path: '^src/cli/' },
    },
    {
      name: 'no-dev-packages-in-src',
      comment: 'What users run must not need the tools of the tests.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev'] },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.json'], conditionNames: ['import', 'node', 'default'] },
  },
}
