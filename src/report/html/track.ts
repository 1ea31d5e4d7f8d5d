/** The four stages of a trace as a line with a mark where it broke. */
import type { CheckRecord, TestRecord } from '../../model/run-record.ts'
import { traceOf } from '../facts/trace.ts'
import { type Html, html } from './html.ts'

export const track = (test: TestRecord, check: CheckRecord): Html =>
  html`<ol class="track">${traceOf(test, check).map(({ name, state, detail }) => html`<li class="${state}"><b>${name}</b>${detail}</li>`)}</ol>`
