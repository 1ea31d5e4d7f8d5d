/** A run in words: what was tested, what holds, what does not. */
import type { RunRecord } from '../../model/run-record.ts'
import { count, listed } from '../text.ts'
import { tallyAnalytics } from './analytics.ts'
import { leftOnHosts } from './checks.ts'

export type Standing = 'holds' | 'broken' | 'unclear'

export interface Headline {
  standing: Standing
  /** One sentence that can stand alone. */
  title: string
  /** What was tested, and with what result. */
  detail: string
}

export function headlineOf(record: RunRecord): Headline {
  const { outcomes, checks, tests } = record.summary
  const judged = tallyAnalytics(record).filter((tally) => tally.checks > 0)
  const broken = judged.filter((tally) => tally.outcomes.unexpected > 0)
  const unclear = judged.filter((tally) => tally.outcomes.unexpected === 0 && tally.outcomes.inconclusive > 0)
  const holding = judged.length - broken.length - unclear.length
  const standing: Standing =
    broken.length > 0
      ? 'broken'
      : unclear.length > 0 || checks === 0 || record.endedAt === null || leftOnHosts(record).length > 0
        ? 'unclear'
        : 'holds'
  return { standing, title: titleOf(), detail: detailOf() }

  function titleOf(): string {
    if (checks === 0) return 'Nothing was checked'
    if (broken.length > 0) {
      const verb = broken.length === 1 ? 'does' : 'do'
      return `${broken.length} of ${count(judged.length, 'detection')} ${verb} not do what the tests state`
    }
    if (unclear.length > 0) {
      return `${holding} of ${count(judged.length, 'detection')} ${holding === 1 ? 'holds' : 'hold'}; the rest could not be judged in full`
    }
    const all = judged.length === 1 ? 'The one detection does' : `All ${judged.length} detections do`
    return `${all} what the tests state${outcomes['known-gap'] > 0 ? ', known gaps apart' : ''}`
  }

  function detailOf(): string {
    const parts = [
      outcomes.unexpected > 0 ? `${outcomes.unexpected} unexpected` : '',
      outcomes.inconclusive > 0 ? `${outcomes.inconclusive} inconclusive` : '',
      outcomes['known-gap'] > 0 ? count(outcomes['known-gap'], 'known gap') : '',
    ].filter((part) => part !== '')
    const rest = parts.length === 0 ? '' : `, ${listed(parts)}`
    return `${count(tests, 'test')} gave ${count(checks, 'check')}: ${outcomes.expected} as expected${rest}.`
  }
}

/** What must be known of the lab before anybody trusts the result; null for a real lab. */
export function labNotice(record: RunRecord): { word: string; text: string } | null {
  if (record.lab.kind === 'emulated') {
    return {
      word: 'EMULATED',
      text: 'Hosts and sensors of this lab are emulated. The run proves rules, pipeline and expectations against each other; it does not prove what real hosts record.',
    }
  }
  if (record.lab.kind === 'recorded') {
    return {
      word: 'RECORDED',
      text: 'The telemetry of this run was recorded earlier. The run proves the logic; it does not prove that sensors and pipeline work today.',
    }
  }
  return null
}
