/** Where an interface's hardware lies. */
import { padding } from '../../netlink/schema/padding.js'
import { struct } from '../../netlink/schema/struct.js'
import { u8, u16, u64 } from '../../netlink/schema/types/integer.js'

/** struct rtnl_link_ifmap (linux/if_link.h): memory and interrupt of a device, of use for very old hardware only. */
export const linkMap = struct('rtnl_link_ifmap', {
  memStart: u64,
  memEnd: u64,
  baseAddr: u64,
  irq: u16,
  dma: u8,
  port: u8,
  _pad: padding(4),
})
