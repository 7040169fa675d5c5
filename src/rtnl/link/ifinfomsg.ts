/** The fixed header of link messages. */
import { ifindex, maskOf, readOnly } from '../../netlink/schema/marks.js'
import { padding } from '../../netlink/schema/padding.js'
import { struct } from '../../netlink/schema/struct.js'
import { enumOf, flagsOf } from '../../netlink/schema/types/enum.js'
import { s32, u16, u32 } from '../../netlink/schema/types/integer.js'
import { family } from '../names.js'
import { hardwareTypes, interfaceFlags } from './names.js'

/** struct ifinfomsg (linux/rtnetlink.h): what every link message begins with. */
export const ifinfomsg = struct('ifinfomsg', {
  /** Unspec for links as such; bridge and inet6 for what those families know of a link. */
  ifiFamily: family,
  _pad: padding(1),
  /** The hardware type (ARPHRD_*). */
  ifiType: readOnly(enumOf(u16, hardwareTypes, 'ARPHRD')),
  /** The index of the link; 0 to name it by an attribute, or to make a new one under any index. */
  ifiIndex: ifindex(s32),
  /** IFF_*: the flags that are set. */
  ifiFlags: flagsOf(u32, interfaceFlags, 'IFF'),
  /** IFF_*: the flags that a request means to change, and those that an event tells of. */
  ifiChange: maskOf('ifiFlags', flagsOf(u32, interfaceFlags, 'IFF')),
})
