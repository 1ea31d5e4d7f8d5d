/** What of a recording can be anonymised. */
export const SCRUBBABLE = ['hosts', 'users', 'addresses'] as const
export type Scrubbable = (typeof SCRUBBABLE)[number]
