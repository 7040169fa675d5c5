/** What the benchmarks use of the library, as it was compiled last. */
export { openRtnl } from '../../dist/src/index.js'
export { Conversation } from '../../dist/src/netlink/conversation/conversation.js'
export {
  attributes,
  decode,
  defineProtocol,
  encode,
  enumOf,
  flagsOf,
  headed,
  ipv4,
  mac,
  padding,
  s32,
  struct,
  tap,
  u8,
  u16,
} from '../../dist/src/netlink/index.js'
export { openKernel } from '../../dist/src/netlink/socket/kernel.js'
export { netns } from '../../dist/src/netlink/socket/netns.js'
export { route } from '../../dist/src/rtnl/protocol.js'
export { pcapHeader, pcapRecord } from '../../dist/src/testing/pcap/pcap-write.js'
