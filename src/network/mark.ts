/**
 * How links say that they are ours: by their alias (IFLA_IFALIAS), which the kernel keeps when a link moves to another
 * namespace, and which `ip link` shows. A killed program leaves nothing but marks, and from them all can be found again.
 */
import { createHash } from 'node:crypto'
import { OptionError } from '../netlink/errors.js'

/** What a marked link is. */
export type Mark =
  /** The link of an attachment. */
  | { readonly role: 'attachment'; readonly network: string; readonly id: string }
  /** The link by which the host reaches the attachments of a network. */
  | { readonly role: 'host'; readonly network: string }
  /** A parent that was created for networks: its alternative names say for which. */
  | { readonly role: 'parent' }

/** IFALIASZ (linux/if.h) without the closing NUL. */
const ALIAS_MAX = 255
const PREFIX = 'nlwire'

/** A colon separates, a percent sign escapes, and control characters are nothing for an alias. */
const escaped = (text: string): string => text.replace(/[%:\s\p{Cc}]/gu, (one) => encodeURIComponent(one))

/**
 * The alias that marks a link.
 * @example markText({ role: 'attachment', network: 'n30', id: 'c1' }) // 'nlwire:attachment:n30:c1'
 */
export function markText(mark: Mark): string {
  const words = [PREFIX, mark.role]
  if (mark.role !== 'parent') words.push(escaped(mark.network))
  if (mark.role === 'attachment') words.push(escaped(mark.id))
  return words.join(':')
}

/** What an alias says; undefined when it is no mark of ours. */
export function parseMark(alias: string | undefined): Mark | undefined {
  const [prefix, role, ...rest] = alias?.split(':') ?? []
  if (prefix !== PREFIX) return undefined
  try {
    const [network, id, ...more] = rest.map(decodeURIComponent)
    if (more.length > 0) return undefined
    if (role === 'attachment' && network && id) return { role, network, id }
    if (role === 'host' && network && id === undefined) return { role, network }
    return role === 'parent' && network === undefined ? { role } : undefined
  } catch {
    // A percent sign that escapes nothing: somebody else wrote it.
    return undefined
  }
}

/** The names that a network and its attachments can have. @throws OptionError */
export function checkNames(network: unknown, id?: unknown): void {
  for (const [option, text] of [['name', network], ...(id === undefined ? [] : [['id', id]])] as [string, unknown][])
    if (typeof text !== 'string' || text === '' || /\p{Cs}/u.test(text))
      throw new OptionError(option, text, 'a text with at least one character')
  const text = markText({ role: 'attachment', network: network as string, id: (id as string) ?? 'x' })
  const over = Buffer.byteLength(text) - ALIAS_MAX
  if (over > 0)
    throw new OptionError(id === undefined ? 'name' : 'id', id ?? network, `a text shorter by ${over} bytes`)
  if (Buffer.byteLength(userName(network as string)) > USER_MAX)
    throw new OptionError('name', network, `a text of at most ${USER_MAX - USER.length} bytes`)
}

const hash = (text: string): string =>
  BigInt(`0x${createHash('sha256').update(text).digest('hex').slice(0, 16)}`)
    .toString(36)
    .slice(0, 6)
    .padStart(6, '0')

/**
 * The name under which a link is created, before it is marked and renamed. No link has it but that of this attachment,
 * in whichever namespace, so creation cannot collide with a name there; and should the program be killed before the link
 * is marked, it is known by this name.
 */
export const draftName = (network: string, what: string): string => `${draftPrefix(network)}${hash(what)}`

/** What the names of all links begin with that were created for a network, and not yet marked. */
export const draftPrefix = (network: string): string => `nlw${hash(network)}`

/** Whether a link has such a name, of whichever network, and no mark yet. */
export const isDraftName = ({ ifname, ifalias }: { ifname?: string; ifalias?: string }): boolean =>
  ifalias === undefined && /^nlw[a-z0-9]{12}$/.test(ifname ?? '')

const USER = 'nlwire.'
/** ALTIFNAMSIZ (linux/if.h) without the closing NUL. */
const USER_MAX = 127

/**
 * The alternative name by which a network says that it uses a parent that was created. The kernel adds and deletes such
 * names one by one, so several programs can count the users of one parent.
 */
export const userName = (network: string): string => `${USER}${escaped(network).replace(/\//g, '%2F')}`

/** Whether an alternative name tells of a user. */
export const isUserName = (altname: string): boolean => altname.startsWith(USER)

/** The network that an alternative name tells of; undefined when somebody else has written it. */
export function userOf(altname: string): string | undefined {
  try {
    return decodeURIComponent(altname.slice(USER.length)) || undefined
  } catch {
    return undefined
  }
}
