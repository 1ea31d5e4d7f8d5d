/** The one stream of what happens in a run. Its words are the model's, so that reports can read it too. */
export type { RunEvent, RunListener } from '../model/run-event.ts'
