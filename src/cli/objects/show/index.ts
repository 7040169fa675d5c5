/** How links, addresses, routes and namespaces are shown to people. */
export { addressLines } from './address.js'
export { linkLines } from './link.js'
export type { ShowOptions } from './names.js'
export { namespaceLines, nsidLines } from './namespace.js'
export { routeLines } from './route.js'
