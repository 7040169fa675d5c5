/** Neighbours and forwarding entries of bridges: message definitions. */
export {
  type Neighbour,
  type NeighbourMessage,
  ndmsg,
  neighbourAttributes,
  neighbourFlags,
  neighbourMessage,
  neighbourStates,
} from './neighbour.js'
