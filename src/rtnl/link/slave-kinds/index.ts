/** What a master of a kind keeps for each of its links: one line each. */
export { bridgePort } from './bridge-port.js'
