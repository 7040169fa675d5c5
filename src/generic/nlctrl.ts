/** nlctrl: the family that tells of all families of generic netlink. Kernel: CTRL_CMD_*, CTRL_ATTR_* (linux/genetlink.h). */
import { policy } from '../netlink/frame/control.js'
import { indexed, listOf } from '../netlink/schema/arrays.js'
import { attributes, type HeadedOf, headed, type PlainHeadedValue } from '../netlink/schema/define.js'
import { flagsOf } from '../netlink/schema/types/enum.js'
import { u16, u32 } from '../netlink/schema/types/integer.js'
import { nulString } from '../netlink/schema/types/text.js'
import { GENL_ID_CTRL, genericBody, genlmsghdr } from './genlmsghdr.js'

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

/** What is newer than nlctrl's first attributes has NLA_F_NESTED. */
const nested = { nestedBit: true } as const

/** Which policies check a command. Kernel: CTRL_ATTR_POLICY_*. */
const opPolicy = attributes(
  'CTRL_ATTR_POLICY',
  {
    /** The policy of a request for one object, or for a change. */
    do: [1, u32],
    /** The policy of a request for a list. */
    dump: [2, u32],
  },
  nested,
)

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
  policy: [8, indexed(indexed(policy, nested), nested)],
  /** The policies of each command, by the command. */
  opPolicy: [9, indexed(opPolicy, nested)],
  /** In requests for policies: only those of this command. */
  op: [10, u32],
})

/** What nlctrl tells of a family. */
export interface FamilyInfo extends PlainHeadedValue<typeof genlmsghdr.members, typeof familyAttributes.entries> {}

/** The type of familyMessage, under a name: written out for each message it fills pages. */
export interface FamilyMessage
  extends HeadedOf<typeof genlmsghdr.members, typeof familyAttributes.entries, FamilyInfo> {}

/** The body of nlctrl's messages: struct genlmsghdr and CTRL_ATTR_* attributes. */
export const familyMessage: FamilyMessage = headed(genlmsghdr, familyAttributes)

const body = familyMessage
const number = GENL_ID_CTRL
/** The group that hears of families and groups that come and go. */
const notify = { groups: ['notify'] } as const

/** The messages of nlctrl. */
export const nlctrlMessages = {
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
  CTRL_CMD_GETMCAST_GRP: { number, where: { genlCmd: 9 }, operation: 'get', body, answer: 'CTRL_CMD_NEWMCAST_GRP' },
  /** Only as a dump. */
  CTRL_CMD_GETPOLICY: { number, where: { genlCmd: 10 }, operation: 'get', body },
  /** Any other command. */
  nlctrl: { number, operation: 'get', body: genericBody },
} as const

/** The multicast group of nlctrl. */
export const nlctrlGroups = { notify: 16 } as const
