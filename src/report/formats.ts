/** The report formats. Each reads nothing but the run record, so that any of them can be made again from `run.json`. */
import type { RunRecord } from '../model/run-record.ts'
import { renderHtml } from './html/page.ts'
import { renderJson } from './json.ts'
import { renderJunit } from './junit.ts'
import { renderMarkdown } from './markdown.ts'

export interface ReportFormat {
  /** Name of the file in the run's folder. */
  file: string
  render(record: RunRecord): string
}

export const formats: Record<string, ReportFormat> = {
  json: { file: 'run.json', render: renderJson },
  html: { file: 'report.html', render: renderHtml },
  md: { file: 'report.md', render: renderMarkdown },
  junit: { file: 'junit.xml', render: renderJunit },
}
