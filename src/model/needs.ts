/** What the raw record of an event must hold so that a query can match it: between the languages, which say it, and the readers, which look. */

/**
 * A condition on a raw record, necessary for a match and never sufficient. `literal`: the value of one of the raw fields
 * holds the text, in whatever case its letters are; with the empty text one of the fields is there.
 */
export type Needs =
  | { kind: 'nothing' }
  | { kind: 'impossible' }
  | { kind: 'literal'; fields: readonly string[]; text: string }
  | { kind: 'all' | 'any'; of: readonly Needs[] }

/** Where the values of an ECS field come from in the raw records of one kind of event. */
export type Origin =
  /** Every event of the kind has these values. */
  | { kind: 'constant'; values: readonly (string | number | boolean)[] }
  /** The value, a text, stands as it is within the text of one of these raw fields; its letters may be in another case. */
  | { kind: 'text'; fields: readonly string[] }
  /** As `text`, but for braces around it, which the record may leave out. */
  | { kind: 'guid'; fields: readonly string[] }
  /** The value is the number that the raw field writes in decimal. */
  | { kind: 'number'; fields: readonly string[] }
  /** The value is a translation: raw text in lower case → value. */
  | { kind: 'words'; fields: readonly string[]; words: Readonly<Record<string, string>> }

/**
 * All origins that the values of an ECS field can have; none when no event of the kind has it, null when that is not known.
 */
export type OriginsOf = (path: string) => readonly Origin[] | null

export const NOTHING: Needs = { kind: 'nothing' }
export const IMPOSSIBLE: Needs = { kind: 'impossible' }

/** All of several needs, without what adds nothing. */
export function allNeeds(needs: readonly Needs[]): Needs {
  if (needs.some(({ kind }) => kind === 'impossible')) return IMPOSSIBLE
  const of = needs.filter(({ kind }) => kind !== 'nothing')
  return of.length === 0 ? NOTHING : of.length === 1 ? of[0]! : { kind: 'all', of }
}

/** One of several needs. */
export function anyNeeds(needs: readonly Needs[]): Needs {
  if (needs.some(({ kind }) => kind === 'nothing')) return NOTHING
  const of = needs.filter(({ kind }) => kind !== 'impossible')
  return of.length === 0 ? IMPOSSIBLE : of.length === 1 ? of[0]! : { kind: 'any', of }
}
