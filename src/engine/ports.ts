/** The engine's three ports. Adapters implement them; the engine knows nothing else of the world. */
import type { Implementation } from '../model/analytic.ts'
import type { EventDocument, EventReference } from '../model/event.ts'
import type { JournalCapture, JournalEntry } from '../model/journal.ts'
import type { Host } from '../model/lab.ts'
import type { Explanation } from '../model/run-record.ts'
import type { Shell } from '../model/scenario.ts'

/** A command as it is to reach the host, templates filled in. */
export interface Command {
  text: string
  shell: Shell
  /** What the command reads; standard input is ended after it in any case. */
  stdin?: string
  /** PowerShell: values that the script reads as `$Parameters.name`; they travel as data, not as script text. */
  parameters?: Record<string, string>
  /** POSIX shells on this machine: the environment's additions. */
  environment?: Record<string, string>
}

/** How a command ended. Only `exited` says anything about the command itself. */
export type CommandEnd =
  | { kind: 'exited'; exitCode: number }
  /** The time limit passed and the command was killed. */
  | { kind: 'timed-out' }
  /** The connection broke, or there was no exit status: whether the command ran to its end is unknown. */
  | { kind: 'lost'; reason: string }
  /** Nothing was sent: host down, wrong password, host key changed. */
  | { kind: 'unreachable'; reason: string }
  | { kind: 'interrupted' }

export interface CommandResult {
  end: CommandEnd
  stdout: string
  stderr: string
  /** Real time. */
  durationMs: number
}

/** A host of the lab with its name in the inventory. */
export interface NamedHost extends Host {
  name: string
}

/** Hears what a command prints while it prints it, in chunks as they come. */
export interface CommandListener {
  stdout(chunk: Buffer): void
  stderr(text: string): void
}

/** A command that goes on while others listen to it. */
export interface RunningCommand {
  /** Resolves when nothing more will be heard of it; never rejects. */
  readonly ended: Promise<CommandEnd>
  write(text: string): void
  /** Ends its standard input. */
  endInput(): void
  /** Ends it on the host with all that it started, whatever it does. Resolves as `ended` does. */
  kill(): Promise<CommandEnd>
}

/** Runs commands on hosts. Never throws for what a host or a network does: that is a `CommandEnd`. */
export interface Transport {
  run(host: NamedHost, command: Command, options: { timeoutMs: number; signal?: AbortSignal }): Promise<CommandResult>
  /**
   * Starts a command that is listened to while it runs and has no time limit; its standard input stays open. It takes
   * no place of those that `run` waits for. A host that cannot be reached gives a command that has ended.
   */
  start(host: NamedHost, command: Omit<Command, 'stdin'>, listener: CommandListener): Promise<RunningCommand>
  close(): Promise<void>
}

/** Which events one test may have left. Times are lab milliseconds; `to` is exclusive. */
export interface EventQuery {
  /** `host.name` values, lower or upper case alike. */
  hosts: string[]
  /** Addresses that a network sensor's events carry as source or destination. */
  addresses: string[]
  from: number
  to: number
  indices: string[]
  /** `event.category` values; empty for any. */
  categories: string[]
}

export type EventAnswer =
  | { complete: true; events: EventDocument[] }
  | { complete: false; reason: string; events: EventDocument[] }

/** An alert, read through `fields` or `_source` alike. */
export interface Alert extends EventReference {
  ruleId: string
  ruleUuid: string | null
  /** Lab milliseconds at which the rule wrote it. */
  at: number
  ancestors: { id: string; index: string; type: 'event' | 'signal'; depth: number }[]
  hosts: string[]
  entities: string[]
  /** True for a building block of a sequence, which is not an alert of its own. */
  buildingBlock: boolean
}

/** What a SIEM says of a rule; `missing` when it has none with that rule_id. */
export interface RuleState {
  ruleId: string
  missing: boolean
  enabled: boolean
  intervalMs: number
  lookBackMs: number
  /** The query that is deployed, to tell drift from the implementation in the user's file. */
  query: string | null
  lastExecution: {
    at: number
    status: 'succeeded' | 'partial failure' | 'failed' | 'running' | 'unknown'
    message: string | null
  } | null
}

/** One query run by the SIEM itself. Each hit is one event, or the events of one sequence in order. */
export interface NativeQuery {
  language: Implementation['language']
  query: string
  indices: string[]
  from: number
  to: number
}

export type QueryAnswer =
  | { complete: true; hits: EventReference[][] }
  | { complete: false; reason: string; hits: EventReference[][] }

/** A SIEM could not be asked or did not answer as it should: the verdict is `unknown`, never `unseen`. */
export class SiemError extends Error {
  override name = 'SiemError'
}

/** A SIEM, read only. Every method throws `SiemError` when the SIEM fails as a whole. */
export interface Siem {
  info(): Promise<{ kind: 'embedded' | 'elastic'; version: string }>
  /** Languages that `query` takes. */
  readonly languages: ReadonlySet<string>
  /** One request for all queries of a tick; an answer each, in order. */
  events(queries: EventQuery[]): Promise<EventAnswer[]>
  query(query: NativeQuery): Promise<QueryAnswer>
  rules(ruleIds: string[]): Promise<RuleState[]>
  /** All alerts of these rules written since `from`, building blocks included, oldest first. */
  alerts(ruleIds: string[], from: number): Promise<Alert[]>
  close(): Promise<void>
}

/** A kind of event that an implementation reads: without one of every kind nothing can match. */
export interface EventKind {
  /** For people: `network events`, `registry change events`. */
  name: string
  /** `event.category` values, any of which it has; null for any event. */
  categories: readonly string[] | null
}

/** Evaluates and explains implementations over events that a SIEM returned. */
export interface Judge {
  /** Null when the implementation can be evaluated, else why not. */
  refusal(implementation: Implementation): string | null
  /** The kinds of event it reads, in the order of its steps, without repeats. */
  reads(implementation: Implementation): EventKind[]
  /** Whether an event is of that kind. */
  isOfKind(event: EventDocument, kind: EventKind): boolean
  /** Longest span between first and last event of a match; 0 for queries of one event. */
  maxspanMs(implementation: Implementation): number
  /** The matches, each with its events in order. */
  evaluate(implementation: Implementation, events: EventDocument[]): EventDocument[][]
  explain(implementation: Implementation, events: EventDocument[]): Explanation
}

/** Reads a capture while its bytes come, into ECS documents whose times are the sensor's. */
export interface CaptureReader {
  /** The documents of the messages that these bytes complete. */
  push(bytes: Buffer): Record<string, unknown>[]
  /** The documents of what was still open, and where the capture is damaged; null when it is whole. */
  end(): { documents: Record<string, unknown>[]; damage: string | null }
}

/** A file of evidence in the run's folder, written as it comes. */
export interface EvidenceFile {
  write(bytes: Buffer): void
  /** Resolves once all of it is on disk. */
  close(): Promise<{ sha256: string; bytes: number }>
}

/** Where a run writes down what it is about to change on hosts, so that it can be undone after a crash. */
export interface Journal {
  /** Resolves once the entry is on disk: only then may the change be made. */
  open(entry: JournalEntry): Promise<void>
  /** The changes of this test were undone, and that was read back. */
  close(test: string): Promise<void>
  /** Resolves once it is on disk: only then may the capture be started. */
  capturing(capture: JournalCapture): Promise<void>
  /** Nothing of this capture runs on its sensor any more. */
  captured(id: string): Promise<void>
}
