/** All functions that are exported and take what programs make up: what they take, argument by argument, option by option. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as generic from '../../src/generic/index.js'
import * as main from '../../src/index.js'
import * as netlink from '../../src/netlink/index.js'
import * as rtnl from '../../src/rtnl/index.js'
import * as testing from '../../src/testing/index.js'
import { root } from './fixtures.js'

const { route } = rtnl
/** Files that a wrong value may name are looked for in a folder of their own, and nothing is written elsewhere. */
let folder: string
export const makeFolder = (): void => {
  folder = mkdtempSync(join(tmpdir(), 'nlwire-options-'))
}
export const removeFolder = (): void => rmSync(folder, { recursive: true, force: true })
const file = () => join(folder, 'test.nl')

const recording = testing.load(join(root, 'fixtures/link/add-in-netns.nl'))
const bytes = recording.exchanges.flatMap((one) => ('bytes' in one ? [one.bytes] : []))[0]!
const capture = testing.toPcap(recording)
const memory = () => new netlink.MemoryTransport()
const host: main.Host = {
  open: () => answering().open(),
  namespace: () => ({ fd: 100, inode: 0n, close() {}, [Symbol.dispose]() {} }),
  names: () => [],
  netns: main.kernelHost.netns,
  sysctl: { get: () => '', set: () => {} } as unknown as main.Host['sysctl'],
}
const answering = () =>
  testing.fakeKernel({
    RTM_GETLINK: () => ({ ifiIndex: 1, ifname: 'lo' }),
    ...{ RTM_NEWLINK: () => undefined, RTM_SETLINK: () => undefined, RTM_DELLINK: () => undefined },
    ...{ RTM_NEWLINKPROP: () => undefined, RTM_DELLINKPROP: () => undefined },
    ...{ RTM_GETADDR: () => [], RTM_NEWADDR: () => undefined, RTM_DELADDR: () => undefined },
    ...{ RTM_GETROUTE: (_: unknown, { flags }: { flags: readonly unknown[] }) => (flags.includes('dump') ? [] : {}) },
    ...{ RTM_NEWROUTE: () => undefined, RTM_DELROUTE: () => undefined },
    ...{ RTM_GETNEIGH: () => testing.refuse('ENOENT'), RTM_NEWNEIGH: () => undefined, RTM_DELNEIGH: () => undefined },
    ...{ RTM_GETNSID: () => ({ nsid: 1 }), RTM_NEWNSID: () => undefined },
  })
const client = () => new main.Rtnl({ host: answering().host, timeout: 5 } as never)
const conversation = () => new netlink.Conversation(answering().open(), route, { timeout: 5 })
const info = { kind: 'dummy' }

/** What is no object of options stays what it is. */
const withMode = (options: unknown) =>
  (isRecordLike(options) ? { mode: 'kernel', open: memory, ...options } : options) as never
const isRecordLike = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The doors: each with what it is given, argument by argument, and the options of its objects. */
export type Call = (...given: never[]) => unknown
export interface Door {
  readonly call: Call
  /** What is right, argument by argument. */
  readonly right: readonly unknown[]
  /** The names of the options in the arguments that are objects of them. */
  readonly options?: Readonly<Record<number, readonly string[]>>
}
const door = (call: Call, right: readonly unknown[], options: Door['options'] = {}): Door => ({ call, right, options })

const change = ['signal', 'timeout']
const dump = ['only', 'signal', 'timeout', 'interrupted', 'retries']
const recordNames = ['title', 'command', 'notes', 'kernel', 'family', 'redact', 'save']
const scriptNames = ['ignore', 'exact', 'order', 'faults', 'family', 'allowUnused']
/** Of a client, by its methods. */
const method = (part: string, name: string, right: readonly unknown[], options: Door['options']) =>
  door(
    (...given) => {
      const object = client() as unknown as Record<string, Record<string, Call>>
      return object[part]![name]!(...given)
    },
    right,
    options,
  )
const talk = (name: 'request' | 'get' | 'dump' | 'subscribe', right: readonly unknown[], options: Door['options']) =>
  door((...given) => (conversation()[name] as Call)(...given), right, options)

export const doors: Readonly<Record<string, Door>> = {
  decode: door(netlink.decode as Call, [route, bytes, {}], { 2: ['byteOrder', 'only', 'lossless'] }),
  encode: door(netlink.encode as Call, [route, [{ type: 'RTM_GETLINK', body: {} }], {}], { 2: ['byteOrder'] }),
  check: door(netlink.check as Call, [route, 'RTM_NEWLINK', {}]),
  dissect: door(netlink.dissect as Call, [route, bytes, {}], { 2: ['byteOrder'] }),
  annotate: door(netlink.annotate as Call, [bytes, netlink.dissect(route, bytes), {}], {
    2: ['mark', 'onlyMarked', 'width', 'fold', 'escape'],
  }),
  tap: door(netlink.tap as Call, [memory(), () => {}]),
  openKernel: door(
    (options) => {
      // Only what is refused before a socket is opened: the kernel is no part of this.
      netlink.openKernel(options)?.close()
    },
    [{ protocol: 0 }],
    {
      0: [
        ...['protocol', 'netns', 'port', 'groups', 'extAck', 'capAck', 'strictCheck', 'noEnobufs', 'listenAllNsid'],
        'receiveBuffer',
      ],
    },
  ),
  Conversation: door(
    (...given) => new netlink.Conversation(...(given as unknown as [never, never, never])),
    [memory(), route, {}],
    { 2: ['timeout', 'onUnexpected', 'firstSequence'] },
  ),
  MemoryTransport: door((options) => new netlink.MemoryTransport(options), [{}], {
    0: ['protocol', 'port', 'byteOrder', 'onSend'],
  }),
  'MemoryTransport.queue': door((...given) => memory().queue(...(given as unknown as [never])), [bytes, {}], {
    1: ['port', 'group', 'nsid'],
  }),
  'conversation.request': talk('request', ['RTM_NEWLINK', {}, {}], { 2: ['flags', ...change] }),
  'conversation.get': talk('get', ['RTM_GETLINK', {}, {}], { 2: ['flags', 'only', ...change] }),
  'conversation.dump': talk('dump', ['RTM_GETLINK', {}, {}], { 2: dump }),
  'conversation.subscribe': talk('subscribe', [['link'], {}], { 1: ['only', 'signal', 'highWater'] }),

  openRtnl: door((options) => main.openRtnl(options).then((one) => one.close()), [{ host, netns: 'x' }], {
    0: ['kinds', 'netns', 'timeout', 'receiveBuffer', 'transport', 'host', 'onWarning', 'onUnexpected'],
  }),
  'rtnl.monitor': door((...given) => (client().monitor as Call).call(client(), ...given), [['link'], {}], {
    1: ['only', 'signal', 'highWater', 'receiveBuffer', 'allNamespaces'],
  }),
  'links.list': method('links', 'list', [{}, {}], { 0: ['master', 'kind', 'nsid'], 1: [...dump, 'stats'] }),
  'links.get': method('links', 'get', [1, {}], { 1: [...change, 'only', 'stats'] }),
  'links.add': method('links', 'add', [{ ifname: 'a', linkinfo: info }, {}], {
    0: ['ifname', 'link', 'master', 'netns', 'up', 'linkinfo', 'mtu', 'propList'],
    1: [...change, 'siblings'],
  }),
  'links.replace': method('links', 'replace', [{ ifname: 'a', linkinfo: info }, {}], { 1: [...change, 'siblings'] }),
  'links.set': method('links', 'set', [1, { up: true }, {}], {
    1: ['ifname', 'link', 'master', 'netns', 'up', 'linkinfo', 'ifiFlags', 'ifiChange'],
    2: [...change, 'siblings'],
  }),
  'links.delete': method('links', 'delete', [1, {}], { 1: change }),
  'links.addAltnames': method('links', 'addAltnames', [1, ['a'], {}], { 2: change }),
  'links.deleteAltnames': method('links', 'deleteAltnames', [1, ['a'], {}], { 2: change }),
  'addresses.list': method('addresses', 'list', [{}, {}], { 0: ['dev', 'family'], 1: dump }),
  'addresses.get': method('addresses', 'get', [{ dev: 1, address: '10.0.0.1' }, {}], {
    0: ['dev', 'address', 'peer'],
    1: change,
  }),
  ...Object.fromEntries(
    ['add', 'replace', 'set', 'delete'].map((name) => [
      `addresses.${name}`,
      method('addresses', name, [{ dev: 1, address: '10.0.0.1' }, {}], {
        0: ['dev', 'address', 'peer', 'ifaFlags', 'ifaPrefixlen'],
        1: change,
      }),
    ]),
  ),
  'routes.add, default': method('routes', 'add', [{ dst: 'default', dev: 1 }], {
    0: ['dst', 'dev', 'gateway', 'prefsrc', 'nexthops', 'family', 'rtmFamily', 'via'],
  }),
  'routes.list': method('routes', 'list', [{}, {}], { 0: ['family', 'table', 'dev', 'protocol', 'type'], 1: dump }),
  'routes.get': method('routes', 'get', ['10.0.0.1', {}], { 1: [...change, 'from'] }),
  ...Object.fromEntries(
    ['add', 'replace', 'set', 'delete'].map((name) => [
      `routes.${name}`,
      method('routes', name, [{ dst: '10.0.0.0/8', dev: 1 }, {}], {
        0: ['dst', 'dev', 'gateway', 'prefsrc', 'nexthops', 'table', 'via'],
        1: change,
      }),
    ]),
  ),
  'neighbours.list': method('neighbours', 'list', [{}, {}], {
    0: ['dev', 'master', 'family', 'proxy', 'state'],
    1: dump,
  }),
  ...Object.fromEntries(
    ['get', 'add', 'replace', 'set', 'delete'].map((name) => [
      `neighbours.${name}`,
      method('neighbours', name, [{ dev: 1, dst: '10.0.0.1', lladdr: '02:00:00:00:00:01' }, {}], {
        0: ['dev', 'dst', 'lladdr', 'ndmState', 'family', 'vlan'],
        1: change,
      }),
    ]),
  ),
  'namespaces.list': method('namespaces', 'list', [{}], { 0: dump }),
  'namespaces.get': method('namespaces', 'get', ['a', {}], { 1: change }),
  'namespaces.set': method('namespaces', 'set', ['a', 1, {}], { 2: change }),
  routeWith: door(rtnl.routeWith as Call, [{ kinds: {} }], { 0: ['kinds'] }),
  findProtocol: door(rtnl.findProtocol as Call, ['route']),
  parsePrefix: door(main.parsePrefix as Call, ['10.0.0.0/8']),
  explain: door(main.explain as Call, [new Error('x')]),
  openGeneric: door((options) => generic.openGeneric(options).then((one) => one.close()), [{ transport: memory }], {
    0: ['transport', 'timeout', 'onUnexpected', 'firstSequence'],
  }),
  'generic.get': door(
    (...given) => {
      const handlers = { CTRL_CMD_GETFAMILY: () => testing.refuse('ENOENT') }
      const one = new generic.Generic({
        transport: () => testing.fakeKernel(handlers, { family: generic.generic }).open(),
      })
      return (one.get as Call).call(one, ...given)
    },
    ['nlctrl', {}],
    { 1: ['flags', ...change] },
  ),

  fakeKernel: door(testing.fakeKernel as Call, [{}, {}], {
    0: ['RTM_GETLINK', 'NOSUCH'],
    1: ['family', 'byteOrder', 'namespaces', 'sysctls'],
  }),
  'fakeKernel.multicast': door((...given) => (answering().multicast as Call)(...given), ['link', 'RTM_NEWLINK', {}]),
  'fakeKernel.answer': door((handlers) => answering().answer(handlers), [{}], { 0: ['RTM_GETLINK', 'NOSUCH'] }),
  refuse: door(testing.refuse as Call, ['EINVAL', {}], { 1: ['message', 'blame', 'missing', 'policy', 'cookie'] }),
  ack: door(testing.ack as Call, [{}], { 0: ['message', 'blame', 'missing', 'policy', 'cookie'] }),
  list: door(testing.list as Call, [[], {}], { 1: ['interrupted', 'each', 'errno'] }),
  recordingHost: door(testing.recordingHost as Call, [host, () => {}]),
  'recordingHost.recording': door((options) => testing.recordingHost(host).recording(options), [{}], {
    0: recordNames,
  }),
  replayHost: door(testing.replayHost as Call, [recording, {}], { 1: [...scriptNames, 'names'] }),
  replay: door(testing.replay as Call, [recording, {}], { 1: [...scriptNames, 'socket'] }),
  isPcap: door(testing.isPcap as Call, [capture]),
  readPcap: door(testing.readPcap as Call, [capture]),
  'PcapReader.push': door((chunk) => new testing.PcapReader().push(chunk), [capture]),
  fromPcap: door(testing.fromPcap as Call, [capture, {}], { 1: ['protocol', 'title', 'kernel'] }),
  toPcap: door(testing.toPcap as Call, [recording, route], {
    0: ['byteOrder', 'family', 'exchanges', 'title', 'notes', 'kernel'],
  }),
  writePcap: door(testing.writePcap as Call, [[{ direction: 'sent', bytes }], 'little']),
  'writePcap, a packet': door((packet) => testing.writePcap([packet], 'little'), [{ direction: 'sent', bytes }], {
    0: ['direction', 'bytes', 'protocol', 'missing', 'seconds', 'nanoseconds', 'offset', 'number'],
  }),
  convertByteOrder: door(testing.convertByteOrder as Call, [route, bytes, 'little']),
  load: door(testing.load as Call, [recording], {
    0: ['byteOrder', 'family', 'exchanges', 'title', 'notes', 'kernel'],
  }),
  save: door(
    (to, ...given: never[]) => (testing.save as Call)(typeof to === 'string' ? (file() as never) : to, ...given),
    ['x', recording, route],
  ),
  formatNl: door(testing.formatNl as Call, [recording, route], {
    0: ['byteOrder', 'family', 'exchanges', 'title', 'notes', 'kernel'],
  }),
  parseNl: door(testing.parseNl as Call, [testing.formatNl(recording, route)]),
  record: door(
    (transport, to, options) => testing.record(transport, typeof to === 'string' ? file() : to, options),
    [memory(), undefined, {}],
    { 2: recordNames },
  ),
  redacted: door(testing.redacted as Call, [recording.exchanges, route, recording.byteOrder, {}], {
    3: ['values', 'paths'],
  }),
  stable: door(testing.stable as Call, [recording.exchanges, recording.byteOrder]),
  differences: door(testing.differences as Call, [route, 'little', bytes, bytes.subarray(0, 20), {}], {
    4: ['ignore', 'exact'],
  }),
  describeDifferences: door(testing.describeDifferences as Call, [[], 'sent']),
  testHost: door(
    (to, options) => testing.testHost(typeof to === 'string' ? file() : to, withMode(options)),
    ['x', {}],
    { 1: [...scriptNames, 'names', 'mode', 'on', ...recordNames.filter((name) => name !== 'save')] },
  ),
  testTransport: door(
    (to, options) => testing.testTransport(typeof to === 'string' ? file() : to, withMode(options)),
    ['x', {}],
    { 1: [...scriptNames, 'socket', 'mode', 'open', ...recordNames] },
  ),
  withTestHost: door(testing.withTestHost as Call, ['x', () => {}, { mode: 'kernel', on: host }]),
}
