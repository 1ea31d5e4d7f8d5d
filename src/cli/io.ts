/** What a command may touch of the process it runs in: handed in, so that nothing else reads `process`. */
export interface Io {
  stdout: NodeJS.WriteStream
  stderr: NodeJS.WriteStream
  stdin: NodeJS.ReadStream
  env: NodeJS.ProcessEnv
  cwd: string
  /** Folder of the package: where the shipped scenarios and labs lie. */
  home: string
  version: string
  /** Whether stderr takes colour: a terminal, and NO_COLOR unset. */
  colour: boolean
  /** The same for stdout: a file or a pipe gets text alone, whatever stderr is. */
  colourOut: boolean
  setExitCode(code: number): void
  /** Calls back on Ctrl-C and on SIGTERM, until the returned function is called. */
  onInterrupt(callback: () => void): () => void
}

/** A mistake of the user's: shown as it is, exit 2. */
export class UsageError extends Error {
  override name = 'UsageError'
}
