/** UUIDs that are derived from names. */

/**
 * A UUID of version 5 as its 16 bytes: of a namespace, which is a UUID, and a name, as UTF-8. RFC 9562, section 5.5.
 * @example uuidV5(fromHex('6ba7b8109dad11d180b400c04fd430c8'), 'www.example.com') // 2ed6657d-e927-568b-95e1-2665a8aea6a2
 */
export function uuidV5(namespace: Uint8Array, name: string): Uint8Array {
  const { createHash } = process.getBuiltinModule('node:crypto')
  const uuid = new Uint8Array(createHash('sha1').update(namespace).update(name, 'utf8').digest().subarray(0, 16))
  uuid[6] = (uuid[6]! & 0x0f) | 0x50
  uuid[8] = (uuid[8]! & 0x3f) | 0x80
  return uuid
}
