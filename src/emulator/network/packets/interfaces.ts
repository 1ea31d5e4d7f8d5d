/** The RPC interfaces that emulated clients speak, as they are named on the wire. */

export interface RpcInterface {
  uuid: string
  version: number
  /** Of an object that DCOM gives out: each call names the object. */
  component?: true
}

/** MS-TSCH 1.9, C706 appendix O, MS-DCOM 1.9, MS-WMI 1.9. */
export const INTERFACES = {
  epmapper: { uuid: 'e1af8308-5d1f-11c9-91a4-08002b14a0fa', version: 3 },
  ITaskSchedulerService: { uuid: '86d35949-83c9-4044-b424-db363231fd0c', version: 1 },
  IRemoteSCMActivator: { uuid: '000001a0-0000-0000-c000-000000000046', version: 0 },
  IRemUnknown2: { uuid: '00000143-0000-0000-c000-000000000046', version: 0, component: true },
  IWbemLevel1Login: { uuid: 'f309ad18-d86a-11d0-a075-00c04fb68820', version: 0, component: true },
  IWbemServices: { uuid: '9556dc99-828c-11cf-a37e-00aa003240c7', version: 0, component: true },
} as const satisfies Record<string, RpcInterface>

/** The ways to write parameters that a client offers for an interface; the last offers features, not a way to write. */
export const TRANSFER = {
  ndr32: { uuid: '8a885d04-1ceb-11c9-9fe8-08002b104860', version: 2 },
  ndr64: { uuid: '71710533-beba-4937-8319-b5dbef9ccc36', version: 1 },
  /** Bind-time feature negotiation: security context multiplexing, and keeping the connection on orphaned calls. */
  features: { uuid: '6cb71c2c-9812-4540-0300-000000000000', version: 1 },
} as const
export type Transfer = keyof typeof TRANSFER
