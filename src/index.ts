/** What other programs may import: the nouns of Tocsin's files. */
export { Analytic } from './model/analytic.ts'
export { Lab } from './model/lab.ts'
export { RunRecord } from './model/run-record.ts'
export { Scenario } from './model/scenario.ts'
