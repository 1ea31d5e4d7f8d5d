/** Settings of an index: one flat form inside, strings in nested objects outside. */

/** `{index: {a: {b: 1}}}`, `{'index.a.b': 1}` and `{a: {b: 1}}` all become `{'a.b': 1}`. */
export function flatSettings(settings: Record<string, unknown>, prefix = ''): Record<string, unknown> {
  const flat: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(settings)) {
    const path = `${prefix}${key}`
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
      Object.assign(flat, flatSettings(value as Record<string, unknown>, `${path}.`))
    } else flat[path.replace(/^index\./, '')] = value
  }
  return flat
}

/** As the settings API shows them: nested, every value a text. */
export function shownSettings(flat: Record<string, unknown>): Record<string, unknown> {
  const shown: Record<string, unknown> = {}
  for (const [path, value] of Object.entries(flat)) {
    const keys = path.split('.')
    const last = keys.pop()!
    let at = shown
    for (const key of keys) {
      at[key] ??= {}
      at = at[key] as Record<string, unknown>
    }
    at[last] = Array.isArray(value) ? value.map(String) : String(value)
  }
  return shown
}
