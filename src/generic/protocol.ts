/** Generic netlink as one protocol: nlctrl, and the families whose numbers were learned from its answers. */
import type { ByteOrder } from '../netlink/bytes/byte-order.js'
import { Reader } from '../netlink/bytes/bytes.js'
import { readBody } from '../netlink/codec/message.js'
import { defineProtocol, type Protocol } from '../netlink/frame/protocol.js'
import { splitMessages } from '../netlink/frame/split.js'
import { Malformed } from '../netlink/schema/type.js'
import { type GenericFamily, messagesAt } from './family.js'
import { GENL_ID_CTRL, GENL_MAX_ID, genericBody, NETLINK_GENERIC } from './genlmsghdr.js'
import { nlctrlGroups, nlctrlMessages } from './nlctrl.js'

/** The type of `generic`, under a name. */
export interface GenericProtocol extends Protocol<typeof nlctrlMessages, typeof nlctrlGroups> {}

/**
 * Generic netlink, of which only nlctrl has an id that does not change: the messages of other families are their header and
 * their attributes. What `learn` gives after an answer of nlctrl knows the families by their names. To speak to one of
 * them, see `openGeneric`.
 * @example decode(generic, bytes)[0].type // 'CTRL_CMD_NEWFAMILY'
 */
export const generic: GenericProtocol = defineProtocol('generic', NETLINK_GENERIC, nlctrlMessages, nlctrlGroups, {
  fallback: genericBody,
  learn: (bytes, byteOrder): Protocol => learned(generic, new Map(), [], bytes, byteOrder),
})

/**
 * Generic netlink that knows definitions of families, for captures: where nlctrl tells the number of one of them, its
 * messages are decoded by its definition.
 */
export const genericWith = (families: readonly GenericFamily[]): Protocol =>
  families.length === 0 ? generic : protocolWith(new Map(), families)

/** Names that families may have where they become names of messages: others are not taken over from bytes. */
const isName = (name: string | undefined): name is string =>
  name !== undefined && /^[A-Za-z][\w.+-]{0,14}$/.test(name) && generic.find(name) === undefined

function protocolWith(names: ReadonlyMap<number, string>, families: readonly GenericFamily[]): Protocol {
  let messages = { ...nlctrlMessages }
  for (const [id, name] of names) {
    const family = families.find((one) => one.name === name) ?? { name, messages: {} }
    messages = { ...messagesAt(family, id), ...messages }
  }
  const made: Protocol = defineProtocol('generic', NETLINK_GENERIC, messages, nlctrlGroups, {
    fallback: genericBody,
    groupsAtRunTime: true,
    learn: (bytes, byteOrder): Protocol => learned(made, names, families, bytes, byteOrder),
  })
  return made
}

/** The protocol after a datagram: as before, unless that is an answer or an event of nlctrl that tells something new. */
function learned(
  before: Protocol,
  names: ReadonlyMap<number, string>,
  families: readonly GenericFamily[],
  bytes: Uint8Array,
  byteOrder: ByteOrder,
): Protocol {
  let now: Map<number, string> | undefined
  for (const { familyId: id, familyName: name } of toldFamilies(before, bytes, byteOrder)) {
    if (id === undefined || id <= GENL_ID_CTRL || id > GENL_MAX_ID || !isName(name)) continue
    if ((now ?? names).get(id) === name) continue
    now ??= new Map(names)
    // A name has one number: a family that was loaded again has another one.
    for (const [other, one] of now) if (one === name) now.delete(other)
    now.set(id, name)
  }
  return now ? protocolWith(now, families) : before
}

const told = nlctrlMessages.CTRL_CMD_NEWFAMILY.body.pick(['familyId', 'familyName'])

interface Told {
  readonly familyId?: number
  readonly familyName?: string
}

function* toldFamilies(family: Protocol, bytes: Uint8Array, byteOrder: ByteOrder): Generator<Told> {
  const r = new Reader(bytes, byteOrder)
  for (const { at, sound, header } of splitMessages(bytes, byteOrder)) {
    if (!sound || header!.type !== GENL_ID_CTRL) continue
    const end = at + header!.length
    if (family.at(r, at, end)?.name !== 'CTRL_CMD_NEWFAMILY') continue
    try {
      yield readBody(r, at, end, told) as Told
    } catch (error) {
      if (!(error instanceof Malformed)) throw error
    }
  }
}
