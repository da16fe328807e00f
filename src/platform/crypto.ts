import type * as Crypto from 'node:crypto';

// Node's own, loaded at the first use: that takes 3 ms, and a start that changes nothing needs none of it.
const nodeCrypto = (): typeof Crypto => process.getBuiltinModule('node:crypto');

export const createHash: typeof Crypto.createHash = (...how) => nodeCrypto().createHash(...how);
export const createHmac: typeof Crypto.createHmac = (...how) => nodeCrypto().createHmac(...how);
export const randomUUID: typeof Crypto.randomUUID = (...how) => nodeCrypto().randomUUID(...how);

/** Random bytes in hexadecimal: two characters each. */
export const randomHex = (bytes: number): string => nodeCrypto().randomBytes(bytes).toString('hex');
