/** rtnetlink: the protocol NETLINK_ROUTE with its message types and multicast groups. */
import { defineProtocol, type Protocol } from '../netlink/frame/protocol.js'
import { addressMessage } from './address/address.js'
import { linkMessage } from './link/link.js'
import { nsidMessage } from './namespace/nsid.js'
import { neighbourMessage } from './neighbour/neighbour.js'
import { routeMessage } from './route/route.js'

/** The groups that tell of addresses, one for each address family. */
export const addressGroups = ['ipv4Ifaddr', 'ipv6Ifaddr'] as const
/** The groups that tell of routes, one for each address family. */
export const routeGroups = ['ipv4Route', 'ipv6Route'] as const

/** The groups that link messages are sent to: those of links, and of what IPv6 keeps for them. */
const ofLinks = ['link', 'ipv6Ifinfo'] as const
/** The groups that route messages are sent to. */
const ofRoutes = [...routeGroups, 'mplsRoute', 'ipv4Mroute', 'ipv6Mroute'] as const

/** The group that neighbour messages are sent to, those of bridges as well. */
const ofNeighbours = ['neigh'] as const

/** Message types (RTM_*, linux/rtnetlink.h). */
const messages = {
  RTM_NEWLINK: { number: 16, operation: 'new', body: linkMessage, groups: ofLinks, deletion: 'RTM_DELLINK' },
  RTM_DELLINK: { number: 17, operation: 'del', body: linkMessage, groups: ofLinks },
  RTM_GETLINK: { number: 18, operation: 'get', body: linkMessage, answer: 'RTM_NEWLINK' },
  RTM_SETLINK: { number: 19, operation: 'set', body: linkMessage },
  RTM_NEWADDR: { number: 20, operation: 'new', body: addressMessage, groups: addressGroups, deletion: 'RTM_DELADDR' },
  RTM_DELADDR: { number: 21, operation: 'del', body: addressMessage, groups: addressGroups },
  RTM_GETADDR: { number: 22, operation: 'get', body: addressMessage, answer: 'RTM_NEWADDR' },
  RTM_NEWROUTE: { number: 24, operation: 'new', body: routeMessage, groups: ofRoutes, deletion: 'RTM_DELROUTE' },
  RTM_DELROUTE: { number: 25, operation: 'del', body: routeMessage, groups: ofRoutes },
  RTM_GETROUTE: { number: 26, operation: 'get', body: routeMessage, answer: 'RTM_NEWROUTE' },
  RTM_NEWNEIGH: {
    number: 28,
    operation: 'new',
    body: neighbourMessage,
    groups: ofNeighbours,
    deletion: 'RTM_DELNEIGH',
  },
  RTM_DELNEIGH: { number: 29, operation: 'del', body: neighbourMessage, groups: ofNeighbours },
  RTM_GETNEIGH: { number: 30, operation: 'get', body: neighbourMessage, answer: 'RTM_NEWNEIGH' },
  RTM_NEWNSID: { number: 88, operation: 'new', body: nsidMessage, groups: ['nsid'], deletion: 'RTM_DELNSID' },
  RTM_DELNSID: { number: 89, operation: 'del', body: nsidMessage, groups: ['nsid'] },
  RTM_GETNSID: { number: 90, operation: 'get', body: nsidMessage, answer: 'RTM_NEWNSID' },
  RTM_NEWLINKPROP: { number: 108, operation: 'new', body: linkMessage, deletion: 'RTM_DELLINKPROP' },
  RTM_DELLINKPROP: { number: 109, operation: 'del', body: linkMessage },
  RTM_GETLINKPROP: { number: 110, operation: 'get', body: linkMessage, answer: 'RTM_NEWLINKPROP' },
} as const

/** Multicast groups (RTNLGRP_*, linux/rtnetlink.h). */
const groups = {
  link: 1,
  notify: 2,
  neigh: 3,
  tc: 4,
  ipv4Ifaddr: 5,
  ipv4Mroute: 6,
  ipv4Route: 7,
  ipv4Rule: 8,
  ipv6Ifaddr: 9,
  ipv6Mroute: 10,
  ipv6Route: 11,
  ipv6Ifinfo: 12,
  decnetIfaddr: 13,
  nop2: 14,
  decnetRoute: 15,
  decnetRule: 16,
  nop4: 17,
  ipv6Prefix: 18,
  ipv6Rule: 19,
  ndUseropt: 20,
  phonetIfaddr: 21,
  phonetRoute: 22,
  dcb: 23,
  ipv4Netconf: 24,
  ipv6Netconf: 25,
  mdb: 26,
  mplsRoute: 27,
  nsid: 28,
  mplsNetconf: 29,
  ipv4MrouteR: 30,
  ipv6MrouteR: 31,
  nexthop: 32,
  brvlan: 33,
  mctpIfaddr: 34,
  tunnel: 35,
  stats: 36,
  ipv4Mcaddr: 37,
  ipv6Mcaddr: 38,
  ipv6Acaddr: 39,
} as const

/** The type of `route`, under a name. */
export interface RouteProtocol extends Protocol<typeof messages, typeof groups> {}

/**
 * rtnetlink (NETLINK_ROUTE is 0): links, addresses, routes, neighbours, namespace ids.
 * @example decode(route, bytes)[0].type // 'RTM_NEWLINK'
 */
export const route: RouteProtocol = defineProtocol('route', 0, messages, groups)
