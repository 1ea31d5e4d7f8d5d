/**
 * RPC interfaces by name and UUID, with the names of their operations: those of the definitions (IDL) in Microsoft's
 * open specifications, which Zeek uses as well (MS-TSCH, MS-SCMR, MS-RRP, MS-SAMR, MS-LSAD, MS-LSAT, MS-SRVS, MS-WKST,
 * MS-NRPC, MS-DRSR, MS-DCOM, MS-OAUT, MS-WMI, MS-EVEN, MS-EVEN6, MS-RPRN, MS-PAR, MS-EFSR, MS-DFSNM, MS-FSRVP, MS-BKRP,
 * MS-RSP; C706 for the endpoint mapper and remote management).
 */
import { OPERATIONS } from './operations.ts'

interface InterfaceRow {
  uuid: string
  name: string
  /** Key of `OPERATIONS`, where the operations are known. */
  operations?: keyof typeof OPERATIONS
}

const row = (uuid: string, name: string, operations?: keyof typeof OPERATIONS): InterfaceRow =>
  operations === undefined ? { uuid, name } : { uuid, name, operations }

const INTERFACES: readonly InterfaceRow[] = [
  row('86d35949-83c9-4044-b424-db363231fd0c', 'ITaskSchedulerService', 'taskScheduler'),
  row('1ff70682-0a51-30e8-076d-740be8cee98b', 'ATSvc', 'at'),
  row('378e52b0-c0a9-11cf-822d-00aa0051e40f', 'SASec', 'schedulerAgent'),
  row('e1af8308-5d1f-11c9-91a4-08002b14a0fa', 'epmapper', 'endpointMapper'),
  row('afa8bd80-7d8a-11c9-bef4-08002b102989', 'mgmt', 'management'),
  row('367abb81-9844-35f1-ad32-98f038001003', 'svcctl', 'serviceControl'),
  row('338cd001-2244-31f1-aaaa-900038001003', 'winreg', 'registry'),
  row('12345778-1234-abcd-ef00-0123456789ac', 'samr', 'accounts'),
  row('12345778-1234-abcd-ef00-0123456789ab', 'lsarpc', 'localSecurity'),
  row('3919286a-b10c-11d0-9ba8-00c04fd92ef5', 'dssetup', 'directorySetup'),
  row('4b324fc8-1670-01d3-1278-5a47bf6ee188', 'srvsvc', 'server'),
  row('6bffd098-a112-3610-9833-46c3f87e345a', 'wkssvc', 'workstation'),
  row('12345678-1234-abcd-ef00-01234567cffb', 'netlogon', 'netlogon'),
  row('e3514235-4b06-11d1-ab04-00c04fc2dcd2', 'drsuapi', 'directoryReplication'),
  row('4d9f4ab8-7d1c-11cf-861e-0020af6e7c57', 'IRemoteActivation', 'remoteActivation'),
  row('000001a0-0000-0000-c000-000000000046', 'ISystemActivator', 'systemActivator'),
  row('99fcfec4-5260-101b-bbcb-00aa0021347a', 'IObjectExporter', 'objectExporter'),
  row('00000131-0000-0000-c000-000000000046', 'IRemUnknown', 'remoteUnknown'),
  row('00000143-0000-0000-c000-000000000046', 'IRemUnknown2', 'remoteUnknownAgain'),
  row('00020400-0000-0000-c000-000000000046', 'IDispatch', 'dispatch'),
  row('f309ad18-d86a-11d0-a075-00c04fb68820', 'IWbemLevel1Login', 'wmiLogin'),
  row('d4781cd6-e5d3-44df-ad94-930efe48a887', 'IWbemLoginClientID', 'wmiClient'),
  row('9f6c78ef-fce5-42fa-abea-3e7df91921dc', 'IWbemLoginClientIDEx', 'wmiClientEx'),
  row('9556dc99-828c-11cf-a37e-00aa003240c7', 'IWbemServices', 'wmiServices'),
  row('027947e1-d731-11ce-a357-000000000001', 'IEnumWbemClassObject', 'wmiEnumeration'),
  row('1c1c45ee-4395-11d2-b60b-00104b703efd', 'IWbemFetchSmartEnum', 'wmiFetch'),
  row('423ec01e-2e35-11d2-b604-00104b703efd', 'IWbemWCOSmartEnum', 'wmiSmart'),
  row('82273fdc-e32a-18c3-3f78-827929dc23ea', 'eventlog', 'eventLog'),
  row('f6beaff7-1e19-4fbb-9f8f-b89e2018337c', 'IEventService', 'eventService'),
  row('12345678-1234-abcd-ef00-0123456789ab', 'spoolss', 'printing'),
  row('76f03f96-cdfd-44fc-a22c-64950a001209', 'IRemoteWinspool', 'remotePrinting'),
  row('c681d488-d850-11d0-8c52-00c04fd90f7e', 'efsrpc', 'encryptingFileSystem'),
  row('df1941c5-fe89-4e79-bf10-463657acf44d', 'efsrpc', 'encryptingFileSystem'),
  row('4fc742e0-4a10-11cf-8273-00aa004ae673', 'netdfs', 'distributedFileSystem'),
  row('a8e0653c-2744-4389-a61d-7373df8b2292', 'FileServerVssAgent', 'shadowCopyAgent'),
  row('3dde7c30-165d-11d1-ab8f-00805f14db40', 'BackupKey', 'backupKey'),
  row('894de0c0-0d55-11d3-a322-00c04fa321a1', 'InitShutdown', 'shutdown'),
  row('d95afe70-a6d5-4259-822e-2c84da1ddb0d', 'WindowsShutdown', 'windowsShutdown'),
]

export interface RpcInterface {
  name: string
  /** Lower case. */
  uuid: string
  /** Names by opnum; an empty text where the definition has none. */
  operations: readonly string[]
}

const known: RpcInterface[] = INTERFACES.map(({ uuid, name, operations }) => ({
  name,
  uuid,
  operations: operations === undefined ? [] : namesOf(OPERATIONS[operations]),
}))

/** `-` stands for a number that the definition reserves. */
function namesOf(text: string): string[] {
  return text
    .trim()
    .split(/\s+/)
    .map((name) => (name === '-' ? '' : name))
}

const byUuid = new Map(known.map((each) => [each.uuid, each]))
/** Of several interfaces with one name the first. */
const byName = new Map(known.toReversed().map((each) => [each.name.toLowerCase(), each]))

/** All that are listed. */
export const rpcInterfaces: readonly RpcInterface[] = known

/** The interface with this UUID, in lower case; undefined for one that is not listed. */
export const rpcInterface = (uuid: string): RpcInterface | undefined => byUuid.get(uuid)

/** The interface of this name, in any case: sensors spell some their own way. */
export const interfaceNamed = (name: string): RpcInterface | undefined => byName.get(name.toLowerCase())

/** The interface's name, or its UUID where it has none. */
export const interfaceName = (uuid: string): string => byUuid.get(uuid)?.name ?? uuid

/** The name of an operation; undefined where nothing names it. */
export const operationName = (uuid: string, opnum: number): string | undefined =>
  byUuid.get(uuid)?.operations[opnum] || undefined
