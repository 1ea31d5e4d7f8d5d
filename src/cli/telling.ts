/** What an event is about, in short. */
import { valuesOf } from '../model/event.ts'

/** The fields that say it, the first that is there. */
const TELLING = [
  'process.command_line',
  'registry.path',
  'winlog.event_data.TaskName',
  'file.path',
  'rpc.interface',
  'process.executable',
]

/** One value of a document that tells it from others; empty when it has none. */
export const tellingOf = (document: Record<string, unknown>): string =>
  String(TELLING.map((field) => valuesOf(document, field)[0]).find((value) => value !== undefined) ?? '')
