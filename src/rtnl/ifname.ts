/** Interface names, with the kernel's rules (dev_valid_name, net/core/dev.c). */
import type { Expected, Leaf } from '../netlink/schema/type.js'
import { encodeText, nulString } from '../netlink/schema/types/text.js'

/** IFNAMSIZ (linux/if.h) without the closing NUL. */
export const IFNAME_MAX = 15
/** ALTIFNAMSIZ (linux/if.h) without the closing NUL. */
export const ALTNAME_MAX = 127

/** What the kernel takes for white space: also 0xa0, the second byte of some UTF-8 characters. */
const isSpace = (byte: number) => byte === 0x20 || (byte >= 9 && byte <= 13) || byte === 0xa0

const not = (what: string, problem: string): Expected => ({ kind: 'name', what, problem })

function ruleOfNames(name: string): Expected | undefined {
  if (name === '') return not('an interface name', 'it is empty')
  if (name === '.' || name === '..') return not('an interface name', '. and .. are not allowed')
  if (name.includes('/') || name.includes(':')) return not('an interface name', '/ and : are not allowed')
  return hasSpace(name) ? not('an interface name', 'white space is not allowed') : undefined
}

function hasSpace(name: string): boolean {
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i)
    if (code >= 0x80) return encodeText(name).some(isSpace)
    if (isSpace(code)) return true
  }
  return false
}

/** An interface name: 1 to 15 bytes without /, : and white space, neither . nor .. (IFLA_IFNAME and others). */
export const ifname: Leaf<string> = Object.freeze({
  ...nulString({ max: IFNAME_MAX, rule: ruleOfNames, unless: './: \t\n\v\f\r' }),
  name: 'ifname',
  meaning: 'ifname',
  describe: () => ({ type: 'ifname', max: IFNAME_MAX }),
})

/** A further name of an interface, of 1 to 127 bytes (IFLA_ALT_IFNAME). */
export const altname: Leaf<string> = Object.freeze({
  ...nulString({ max: ALTNAME_MAX, rule: (name) => (name === '' ? not('a name', 'it is empty') : undefined) }),
  name: 'altname',
  meaning: 'ifname',
  describe: () => ({ type: 'altname', max: ALTNAME_MAX }),
})
