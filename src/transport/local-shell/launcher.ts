/**
 * A small process that starts shell commands for a large one: starting a process costs what its parent holds in memory
 * (3 ms from here, 13 ms from a run with 150 MB). It ends with its parent, and ends what it started.
 */
import type { FromLauncher, ToLauncher } from './messages.ts'
import { runShell } from './run-shell.ts'

const running = new Map<number, AbortController>()

process.on('message', (message: ToLauncher) => {
  if (message.type === 'interrupt') {
    running.get(message.id)?.abort()
    return
  }
  const { id, environment, ...request } = message
  const interrupt = new AbortController()
  running.set(id, interrupt)
  void runShell({ ...request, environment: { ...process.env, ...environment } }, interrupt.signal).then((result) => {
    running.delete(id)
    const answer: FromLauncher = { id, result }
    if (process.connected) process.send!(answer)
  })
})

process.on('disconnect', () => {
  for (const interrupt of running.values()) interrupt.abort()
})

// Ctrl-C reaches the whole terminal group; what is to be done about it is the run's to say.
process.on('SIGINT', () => {})
