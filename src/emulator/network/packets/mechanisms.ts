/** The ways to authenticate that Windows offers, as object identifiers in hex, in its order. */
export const MECHANISM = {
  kerberosOfMicrosoft: '2a864882f712010202',
  kerberos: '2a864886f712010202',
  negotiateExtended: '2b06010401823702021e',
  ntlm: '2b06010401823702020a',
} as const
export type Mechanism = keyof typeof MECHANISM
