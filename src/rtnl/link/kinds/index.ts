/** The kinds of links that are known: one line each. */
export { bridge } from './bridge.js'
export { dummy } from './dummy.js'
export { ipvlan } from './ipvlan.js'
export { ipvtap } from './ipvtap.js'
export { macvlan } from './macvlan.js'
export { macvtap } from './macvtap.js'
export { veth } from './veth.js'
export { vlan } from './vlan.js'
