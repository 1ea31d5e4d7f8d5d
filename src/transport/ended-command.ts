import type { CommandEnd, RunningCommand } from '../engine/ports.ts'

/** A command that could not be started, or of which nothing more will be heard. */
export const endedCommand = (end: CommandEnd): RunningCommand => ({
  ended: Promise.resolve(end),
  write: () => {},
  endInput: () => {},
  kill: async () => end,
})

/** Why a host that is this machine itself starts nothing: nobody has needed it yet. */
export const notHere = (host: string): CommandEnd => ({
  kind: 'unreachable',
  reason: `${host} is this machine: commands that are listened to are started over ssh only`,
})
