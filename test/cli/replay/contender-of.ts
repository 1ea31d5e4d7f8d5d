/** A contender of a query that is compiled for it. */
import { type Contender, type ContenderOptions, createContender } from '../../../src/cli/replay/contender.ts'
import { planOf } from '../../../src/language/compile.ts'
import type { Implementation } from '../../../src/model/analytic.ts'

export const contenderOf = (id: string, implementation: Implementation, options?: ContenderOptions): Contender =>
  createContender(id, implementation, planOf(implementation.language, implementation.query), options)
