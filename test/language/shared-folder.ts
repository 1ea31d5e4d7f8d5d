/** The folder with data that is not part of the project; tests that read it skip where it is not given. */
import type { Context } from 'mocha'

export function sharedFolder(test: Context): string {
  const folder = process.env.TOCSIN_SHARED
  // Mocha's skip throws; the empty text is never used.
  if (!folder) test.skip()
  return folder ?? ''
}
