/** As much of traffic control as its recordings need, by linux/rtnetlink.h and linux/pkt_cls.h. */
import {
  attributes,
  be16,
  be32,
  bitFields,
  byMember,
  bytes,
  defineProtocol,
  enumOf,
  followedBy,
  headed,
  indexed,
  nulString,
  packed,
  s16,
  s32,
  select,
  struct,
  u8,
  u16,
  u32,
} from '../../src/netlink/index.js'

export const tcmsg = struct(
  'tcmsg',
  { tcmFamily: u8, _pad1: u8, _pad2: u16, tcmIfindex: s32, tcmHandle: u32, tcmParent: u32, tcmInfo: u32 },
  { aligned: true },
)
export const u32Sel = struct(
  'tc_u32_sel',
  { flags: u8, offshift: u8, nkeys: u8, offmask: be16, off: u16, offoff: s16, hoff: s16, hmask: be32 },
  { aligned: true },
)
export const u32Key = struct('tc_u32_key', { mask: be32, val: be32, off: s32, offmask: s32 })
export const ematchHeader = struct(
  'tcf_ematch_hdr',
  { matchid: u16, kind: enumOf(u16, { cmp: 1 }), flags: u16, pad: u16 },
  { aligned: true },
)
export const emCmp = struct('tcf_em_cmp', {
  ...{ val: u32, mask: u32, off: u16 },
  alignFlags: bitFields(u8, { align: 4, flags: 4 }),
  layerOpnd: bitFields(u8, { layer: 4, opnd: 4 }),
})

const u32Options = attributes('TCA_U32', {
  classid: [1, u32],
  sel: [5, followedBy(u32Sel, 'keys', packed(u32Key), { count: 'nkeys' })],
})
const ematches = attributes('TCA_EMATCH_TREE', {
  hdr: [1, struct('tcf_ematch_tree_hdr', { nmatches: u16, progid: u16 })],
  list: [2, indexed(followedBy(ematchHeader, 'data', byMember('kind', { cmp: emCmp }, bytes)))],
})
const basicOptions = attributes('TCA_BASIC', { classid: [1, u32], ematches: [2, ematches] })
const filter = attributes('TCA', {
  kind: [1, nulString()],
  options: [2, select('kind', { u32: u32Options, basic: basicOptions }, 'otherOptions')],
})

export const tc = defineProtocol(
  'tc',
  0,
  { RTM_NEWTFILTER: { number: 44, operation: 'new', body: headed(tcmsg, filter) } },
  {},
)
