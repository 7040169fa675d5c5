/** Namespace id messages: RTM_NEWNSID, RTM_DELNSID, RTM_GETNSID. */

import { attributes, type HeadedOf, headed, type PlainHeadedValue } from '../../netlink/schema/define.js'
import { netnsFd, netnsid, netnsPid, queryOnly, readOnly, writeOnly } from '../../netlink/schema/marks.js'
import { padding } from '../../netlink/schema/padding.js'
import { struct } from '../../netlink/schema/struct.js'
import { s32, u32 } from '../../netlink/schema/types/integer.js'
import { family } from '../names.js'

/** struct rtgenmsg (linux/rtnetlink.h): an address family and nothing more, up to where attributes begin. */
export const rtgenmsg = struct('rtgenmsg', { rtgenFamily: family, _pad: padding(3) })

/** What a network namespace calls another one. Kernel: NETNSA_* (linux/net_namespace.h). */
export const nsidAttributes = attributes('NETNSA', {
  /** The id; -1 for none. */
  nsid: [1, netnsid(s32)],
  /** Which namespace is meant: that of this process. */
  pid: [2, writeOnly(netnsPid(u32))],
  /** Which namespace is meant: that of this open file. */
  fd: [3, writeOnly(netnsFd(u32))],
  /** Answer from the view of the namespace with this id. */
  targetNsid: [4, queryOnly(netnsid(s32))],
  /** The id in the asking socket's own namespace. */
  currentNsid: [5, readOnly(netnsid(s32))],
})

/** A namespace id, as decoding gives it. */
export interface Nsid extends PlainHeadedValue<typeof rtgenmsg.members, typeof nsidAttributes.entries> {}

/** The type of nsidMessage, under a name: written out it fills pages. */
export interface NsidMessage extends HeadedOf<typeof rtgenmsg.members, typeof nsidAttributes.entries, Nsid> {}

/** The body of namespace id messages: struct rtgenmsg and NETNSA_* attributes. */
export const nsidMessage: NsidMessage = headed(rtgenmsg, nsidAttributes)
