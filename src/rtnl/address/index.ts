/** Addresses of links: message definitions. */
export { type Address, type AddressMessage, addressAttributes, addressMessage, ifaddrmsg } from './address.js'
