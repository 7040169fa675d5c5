/** Where `ip` has other words than the kernel: each by itself, or together with the word after it. */
import { INFINITY_LIFE_TIME } from '../../../rtnl/address/address.js'

/** Words, and what stands for them. */
export type Synonyms = Readonly<Record<string, readonly string[]>>

/** Of every link, and of the other end of a pair. */
export const linkSynonyms: Synonyms = {
  name: ['ifname'],
  alias: ['ifalias'],
  brd: ['broadcast'],
  txqueuelen: ['txqlen'],
  qlen: ['txqlen'],
  mode: ['linkmode'],
  state: ['operstate'],
  'group default': ['group', '0'],
  down: ['up', 'off'],
  allmulticast: ['ifi_flags.allmulti'],
  addrgenmode: ['af_spec.inet6.addr_gen_mode'],
  altname: ['prop_list.alt_ifname'],
}

const macvlan: Synonyms = {
  bclim: ['bc_cutoff'],
  'macaddr add': ['macaddr_mode', 'add', 'macaddr'],
  'macaddr del': ['macaddr_mode', 'del', 'macaddr'],
  'macaddr set': ['macaddr_mode', 'set', 'macaddr_data'],
  'macaddr flush': ['macaddr_mode', 'flush'],
}
const ipvlan: Synonyms = { bridge: ['flags', 'none'] }

/** Of the data of a kind. */
export const kindSynonyms: Readonly<Record<string, Synonyms>> = {
  ipvlan,
  ipvtap: ipvlan,
  macvlan,
  macvtap: macvlan,
  vlan: { proto: ['protocol'], ingress_qos_map: ['ingress_qos'], egress_qos_map: ['egress_qos'] },
  bridge: {
    group_address: ['group_addr'],
    no_linklocal_learn: ['no_ll_learn'],
    mcast_last_member_count: ['mcast_last_member_cnt'],
    mcast_last_member_interval: ['mcast_last_member_intvl'],
    mcast_startup_query_count: ['mcast_startup_query_cnt'],
    mcast_startup_query_interval: ['mcast_startup_query_intvl'],
    mcast_membership_interval: ['mcast_membership_intvl'],
    mcast_querier_interval: ['mcast_querier_intvl'],
    mcast_query_interval: ['mcast_query_intvl'],
    mcast_query_response_interval: ['mcast_query_response_intvl'],
  },
}

/** Of what a master keeps for a link. */
export const slaveSynonyms: Readonly<Record<string, Synonyms>> = {
  bridge: {
    hairpin: ['mode'],
    root_block: ['protect'],
    flood: ['unicast_flood'],
    mcast_router: ['multicast_router'],
    mcast_to_unicast: ['mcast_to_ucast'],
    fdb_flush: ['flush'],
  },
}

export const addressSynonyms: Synonyms = {
  brd: ['broadcast'],
  metric: ['rt_priority'],
  priority: ['rt_priority'],
  preference: ['rt_priority'],
  valid_lft: ['cacheinfo.ifa_valid'],
  preferred_lft: ['cacheinfo.ifa_prefered'],
  'valid_lft forever': ['cacheinfo.ifa_valid', String(INFINITY_LIFE_TIME)],
  'preferred_lft forever': ['cacheinfo.ifa_prefered', String(INFINITY_LIFE_TIME)],
  home: ['homeaddress'],
  mngtmpaddr: ['managetempaddr'],
  autojoin: ['mcautojoin'],
}

export const routeSynonyms: Synonyms = {
  src: ['prefsrc'],
  metric: ['priority'],
  preference: ['priority'],
  proto: ['protocol'],
  dsfield: ['tos'],
}

export const metricSynonyms: Synonyms = { congctl: ['cc_algo'] }

/** Values that `ip` calls otherwise. Each counts only where its type takes it. */
export const valueSynonyms: Readonly<Record<string, string>> = {
  global: 'universe',
  stable_secret: 'stablePrivacy',
}
