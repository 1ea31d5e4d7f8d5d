/** Client messages that wait for their answer, by call id. */
import type { Memory } from '../block-splitter.ts'
import { type Answer, type ClientMessage, MOST_FRAMES } from '../events/client-message.ts'

const MOST_OPEN = 64
/** About what a message holds besides its bytes as the views have them. */
const COST = 1024

export class OpenMessages<Item extends { message: ClientMessage }> {
  readonly #memory: Memory
  readonly #emit: (message: ClientMessage) => void
  readonly #open = new Map<number, Item>()

  constructor(memory: Memory, emit: (message: ClientMessage) => void) {
    this.#memory = memory
    this.#emit = emit
  }

  get(callId: number): Item | undefined {
    return this.#open.get(callId)
  }

  /** Whoever waited under this call id, or for longest where too many wait, gets no answer any more. */
  add(callId: number, item: Item): void {
    this.#close(callId)
    if (this.#open.size >= MOST_OPEN) this.#close(this.#open.keys().next().value!)
    this.#memory.held += costOf(item.message)
    this.#open.set(callId, item)
  }

  answer(callId: number, answer: Answer): void {
    const item = this.#open.get(callId)
    if (item !== undefined) item.message.answer = answer
    this.#close(callId)
  }

  end(): void {
    for (const callId of [...this.#open.keys()]) this.#close(callId)
  }

  #close(callId: number): void {
    const item = this.#open.get(callId)
    if (item === undefined) return
    this.#open.delete(callId)
    this.#memory.held -= costOf(item.message)
    this.#emit(item.message)
  }
}

const costOf = ({ raw, printable }: ClientMessage): number => COST + raw.length + printable.length

/** A packet that brought a part of the message, or of its answer. */
export function addFrame({ frames }: ClientMessage, frame: number): void {
  if (frames.length < MOST_FRAMES && frames.at(-1) !== frame) frames.push(frame)
}
