/** A query for one event of any category, from its condition alone. */
import type { Plan } from '../../src/language/plan.ts'
import type { Expression } from '../../src/language/predicate/expression.ts'

export const eventPlan = (condition: Expression, categoryField = 'event.category'): Plan & { shape: 'event' } => ({
  shape: 'event',
  stage: {
    category: null,
    categoryField: { kind: 'field', name: categoryField, path: categoryField, type: 'keyword' },
    condition,
    keys: [],
    missing: false,
    span: { start: 0, end: 0 },
  },
  limits: [],
})
