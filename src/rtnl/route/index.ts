/** Routes: message definitions. */
export { routeMetrics } from './metrics.js'
export { encapType, nexthopAttributes, rtnexthop } from './nexthop.js'
export { type Route, type RouteMessage, routeAttributes, routeMessage } from './route.js'
export { cachedRouteFlags, nexthopFlags, routeFlags, routeTables, rtmsg } from './rtmsg.js'
export { type Via, via } from './via.js'
