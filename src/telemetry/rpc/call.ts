/** The `rpc` fields of an event, from what a sensor's log says of a call. */
import { interfaceNamed, rpcInterface } from './interfaces.ts'

interface RpcFields {
  interface?: string
  interface_uuid?: string
  opnum?: number
  operation?: string
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * What is known of a call by the interface's name or UUID and by the operation's name or number; each completes the
 * other. A name that no table has stays as the sensor wrote it.
 */
export function rpcFields(
  interfaceName: string | undefined,
  call: { opnum?: number | undefined; operation?: string | undefined } = {},
): RpcFields {
  const known =
    interfaceName === undefined
      ? undefined
      : (interfaceNamed(interfaceName) ?? rpcInterface(interfaceName.toLowerCase()))
  const fields: RpcFields = {}
  if (known !== undefined) {
    fields.interface = known.name
    fields.interface_uuid = known.uuid
  } else if (interfaceName !== undefined) {
    fields.interface = interfaceName
    if (UUID.test(interfaceName)) fields.interface_uuid = interfaceName.toLowerCase()
  }
  const found = call.operation === undefined ? -1 : (known?.operations.indexOf(call.operation) ?? -1)
  const opnum = call.opnum ?? (found === -1 ? undefined : found)
  if (opnum !== undefined) fields.opnum = opnum
  const operation = call.operation ?? (opnum === undefined ? undefined : known?.operations[opnum])
  if (operation) fields.operation = operation
  return fields
}
