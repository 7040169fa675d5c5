/** The header of generic netlink's messages, after nlmsghdr. */
import { attributes, type Headed, headed } from '../netlink/schema/define.js'
import { padding } from '../netlink/schema/padding.js'
import { struct } from '../netlink/schema/struct.js'
import { u8 } from '../netlink/schema/types/integer.js'

/** NETLINK_GENERIC (linux/netlink.h). */
export const NETLINK_GENERIC = 16
/** GENL_ID_CTRL: the only id that does not change from boot to boot. It is GENL_MIN_ID as well. */
export const GENL_ID_CTRL = 16
/** GENL_MAX_ID: the greatest nlmsg_type of a family. */
export const GENL_MAX_ID = 1023

/**
 * struct genlmsghdr (linux/genetlink.h): the command, and the version of the family that the sender speaks. Its members have
 * no prefix in C; here they have one, since families have attributes that are called `version`.
 */
export const genlmsghdr = struct('genlmsghdr', {
  genlCmd: u8,
  genlVersion: u8,
  _reserved: padding(2),
})

/** The body of a message of a family that is not described: its header, and its attributes as they are. */
export const genericBody: Headed<(typeof genlmsghdr)['members'], Readonly<Record<never, never>>> = headed(
  genlmsghdr,
  attributes('GENL', {}),
)
