import assert from 'node:assert/strict'
import { addressText } from '../../src/wire/address-text.ts'

/** RFC 5952, section 4 and 5. */
const TEXTS: [words: number[], text: string][] = [
  [[0, 0, 0xffff, 0x0a000105], '10.0.1.5'],
  [[0, 0, 0xffff, 0xffffffff], '255.255.255.255'],
  [[0x20010db8, 0, 0, 1], '2001:db8::1'],
  [[0x20010db8, 0x00000001, 0x00010001, 0x00010001], '2001:db8:0:1:1:1:1:1'],
  [[0x20010db8, 0, 0x00010000, 0x00000001], '2001:db8::1:0:0:1'],
  [[0x20010000, 0x00000001, 0, 1], '2001:0:0:1::1'],
  [[0xfe800000, 0, 0xabcdef01, 0x23456789], 'fe80::abcd:ef01:2345:6789'],
  [[0, 0, 0, 0], '::'],
  [[0, 0, 0, 1], '::1'],
  [[1 << 16, 0, 0, 0], '1::'],
]

describe('addresses as text', () => {
  for (const [words, text] of TEXTS) {
    it(text, () => assert.equal(addressText(Uint32Array.of(9, ...words), 1), text))
  }
})
