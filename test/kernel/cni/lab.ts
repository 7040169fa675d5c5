/** What the guest tests of the CNI plugin work with: the reference plugins, ours in this process, a parent, namespaces. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { expect } from 'chai'
import { netns } from '../../../src/netlink/socket/netns.js'
import { sysctl } from '../../../src/netlink/socket/sysctl.js'
import { runPlugin } from '../../../src/network/cni/plugin.js'

/** Where Debian's containernetworking-plugins are. */
export const referencePlugins = '/usr/lib/cni'
/** Where host-local keeps its leases. */
export const leases = '/run/cni-data'

// biome-ignore lint/suspicious/noExplicitAny: the JSON of other programs, which tests look at member by member
export type Json = any

/** What a plugin said. */
export interface Said {
  readonly failed: boolean
  readonly answer: Json
}

/** A call: who is attached where. */
export interface Attached {
  readonly id?: string
  readonly ns?: string | undefined
  readonly ifname?: string
  readonly env?: Record<string, string>
}

/** Where an IPAM plugin is that does what the variables FAKE_* say: Debian's know nothing of 1.1.0. */
const fakes = '/run/fake-ipam'
const fakePlugin = `#!/bin/sh
eval "answer=\\$FAKE_$CNI_COMMAND status=\\\${FAKE_STATUS_OF_$CNI_COMMAND:-0}"
echo "$CNI_COMMAND" >>${fakes}/calls
echo "$answer"
exit "$status"
`

/** Variables with which the IPAM plugin `fake` gives an address. */
export const fake = (address: string, more: Record<string, string> = {}): Record<string, string> => ({
  FAKE_ADD: JSON.stringify({ ips: [{ address }] }),
  ...more,
})

/** Which commands it has been called with since the last time. */
export function fakeCalls(): string[] {
  const calls = readFileSync(`${fakes}/calls`, 'utf8')
  writeFileSync(`${fakes}/calls`, '')
  return calls.trim().split('\n')
}

/** The variables of a call. */
export const variables = (command: string, { id = 'c1', ns = 'n1', ifname = 'eth0', env = {} }: Attached = {}) => ({
  PATH: process.env.PATH,
  CNI_COMMAND: command,
  CNI_CONTAINERID: id,
  CNI_NETNS: ns === '' ? '' : `/run/netns/${ns}`,
  CNI_IFNAME: ifname,
  CNI_PATH: `${referencePlugins}:${fakes}`,
  ...env,
})

/** A plugin: calls it. */
export type Plugin = (command: string, conf: object, attached?: Attached) => Promise<Said>

/** A plugin that is a program. */
export const program =
  (file: string): Plugin =>
  async (command, conf, attached) => {
    const input = JSON.stringify({ type: file.split('/').at(-1), ...conf })
    const { status, stdout } = spawnSync(file, { input, env: variables(command, attached), encoding: 'utf8' })
    return { failed: status !== 0, answer: stdout.trim() === '' ? undefined : JSON.parse(stdout) }
  }

/** The reference plugin. */
export const reference = (kind: 'ipvlan' | 'macvlan'): Plugin => program(`${referencePlugins}/${kind}`)

/** Ours, in this process. */
export const ours =
  (kind: 'ipvlan' | 'macvlan'): Plugin =>
  async (command, conf, attached) => {
    const { failed, answer } = await runPlugin({
      env: variables(command, attached),
      input: JSON.stringify({ type: kind, ...conf }),
      program: 'nlwire-cni',
    })
    return { failed, answer: answer === undefined ? undefined : JSON.parse(JSON.stringify(answer)) }
  }

/** Runs a command; what it prints. */
export const run = (command: string, ...more: string[]): string => {
  const [file, ...words] = command.split(' ')
  return execFileSync(file!, [...words, ...more], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

export const json = (command: string): Json => JSON.parse(run(command) || '[]')

/** A configuration with addresses from host-local, of both families. */
export const dual = (more: object = {}): Json => ({
  cniVersion: '1.0.0',
  name: 'n',
  master: 'eth0',
  ipam: {
    type: 'host-local',
    dataDir: leases,
    ranges: [[{ subnet: '10.0.1.0/24', gateway: '10.0.1.1' }], [{ subnet: 'fd00:1::/64' }]],
    routes: [{ dst: '0.0.0.0/0' }, { dst: '::/0' }, { dst: '10.7.0.0/16', gw: '10.0.1.9' }],
  },
  ...more,
})

/** A configuration with the addresses in it. */
export const fixed = (address: string, more: object = {}): Json => ({
  cniVersion: '1.0.0',
  name: 'n',
  master: 'eth0',
  ipam: { type: 'static', addresses: [{ address }] },
  ...more,
})

/** The same with version 1.1.0 and the IPAM plugin `fake`. */
export const newest = (more: object = {}): Json => ({
  cniVersion: '1.1.0',
  name: 'n',
  master: 'eth0',
  mode: 'l3',
  ipam: { type: 'fake' },
  ...more,
})

/** The addresses that host-local has given. */
export const leased = (name = 'n'): string[] =>
  existsSync(`${leases}/${name}`) ? readdirSync(`${leases}/${name}`).filter((file) => /^[\da-f]+[.:]/.test(file)) : []

/** A fresh machine: a parent, and two namespaces. */
export function setUp(): void {
  for (const folder of [leases, fakes]) mkdirSync(folder, { recursive: true })
  writeFileSync(`${fakes}/fake`, fakePlugin, { mode: 0o755 })
  writeFileSync(`${fakes}/calls`, '')
  run('ip link add eth0 address 02:00:00:00:00:01 type dummy')
  run('ip link set eth0 up')
  for (const name of ['n1', 'n2']) netns.create(name)
}

export function tearDown(): void {
  rmSync(leases, { recursive: true, force: true })
  run('ip link del eth0')
  for (const name of netns.list()) netns.delete(name)
}

const pick = (from: Json, ...names: string[]): Json =>
  Object.fromEntries(names.filter((name) => name in from).map((name) => [name, from[name]]))

/** Several commands of `ip` at once. */
const ipAll = (ns: string, commands: readonly string[]): Json[] =>
  execFileSync('ip', ['-n', ns, '-j', '-d', '-batch', '-'], { encoding: 'utf8', input: `${commands.join('\n')}\n` })
    .split(/(?<=\])\s*(?=\[)/)
    .map((text) => JSON.parse(text))

/**
 * All that a container has on its link, as `ip` and /proc tell it. Not what the kernel adds by itself a moment later: the
 * address fe80::.
 */
export function look(ns: string, ifname = 'eth0'): Json {
  const [[link], routes] = ipAll(ns, [`addr show ${ifname}`, 'route show table all'])
  const own = (one: Json) => one.dev === ifname && !String(one.dst).startsWith('fe80:')
  return {
    link: pick(link, 'ifname', 'flags', 'mtu', 'address', 'broadcast', 'linkinfo', 'inet6_addr_gen_mode'),
    addresses: link.addr_info
      .filter((one: Json) => one.scope !== 'link')
      .map((one: Json) => pick(one, 'family', 'local', 'prefixlen', 'broadcast', 'scope', 'label')),
    routes: routes.filter(own),
    arpNotify: setting(ns, `ipv4/conf/${ifname}/arp_notify`),
    disableIpv6: ['lo', ifname].map((name) => setting(ns, `ipv6/conf/${name}/disable_ipv6`)),
  }
}

/** A setting of a namespace. */
export const setting = (ns: string, name: string): number => Number(sysctl.get(`net/${name}`, ns))

/** The links in a namespace but the loopback, and in ours the parent; each with its alias. */
export const links = (ns?: string): string[] =>
  json(`ip ${ns === undefined ? '' : `-n ${ns} `}-j link`)
    .filter(({ ifname, link }: Json) => link !== undefined || (ns !== undefined && ifname !== 'lo'))
    .map(({ ifname, ifalias }: Json) => (ifalias === undefined ? ifname : `${ifname} ${ifalias}`))

/** A call that has to succeed. */
export async function good(said: Promise<Said>): Promise<Json> {
  const { failed, answer } = await said
  expect(failed, JSON.stringify(answer)).to.equal(false)
  return answer
}

/** A call that has to fail. */
export async function bad(said: Promise<Said>): Promise<Json> {
  const { failed, answer } = await said
  expect(failed, JSON.stringify(answer)).to.equal(true)
  return answer
}
