/** Leave to run tests on real hosts: without it no command leaves for one. */
import { z } from 'zod'

export const Authorization = z.strictObject({
  approvedBy: z.string().min(1),
  reason: z.string().min(1),
  notBefore: z.iso.datetime(),
  notAfter: z.iso.datetime(),
  hosts: z
    .array(z.strictObject({ address: z.string().min(1), hostKey: z.string().optional() }))
    .min(1)
    .describe('the addresses that may be used, with the host key that proves which machine it is'),
})
export type Authorization = z.infer<typeof Authorization>
