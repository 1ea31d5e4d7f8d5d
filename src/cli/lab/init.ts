/** `tocsin lab init`: copies the files a lab starts from. */
import { constants } from 'node:fs'
import { copyFile, mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type Io, UsageError } from '../io.ts'

/** Name in the package's `lab` folder → name in the user's. */
const FILES = {
  embedded: { 'embedded.yml': 'lab.yml' },
  real: { 'real.yml': 'lab.yml', 'authorization.yml': 'authorization.yml' },
}

export async function labInit(dir: string, embedded: boolean, io: Io): Promise<number> {
  const folder = resolve(io.cwd, dir)
  const written: string[] = []
  try {
    await mkdir(folder, { recursive: true })
    for (const [from, to] of Object.entries(embedded ? FILES.embedded : FILES.real)) {
      await copyFile(join(io.home, 'lab', from), join(folder, to), constants.COPYFILE_EXCL)
      written.push(join(dir, to))
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'EEXIST')
      throw new UsageError(`${dir} has such files already, and they are left as they are\n  name another folder`)
    throw new UsageError(`${dir} cannot be written: ${message}`)
  }
  io.stdout.write(written.map((path) => `${path}\n`).join(''))
  return 0
}
