/** nlctrl: the family that tells of all families of generic netlink. Kernel: CTRL_CMD_*, CTRL_ATTR_* (linux/genetlink.h). */
import { policy } from '../netlink/frame/control.js'
import { defineProtocol, type Protocol } from '../netlink/frame/protocol.js'
import { indexed, listOf } from '../netlink/schema/arrays.js'
import { attributes, headed } from '../netlink/schema/define.js'
import { flagsOf } from '../netlink/schema/types/enum.js'
import { u16, u32 } from '../netlink/schema/types/integer.js'
import { nulString } from '../netlink/schema/types/text.js'
import { genericBody, genlmsghdr } from './genlmsghdr.js'

/** NETLINK_GENERIC (linux/netlink.h). */
export const NETLINK_GENERIC = 16
/** GENL_ID_CTRL: the only id that does not change from boot to boot. */
export const GENL_ID_CTRL = 16
/** The longest name of a family or a group in bytes (GENL_NAMSIZ, with its NUL). */
const NAME_MAX = 15

/** What a command can do. Kernel: GENL_* (linux/genetlink.h). */
const opFlags = flagsOf(
  u32,
  { adminPerm: 0x01, cmdCapDo: 0x02, cmdCapDump: 0x04, cmdCapHaspol: 0x08, unsAdminPerm: 0x10 },
  { prefix: 'GENL', subset: true },
)

/** A command of a family. Kernel: CTRL_ATTR_OP_*. */
const operation = attributes('CTRL_ATTR_OP', {
  /** The command: genlmsghdr.cmd. */
  id: [1, u32],
  /** Whether it answers, lists, is checked by a policy, and what it takes to use it. */
  flags: [2, opFlags],
})

/** A multicast group of a family. Kernel: CTRL_ATTR_MCAST_GRP_*. */
const multicastGroup = attributes('CTRL_ATTR_MCAST_GRP', { name: [1, nulString({ max: NAME_MAX })], id: [2, u32] })

/** Which policies check a command. Kernel: CTRL_ATTR_POLICY_*. */
const opPolicy = attributes('CTRL_ATTR_POLICY', {
  /** The policy of a request for one object, or for a change. */
  do: [1, u32],
  /** The policy of a request for a list. */
  dump: [2, u32],
})

/** What is known of a family. Kernel: CTRL_ATTR_*. */
export const familyAttributes = attributes('CTRL_ATTR', {
  /** The nlmsg_type of its messages. */
  familyId: [1, u16],
  familyName: [2, nulString({ max: NAME_MAX })],
  version: [3, u32],
  /** The bytes of the family's own header, after genlmsghdr. */
  hdrsize: [4, u32],
  /** The highest number of its attributes, where all commands have one policy. */
  maxattr: [5, u32],
  ops: [6, listOf(operation, { number: 'index' })],
  mcastGroups: [7, listOf(multicastGroup, { number: 'index' })],
  /** Policies by their index, and in each what the kernel accepts of an attribute, by its number. */
  policy: [8, indexed(indexed(policy))],
  /** The policies of each command, by the command. */
  opPolicy: [9, indexed(opPolicy)],
  /** In requests for policies: only those of this command. */
  op: [10, u32],
})

/** The body of all messages of nlctrl. */
export const familyMessage = headed(genlmsghdr, familyAttributes)
const body = familyMessage
const number = GENL_ID_CTRL
/** The group that hears of families and groups that come and go. */
const notify = { groups: ['notify'] } as const

const messages = {
  CTRL_CMD_NEWFAMILY: {
    number,
    where: { genlCmd: 1 },
    operation: 'new',
    body,
    deletion: 'CTRL_CMD_DELFAMILY',
    ...notify,
  },
  CTRL_CMD_DELFAMILY: { number, where: { genlCmd: 2 }, operation: 'del', body, ...notify },
  CTRL_CMD_GETFAMILY: { number, where: { genlCmd: 3 }, operation: 'get', body, answer: 'CTRL_CMD_NEWFAMILY' },
  CTRL_CMD_NEWOPS: { number, where: { genlCmd: 4 }, operation: 'new', body, deletion: 'CTRL_CMD_DELOPS' },
  CTRL_CMD_DELOPS: { number, where: { genlCmd: 5 }, operation: 'del', body },
  CTRL_CMD_GETOPS: { number, where: { genlCmd: 6 }, operation: 'get', body, answer: 'CTRL_CMD_NEWOPS' },
  CTRL_CMD_NEWMCAST_GRP: {
    number,
    where: { genlCmd: 7 },
    operation: 'new',
    body,
    deletion: 'CTRL_CMD_DELMCAST_GRP',
    ...notify,
  },
  CTRL_CMD_DELMCAST_GRP: { number, where: { genlCmd: 8 }, operation: 'del', body, ...notify },
  CTRL_CMD_GETPOLICY: { number, where: { genlCmd: 10 }, operation: 'get', body },
} as const

const groups = { notify: 16 } as const

/** The type of `generic`, under a name. */
export interface GenericProtocol extends Protocol<typeof messages, typeof groups> {}

/**
 * Generic netlink, of which only nlctrl has an id that does not change: the messages of other families are their header and
 * their attributes. To speak to one of them, see `openGeneric`.
 * @example decode(generic, bytes)[0].type // 'CTRL_CMD_NEWFAMILY'
 */
export const generic: GenericProtocol = defineProtocol('generic', NETLINK_GENERIC, messages, groups, {
  fallback: genericBody,
})
