/**
 * RPC interfaces by name and UUID, with the names of their operations. Sources: the interface definitions (IDL) of the
 * Windows protocol documents named at each; the names are those of the definitions, which Zeek uses as well.
 */

export interface RpcInterface {
  name: string
  /** Lower case. */
  uuid: string
  /** Names by opnum; an empty text where the definition has none. */
  operations: readonly string[]
}

const words = (text: string): string[] => text.trim().split(/\s+/)

const INTERFACES: readonly RpcInterface[] = [
  {
    // C706, appendix O
    name: 'epmapper',
    uuid: 'e1af8308-5d1f-11c9-91a4-08002b14a0fa',
    operations: words('ept_insert ept_delete ept_lookup ept_map ept_lookup_handle_free ept_inq_object ept_mgmt_delete'),
  },
  {
    // MS-TSCH, 3.2.5.4
    name: 'ITaskSchedulerService',
    uuid: '86d35949-83c9-4044-b424-db363231fd0c',
    operations: words(`
      SchRpcHighestVersion SchRpcRegisterTask SchRpcRetrieveTask SchRpcCreateFolder SchRpcSetSecurity SchRpcGetSecurity
      SchRpcEnumFolders SchRpcEnumTasks SchRpcEnumInstances SchRpcGetInstanceInfo SchRpcStopInstance SchRpcStop SchRpcRun
      SchRpcDelete SchRpcRename SchRpcScheduledRuntimes SchRpcGetLastRunInfo SchRpcGetTaskInfo
      SchRpcGetNumberOfMissedRuns SchRpcEnableTask`),
  },
  {
    // MS-TSCH, 3.2.5.2
    name: 'ATSvc',
    uuid: '1ff70682-0a51-30e8-076d-740be8cee98b',
    operations: words('NetrJobAdd NetrJobDel NetrJobEnum NetrJobGetInfo'),
  },
  {
    // MS-TSCH, 3.2.5.3
    name: 'SASec',
    uuid: '378e52b0-c0a9-11cf-822d-00aa0051e40f',
    operations: words(
      'SASetAccountInformation SASetNSAccountInformation SAGetNSAccountInformation SAGetAccountInformation',
    ),
  },
]

const byUuid = new Map(INTERFACES.map((each) => [each.uuid, each]))
const byName = new Map(INTERFACES.map((each) => [each.name.toLowerCase(), each]))

/** The interface with this UUID, in lower case; undefined for one that is not listed. */
export const rpcInterface = (uuid: string): RpcInterface | undefined => byUuid.get(uuid)

/** The interface of this name, in any case: sensors spell some their own way. */
export const interfaceNamed = (name: string): RpcInterface | undefined => byName.get(name.toLowerCase())
