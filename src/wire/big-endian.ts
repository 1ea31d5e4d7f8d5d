/** Numbers as the headers of networks write them. Plain reads: of bytes that are known to be there, without a check. */

export const u16 = (bytes: Buffer, at: number): number => (bytes[at]! << 8) | bytes[at + 1]!

export const u32 = (bytes: Buffer, at: number): number => ((u16(bytes, at) << 16) | u16(bytes, at + 2)) >>> 0
