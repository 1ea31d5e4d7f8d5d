/** Why two events do not join. */
import type { Hit } from './hits.ts'
import type { StageExplainer } from './nearest.ts'
import { shown } from './wanted.ts'

/** An event for the step of that index. */
export type StepHit = [step: number, hit: Hit]

/** The first join key on which two events differ, or that one of them lacks. */
export function joinReason(explainers: StageExplainer[], [former, first]: StepHit, [latter, second]: StepHit): string {
  const left = explainers[former]!.keysOf(first.event.source)[0]?.values
  const right = explainers[latter]!.keysOf(second.event.source)[0]?.values
  if (right === undefined)
    return `step ${latter + 1} has no ${namesOf(explainers[latter]!)} to join it with step ${former + 1}`
  if (left === undefined)
    return `step ${former + 1} has no ${namesOf(explainers[former]!)} to join it with step ${latter + 1}`
  const { keys } = explainers[latter]!.stage
  const differing = keys.findIndex((_, at) => left[at] !== right[at])
  const name = keys[differing]?.field.name ?? 'join key'
  return `${name} is ${shown(left[differing])} in step ${former + 1} and ${shown(right[differing])} in step ${latter + 1}, the rule wants the same`
}

/** The fields that join a step, as people list them. */
export const namesOf = ({ stage }: StageExplainer): string => stage.keys.map(({ field }) => field.name).join(', ')
