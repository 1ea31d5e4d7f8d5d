/** A data folder that cannot be used: the message says why, for whoever chose it. */
export class FolderError extends Error {
  override name = 'FolderError'
}
