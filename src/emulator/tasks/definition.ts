/** A task as Task Scheduler holds it (Task Scheduler schema 1.2, names as in its XML). Local times are host-local ISO texts without a zone. */

export type Trigger =
  | {
      kind: 'time'
      startBoundary: string
      enabled: boolean
      repetition?: { interval: string; duration?: string }
      endBoundary?: string
    }
  | { kind: 'daily'; startBoundary: string; daysInterval: number; enabled: boolean }
  | { kind: 'weekly'; startBoundary: string; weeksInterval: number; daysOfWeek: string[]; enabled: boolean }
  | { kind: 'monthly'; startBoundary: string; daysOfMonth: number[]; months: string[]; enabled: boolean }
  | { kind: 'logon'; startBoundary?: string; userId?: string; delay?: string; enabled: boolean }
  | { kind: 'boot'; startBoundary?: string; delay?: string; enabled: boolean }
  | { kind: 'idle'; enabled: boolean }
  | { kind: 'event'; subscription: string; enabled: boolean }
  | { kind: 'registration'; delay?: string; enabled: boolean }

export interface Action {
  command: string
  arguments?: string
  workingDirectory?: string
}

export interface TaskDefinition {
  registrationInfo: { author?: string; date?: string; description?: string; uri?: string }
  triggers: Trigger[]
  principal: {
    userId?: string
    groupId?: string
    logonType: 'InteractiveToken' | 'Password' | 'S4U' | 'ServiceAccount' | 'Group' | 'None'
    runLevel: 'LeastPrivilege' | 'HighestAvailable'
  }
  settings: { enabled: boolean; hidden: boolean; startWhenAvailable: boolean; deleteExpiredTaskAfter?: string }
  actions: Action[]
}
