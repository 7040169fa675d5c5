/** The order of the bytes in a number. Netlink speaks the host's. */
export type ByteOrder = 'little' | 'big'

/** The byte order of this machine. */
export const hostByteOrder: ByteOrder = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 'little' : 'big'
