/**
 * Operations of MS-TSCH's ITaskSchedulerService: their numbers, and how long their parameters are. They are encrypted on
 * the wire, so of their content only the length shows (MS-TSCH 3.2.5.4, C706 chapter 14 for how parameters are written).
 */
import { missingTo } from './packets/bytes.ts'
import type { Word } from './packets/endpoint-map.ts'

/** Adds up parameters as they are written one after the other. */
export class Parameters {
  readonly #word: Word
  length = 0

  constructor(word: Word) {
    this.#word = word
  }

  /** Numbers of four bytes each. */
  numbers(count: number): this {
    return this.#add(4, 4 * count)
  }

  /** A pointer to nothing, or to what follows. */
  pointer(): this {
    return this.#add(this.#word, this.#word)
  }

  /** A text of wide characters behind its three counts. */
  text(text: string): this {
    return this.#add(this.#word, 3 * this.#word + 2 * (text.length + 1))
  }

  /** Another structure of so many bytes. */
  bytes(count: number): this {
    return this.#add(4, count)
  }

  #add(alignment: number, bytes: number): this {
    this.length += missingTo(this.length, alignment) + bytes
    return this
  }
}

const RESULT = 1
const SYSTEM_TIME = 16
const GUID = 16
const LANGUAGE = 'en-US'

/** The operations with their numbers and the lengths of question and answer. */
export const TASK_CALLS = {
  SchRpcHighestVersion: { opnum: 0, asks: (p: Parameters) => p, answers: (p: Parameters) => p.numbers(1 + RESULT) },
  SchRpcRegisterTask: {
    opnum: 1,
    asks: (p: Parameters, { path, xml, user }: Asked) => {
      p.pointer().text(path).text(xml).numbers(1).pointer().numbers(2).pointer()
      // The account that the task runs under: a list of one, without a password.
      return user === '' ? p : p.pointer().pointer().pointer().numbers(1).text(user)
    },
    answers: (p: Parameters, { path }: Asked) => p.pointer().text(path).pointer().numbers(RESULT),
  },
  SchRpcRetrieveTask: {
    opnum: 2,
    asks: (p: Parameters, { path }: Asked) => p.text(path).text(LANGUAGE).numbers(1),
    answers: (p: Parameters, { xml }: Asked) => p.pointer().text(xml).numbers(RESULT),
  },
  SchRpcEnumFolders: {
    opnum: 6,
    asks: (p: Parameters, { path }: Asked) => p.text(path).numbers(3),
    answers: (p: Parameters) => p.numbers(2).pointer().numbers(RESULT),
  },
  SchRpcEnumTasks: {
    opnum: 7,
    asks: (p: Parameters, { path }: Asked) => p.text(path).numbers(3),
    answers: (p: Parameters, { names }: Asked) => {
      p.numbers(2).pointer().pointer()
      for (const _ of names) p.pointer()
      for (const name of names) p.text(name)
      return p.numbers(RESULT)
    },
  },
  SchRpcStop: {
    opnum: 11,
    asks: (p: Parameters, { path }: Asked) => p.pointer().text(path).numbers(1),
    answers: (p: Parameters) => p.numbers(RESULT),
  },
  SchRpcRun: {
    opnum: 12,
    asks: (p: Parameters, { path }: Asked) => p.text(path).numbers(1).pointer().numbers(2).pointer(),
    answers: (p: Parameters) => p.bytes(GUID).numbers(RESULT),
  },
  SchRpcDelete: {
    opnum: 13,
    asks: (p: Parameters, { path }: Asked) => p.text(path).numbers(1),
    answers: (p: Parameters) => p.numbers(RESULT),
  },
  SchRpcGetLastRunInfo: {
    opnum: 16,
    asks: (p: Parameters, { path }: Asked) => p.text(path),
    answers: (p: Parameters) => p.bytes(SYSTEM_TIME).numbers(1 + RESULT),
  },
  SchRpcGetTaskInfo: {
    opnum: 17,
    asks: (p: Parameters, { path }: Asked) => p.text(path).numbers(1),
    answers: (p: Parameters) => p.numbers(2 + RESULT),
  },
  SchRpcEnableTask: {
    opnum: 19,
    asks: (p: Parameters, { path }: Asked) => p.text(path).numbers(1),
    answers: (p: Parameters) => p.numbers(RESULT),
  },
} as const
export type TaskOperation = keyof typeof TASK_CALLS

/** What calls are about. */
export interface Asked {
  path: string
  xml: string
  /** The account that a new task runs under; empty where the definition alone says it. */
  user: string
  /** Names in the folder that was listed. */
  names: readonly string[]
}
