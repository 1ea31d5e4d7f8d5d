/** Runs until somebody ends the process; gives the exit code that they chose. */
export const untilKilled = ({ signal }: { signal: AbortSignal }): Promise<number> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(Number(signal.reason)), { once: true }))
