/** How links, addresses, routes and namespaces are shown to people. */
export { addressLines } from '../address/show.js'
export { linkLines } from '../link/show.js'
export { namespaceLines, nsidLines } from '../netns/show.js'
export { routeLines } from '../route/show.js'
export type { ShowOptions } from './names.js'
