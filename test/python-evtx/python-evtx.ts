/** python-evtx as a second judge of event logs. */
import { join } from 'node:path'
import { home } from '../cli/tocsin.ts'
import { pythonWith } from '../python-package.ts'

/** A Python that has the package, or why there is none. */
export const pythonWithEvtx = () => pythonWith('python-evtx', '0.8.1')

/** Reads logs, or times itself. */
export const readScript = join(home, 'test', 'python-evtx', 'read.py')
