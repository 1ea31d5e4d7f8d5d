/** Small pieces that many sections use. */
import type { CheckRecord } from '../../model/run-record.ts'
import type { Outcome } from '../../model/words.ts'
import type { PlacedCheck } from '../facts/checks.ts'
import { OUTCOME } from '../words.ts'
import { type Html, html } from './html.ts'

/** The symbol of an outcome; its word is there for readers who do not see it. */
export const symbol = (outcome: Outcome): Html =>
  html`<span class="symbol ${outcome}" aria-hidden="true">${OUTCOME[outcome].symbol}</span><span class="hidden">${OUTCOME[outcome].label}: </span>`

/** A section with its heading; null content leaves it out. */
export const section = (id: string, title: string, content: Html): Html =>
  html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${content}</section>\n`

/** An id that may break after its punctuation, so that narrow columns hold it. */
export const breakable = (id: string): Html =>
  html`${id.split(/(?<=[-._/])/).map((part, index) => (index === 0 ? part : html`<wbr>${part}`))}`

/** A link to the trace of a check, named by its test. */
export const linkToCheck = ({ test, anchor }: PlacedCheck): Html => html`<a href="#${anchor}">${breakable(test.id)}</a>`

/** Items separated by commas. */
export const commas = (items: readonly Html[]): Html =>
  html`${items.map((item, index) => (index === 0 ? item : html`, ${item}`))}`

/** `alerted, late` and the like: the verdict in its own word. */
export const verdictOf = (check: CheckRecord): string => (check.late ? `${check.verdict}, late` : check.verdict)

/** A number that steps back when it is nought. */
export const number = (value: number, kind: Outcome | '' = ''): Html =>
  html`<td class="number ${value === 0 ? 'zero' : kind}">${value.toLocaleString('en-GB')}</td>`
