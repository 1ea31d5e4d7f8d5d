/** The package that reads YAML, loaded with the first rule: that takes longer than a short command in all. */
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

export const yaml = (): typeof import('yaml') => require('yaml')
