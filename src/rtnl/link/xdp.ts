/** XDP: programs that see packets before the network stack does. */

import { attributes } from '../../netlink/schema/define.js'
import { fd, readOnly, writeOnly } from '../../netlink/schema/marks.js'
import { enumOf, flagsOf } from '../../netlink/schema/types/enum.js'
import { s32, u8, u32 } from '../../netlink/schema/types/integer.js'

/** The XDP programs of a link. Kernel: IFLA_XDP_*, XDP_FLAGS_*, XDP_ATTACHED_* (linux/if_link.h). */
export const xdp = attributes('IFLA_XDP', {
  /** The program to attach; -1 takes it off. */
  fd: [1, writeOnly(fd(s32))],
  /** Where a program is attached. */
  attached: [2, readOnly(enumOf(u8, { none: 0, drv: 1, skb: 2, hw: 3, multi: 4 }, 'XDP_ATTACHED'))],
  /** How to attach it. */
  flags: [
    3,
    writeOnly(flagsOf(u32, { updateIfNoexist: 1, skbMode: 2, drvMode: 4, hwMode: 8, replace: 16 }, 'XDP_FLAGS')),
  ],
  /** The program, where there is one only. */
  progId: [4, readOnly(u32)],
  /** The program in the driver. */
  drvProgId: [5, readOnly(u32)],
  /** The program after the driver (generic XDP). */
  skbProgId: [6, readOnly(u32)],
  /** The program on the card. */
  hwProgId: [7, readOnly(u32)],
  /** With `replace`: the program that must be attached now. */
  expectedFd: [8, writeOnly(fd(s32))],
})
