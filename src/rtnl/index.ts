/** nlwire/rtnl: the definitions of rtnetlink. */
export * from './address/index.js'
export { ALTNAME_MAX, altname, IFNAME_MAX, ifname } from './ifname.js'
export * from './link/index.js'
export { addressFamilies } from './names.js'
export * from './namespace/index.js'
export { route } from './protocol.js'
export { protocols } from './protocols.js'
export * from './route/index.js'
