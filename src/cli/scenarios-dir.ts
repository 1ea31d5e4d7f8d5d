/** Where users' files lie. */
import { findScenariosDir } from '../files/find-files.ts'
import type { Io } from './io.ts'

export const scenariosDir = (io: Io, asked?: string): string => findScenariosDir({ asked, cwd: io.cwd, home: io.home })
