/** How schtasks reaches a Task Scheduler, and what it asks its user. */
import { splitUser } from '../../machine/accounts.ts'
import { type Credentials, type ProgramContext, type TaskService, WindowsError } from '../../program.ts'
import { Refusal, type Switches } from './switches.ts'

/** Connects to the Task Scheduler that /s, /u and /p name. */
export async function connect(switches: Switches, context: ProgramContext): Promise<TaskService> {
  const host = switches.get('s')
  const user = switches.get('u')
  if (user === undefined) return context.connectTasks(host === undefined ? {} : { host })
  if (host === undefined) throw new Refusal('ERROR: User credentials are not allowed on the local machine.')
  const password = switches.get('p') || (await askPassword(context, `Enter the password for ${user}`))
  const { name, domain } = splitUser(user)
  const credentials: Credentials = { user: name, password, ...(domain === undefined ? {} : { domain }) }
  return context.connectTasks({ host, credentials })
}

export async function askPassword(context: ProgramContext, prompt: string): Promise<string> {
  context.stdout(`${prompt}: `)
  const password = await context.readLine()
  context.stdout('\n')
  if (password === null) throw new WindowsError(0x8007052e, 'The user name or password is incorrect.')
  return password
}

/** Asks until the answer is yes or no; null when the input ends first. */
export async function confirm(context: ProgramContext, question: string): Promise<boolean | null> {
  for (;;) {
    context.stdout(question)
    const answer = (await context.readLine())?.trim().toUpperCase()
    if (answer === undefined) return null
    if (answer === 'Y' || answer === 'N') return answer === 'Y'
  }
}
