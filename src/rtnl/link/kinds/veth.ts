/** The link kind veth. */
import { createOnly } from '../../../netlink/schema/marks.js'
import { linkKind } from '../kind.js'
import { peerMessage } from '../peer.js'

/** veth: two Ethernet interfaces with a wire between them. Kernel: VETH_INFO_* (linux/veth.h). */
export const veth = linkKind(
  'veth',
  {
    /** The other end: only to make one, never told back. Left out, the kernel names it. */
    peer: [1, createOnly(peerMessage)],
  },
  { constants: 'VETH_INFO' },
)
