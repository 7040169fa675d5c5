/** Ids of network namespaces: message definitions. */
export { type Nsid, type NsidMessage, nsidAttributes, nsidMessage, rtgenmsg } from './nsid.js'
