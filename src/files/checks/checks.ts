/** Everything that is checked across files. */
import type { Problem } from '../problem.ts'
import type { Check, CheckContext } from './context.ts'
import { duplicateIds } from './duplicate-ids.ts'
import { queries } from './queries.ts'
import { templates } from './templates.ts'
import { unknownAnalytics } from './unknown-analytics.ts'
import { unknownRoles } from './unknown-roles.ts'

export type { CheckQuery } from './context.ts'

const CHECKS: Check[] = [duplicateIds, unknownAnalytics, unknownRoles, templates, queries]

export const checkAcrossFiles = (context: CheckContext): Problem[] => CHECKS.flatMap((check) => check(context))
