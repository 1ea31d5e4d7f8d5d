/** TaskScheduler/Operational: the service's own log. */
import type { Change, RunStep, TaskRun } from '../machine/changes.ts'
import { type Draft, TASK_SCHEDULER } from './record.ts'

function draft(id: number, message: string, fields: Record<string, string>): Draft {
  return { provider: TASK_SCHEDULER, id, task: id, message, fields, lag: 0 }
}

type TaskChange = Extract<Change, { kind: 'task' }>

const registered = ({ path, runsAs }: TaskChange): Draft =>
  draft(106, `User "${runsAs}"  registered Task Scheduler task "${path}"`, { TaskName: path, UserContext: runsAs })

const updated = ({ path, runsAs }: TaskChange): Draft =>
  draft(140, `User "${runsAs}"  updated Task Scheduler task "${path}"`, { TaskName: path, UserName: runsAs })

const byUser =
  (id: number, verb: string) =>
  (change: TaskChange): Draft => {
    const { identity } = change.client.session
    const user = `${identity.domain}\\${identity.name}`
    return draft(id, `User "${user}"  ${verb} Task Scheduler task "${change.path}"`, {
      TaskName: change.path,
      UserName: user,
    })
  }

/** A creation is followed by an update: the service writes the task once more when it has its registration. */
const CHANGES: Record<TaskChange['operation'], ((change: TaskChange) => Draft)[]> = {
  created: [registered, updated],
  updated: [updated],
  deleted: [byUser(141, 'deleted')],
  enabled: [updated],
  disabled: [updated, byUser(142, 'disabled')],
}

const text = (number: number): string => String(number >>> 0)

/** For each step its id and the fields that its template has, in order. */
const STEPS: Record<RunStep, { id: number; says: string; fields(run: TaskRun): Record<string, string> }> = {
  'triggered-by-time': {
    id: 107,
    says: 'launched on time',
    fields: ({ path, instance }) => ({ TaskName: path, InstanceId: instance }),
  },
  'triggered-by-user': {
    id: 110,
    says: 'launched for a user',
    fields: ({ path, instance, user }) => ({ TaskName: path, InstanceId: instance, UserContext: user }),
  },
  'process-created': {
    id: 129,
    says: 'launched its process',
    fields: ({ path, action, process }) => ({
      TaskName: path,
      Path: action,
      ProcessID: text(process?.pid ?? 0),
      Priority: '16384',
    }),
  },
  started: {
    id: 100,
    says: 'started an instance',
    fields: ({ path, user, instance }) => ({ TaskName: path, UserContext: user, InstanceId: instance }),
  },
  'action-started': {
    id: 200,
    says: 'launched its action',
    fields: ({ path, action, instance, process }) => ({
      TaskName: path,
      ActionName: action,
      TaskInstanceId: instance,
      EnginePID: text(process?.pid ?? 0),
    }),
  },
  'action-completed': {
    id: 201,
    says: 'completed its action',
    fields: ({ path, instance, action, result, process }) => ({
      TaskName: path,
      TaskInstanceId: instance,
      ActionName: action,
      ResultCode: text(result),
      EnginePID: text(process?.pid ?? 0),
    }),
  },
  completed: {
    id: 102,
    says: 'finished an instance',
    fields: ({ path, user, instance }) => ({ TaskName: path, UserContext: user, InstanceId: instance }),
  },
  'action-failed': {
    id: 203,
    says: 'failed to launch its action',
    fields: ({ path, instance, action, result }) => ({
      TaskName: path,
      TaskInstanceId: instance,
      ActionName: action,
      ResultCode: text(result),
    }),
  },
  'start-failed': {
    id: 101,
    says: 'failed to start',
    fields: ({ path, user, result }) => ({ TaskName: path, UserContext: user, ResultCode: text(result) }),
  },
  'not-logged-on': {
    id: 332,
    says: 'was not launched because its user was not logged on',
    fields: ({ path, user }) => ({ TaskName: path, UserName: user }),
  },
  terminated: {
    id: 330,
    says: 'was stopped by a user',
    fields: ({ path, instance, user }) => ({ TaskName: path, TaskInstanceId: instance, UserName: user }),
  },
}

export function taskSchedulerRecords(change: Change): Draft[] {
  if (change.kind === 'task') return CHANGES[change.operation].map((make) => make(change))
  if (change.kind !== 'task-run') return []
  const { id, says, fields } = STEPS[change.run.step]
  return [draft(id, `Task Scheduler task "${change.run.path}" ${says}.`, fields(change.run))]
}
