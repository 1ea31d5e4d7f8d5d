/** The ECS fields that say best what an event is about; of an event the first that is there. */
export const TELLING_FIELDS = [
  'process.command_line',
  'registry.path',
  'winlog.event_data.TaskName',
  'file.path',
  'rpc.interface',
] as const
