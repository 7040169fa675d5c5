/** The link kind dummy. */
import { linkKind } from '../kind.js'

/** dummy: an Ethernet interface that drops what is sent. It has no attributes (drivers/net/dummy.c in the kernel). */
export const dummy = linkKind('dummy', {})
