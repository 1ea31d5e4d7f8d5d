/** `--language` of the commands that take one. */
import { InvalidArgumentError, Option } from 'commander'
import { frontEnds } from '../language/front-ends.ts'
import type { Language } from '../model/analytic.ts'

/** People say KQL; rules of Kibana, and so the files here, say `kuery`. Both are taken. */
const SPOKEN: Partial<Record<Language, string>> = { kuery: 'kql' }

/** A language by the name that people give it here. */
export const spokenName = (language: Language): string => SPOKEN[language] ?? language

export function languageOption(description: string): Option {
  const languages = Object.keys(frontEnds) as Language[]
  const names = languages.map(spokenName)
  return new Option('--language <L>', description).choices(names).argParser((name: string) => {
    const language = languages.find((one) => one === name || SPOKEN[one] === name)
    if (language === undefined) throw new InvalidArgumentError(`Allowed choices are ${names.join(', ')}.`)
    return language
  })
}
