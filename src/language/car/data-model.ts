/** MITRE CAR's data model in ECS: which events an object:action is, and where each of its fields lies. */

interface FieldRow {
  car: string
  ecs: string
}

interface ActionRow {
  car: string
  /** Values of `event.type`, any of which makes the action; empty when every event of the category does. */
  types: string[]
}

export interface ObjectRow {
  car: string
  /** `event.category` value. */
  category: string
  actions: ActionRow[]
  fields: FieldRow[]
  /** CAR's definition; the ECS side is in the field reference of elastic/ecs under the same names. */
  source: string
}

const field = (car: string, ecs: string): FieldRow => ({ car, ecs })
const action = (car: string, ...types: string[]): ActionRow => ({ car, types })

/** Fields of the machine and user that every host object has. */
const HOST = [
  field('hostname', 'host.name'),
  field('fqdn', 'host.name'),
  field('user', 'user.name'),
  field('uid', 'user.id'),
  field('sid', 'user.id'),
]

/** Fields of the process that did it, which CAR's other objects inherit. */
const ACTOR = [
  field('exe', 'process.name'),
  field('image_path', 'process.executable'),
  field('pid', 'process.pid'),
  field('ppid', 'process.parent.pid'),
]

export const DATA_MODEL: ObjectRow[] = [
  {
    car: 'process',
    category: 'process',
    source: 'mitre-attack/car: data_model/process.yaml',
    actions: [action('create', 'start'), action('terminate', 'end'), action('access', 'access')],
    fields: [
      ...HOST,
      ...ACTOR,
      field('command_line', 'process.command_line'),
      field('parent_exe', 'process.parent.name'),
      field('parent_image_path', 'process.parent.executable'),
      field('parent_command_line', 'process.parent.command_line'),
      field('current_working_directory', 'process.working_directory'),
      field('guid', 'process.entity_id'),
      field('parent_guid', 'process.parent.entity_id'),
      field('md5_hash', 'process.hash.md5'),
      field('sha1_hash', 'process.hash.sha1'),
      field('sha256_hash', 'process.hash.sha256'),
      field('signer', 'process.code_signature.subject_name'),
      field('signature_valid', 'process.code_signature.valid'),
      field('integrity_level', 'winlog.event_data.IntegrityLevel'),
      field('call_trace', 'winlog.event_data.CallTrace'),
      field('access_level', 'winlog.event_data.GrantedAccess'),
      field('target_name', 'winlog.event_data.TargetImage'),
      field('target_pid', 'winlog.event_data.TargetProcessId'),
      field('target_guid', 'winlog.event_data.TargetProcessGUID'),
    ],
  },
  {
    car: 'flow',
    category: 'network',
    source: 'mitre-attack/car: data_model/flow.yaml',
    // A message is content seen between start and end: what a network sensor reports, whatever its type.
    actions: [action('start', 'start'), action('end', 'end'), action('message')],
    fields: [
      ...HOST,
      ...ACTOR,
      field('src_ip', 'source.ip'),
      field('src_port', 'source.port'),
      field('src_hostname', 'source.domain'),
      field('src_fqdn', 'source.domain'),
      field('dest_ip', 'destination.ip'),
      field('dest_port', 'destination.port'),
      field('dest_hostname', 'destination.domain'),
      field('dest_fqdn', 'destination.domain'),
      field('protocol', 'network.protocol'),
      field('application_protocol', 'network.protocol'),
      field('transport_protocol', 'network.transport'),
      field('network_direction', 'network.direction'),
      field('packet_count', 'network.packets'),
      field('in_bytes', 'destination.bytes'),
      field('out_bytes', 'source.bytes'),
      // The parts of the decoded protocol that analytics name; ECS has none of its own for RPC.
      field('proto_info.rpc_interface', 'rpc.interface'),
      field('proto_info.rpc_opnum', 'rpc.opnum'),
    ],
  },
  {
    car: 'file',
    category: 'file',
    source: 'mitre-attack/car: data_model/file.yaml',
    actions: [
      action('create', 'creation'),
      action('delete', 'deletion'),
      action('modify', 'change'),
      action('timestomp', 'change'),
      action('read', 'access'),
      action('write', 'creation', 'change'),
    ],
    fields: [
      ...HOST,
      ...ACTOR,
      field('file_name', 'file.name'),
      field('file_path', 'file.path'),
      field('file_extension', 'file.extension'),
      field('creation_time', 'file.created'),
      field('link_target', 'file.target_path'),
      field('mime_type', 'file.mime_type'),
      field('mode', 'file.mode'),
      field('file_user', 'file.owner'),
      field('file_uid', 'file.uid'),
      field('file_group', 'file.group'),
      field('file_gid', 'file.gid'),
      field('md5_hash', 'file.hash.md5'),
      field('sha1_hash', 'file.hash.sha1'),
      field('sha256_hash', 'file.hash.sha256'),
    ],
  },
  {
    car: 'registry',
    category: 'registry',
    source: 'mitre-attack/car: data_model/registry.yaml',
    actions: [
      action('add', 'creation', 'change'),
      action('remove', 'deletion', 'change'),
      action('value_edit', 'change'),
      action('key_edit', 'change'),
      action('edit', 'change'),
    ],
    fields: [
      ...HOST,
      ...ACTOR,
      field('hive', 'registry.hive'),
      field('key', 'registry.path'),
      field('value', 'registry.value'),
      field('data', 'registry.data.strings'),
      field('new_content', 'registry.data.strings'),
      field('type', 'registry.data.type'),
    ],
  },
  {
    car: 'module',
    category: 'library',
    source: 'mitre-attack/car: data_model/module.yaml',
    actions: [action('load', 'start')],
    fields: [...HOST, ...ACTOR, field('module_name', 'dll.name'), field('module_path', 'dll.path')],
  },
  {
    car: 'driver',
    category: 'driver',
    source: 'mitre-attack/car: data_model/driver.yaml',
    actions: [action('load', 'start'), action('unload', 'end')],
    fields: [...HOST, ...ACTOR, field('module_name', 'dll.name')],
  },
  {
    car: 'authentication',
    category: 'authentication',
    source: 'mitre-attack/car: data_model/authentication.yaml',
    actions: [action('success', 'start'), action('failure', 'denied')],
    fields: [...HOST, field('target_user', 'user.target.name')],
  },
  {
    car: 'user_session',
    category: 'authentication',
    source: 'mitre-attack/car: data_model/user_session.yaml',
    actions: [action('login', 'start'), action('logout', 'end'), action('remote', 'start')],
    fields: [
      ...HOST,
      field('src_ip', 'source.ip'),
      field('src_port', 'source.port'),
      field('dest_ip', 'destination.ip'),
      field('dest_port', 'destination.port'),
      field('login_type', 'winlog.logon.type'),
      field('login_id', 'winlog.logon.id'),
    ],
  },
]
