/** The kinds of links that are known: one line each. */
import { linkKinds } from '../kind.js'
import { bridge } from './bridge.js'
import { bridgePort } from './bridge-port.js'
import { dummy } from './dummy.js'
import { ipvlan } from './ipvlan.js'
import { ipvtap } from './ipvtap.js'
import { macvlan } from './macvlan.js'
import { macvtap } from './macvtap.js'
import { veth } from './veth.js'
import { vlan } from './vlan.js'

/** The attributes of `linkinfo.data`, by kind. */
export const kinds = linkKinds(bridge, dummy, ipvlan, ipvtap, macvlan, macvtap, veth, vlan)

/** The attributes of `linkinfo.slaveData`, by the kind of the master. */
export const slaveKinds = linkKinds(bridgePort)
