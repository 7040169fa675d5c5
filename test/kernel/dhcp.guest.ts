/**
 * DHCP clients on ipvlans of one parent, run by dhcp.test.js in user-mode Linux. The server is dnsmasq; it is behind a veth,
 * as one in the parent's network would be. What it leased to whom is read from its file, whatever a client says.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import { toHex } from '../../src/netlink/bytes/bytes.js'
import { dhcpIdentity, ipvlanNetwork } from '../../src/network/index.js'
import { ip, ipJson } from '../support/ip.js'
import { makeNamespace, removeNamespaces } from '../support/namespaces.js'

const LEASES = '/run/dhcp-leases'
const LOG = '/run/dhcp-log'
const SCRIPT = '/run/dhcp-script'

const children = new Set<ChildProcess>()
interface Ended {
  status: number | null
  output: string
}

interface Started {
  child: ChildProcess
  /** What it has printed. */
  output: () => string
  ended: Promise<Ended>
}

/** Starts a program in a namespace, with its /sys. */
function start(netns: string, words: readonly string[]): Started {
  const child = spawn('ip', ['netns', 'exec', netns, ...words], { stdio: ['ignore', 'pipe', 'pipe'] })
  children.add(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (status) => {
      children.delete(child)
      resolve({ status, output })
    })
  })
  return { child, ended, output: () => output }
}

/** What a probe gives, once that is not undefined. */
async function eventually<T>(probe: () => T | undefined, what: () => string): Promise<T> {
  const end = Date.now() + 25_000
  for (;;) {
    const found = probe()
    if (found !== undefined) return found
    if (Date.now() > end) throw new Error(`not in 25 s: ${what()}`)
    await sleep(50)
  }
}

const log = () => readFileSync(LOG, 'utf8')
const count = (what: string) => log().split(`${what}(`).length - 1

/** Who has leased what, by client identifier (`*` for none) or by DUID: IPv6 has the IAID where IPv4 has the MAC. */
const leases = () =>
  readFileSync(LEASES, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' '))
    .map(([, mac, address, , clientId]) => ({ mac, address, clientId }))
const leaseOf = (clientId: Uint8Array) => leases().find((lease) => lease.clientId === toHex(clientId, ':'))?.address

/** An ipvlan of eth0 in a namespace of its own, up, as eth0. Its mode becomes that of all of them. */
function attach(mode: 'l2' | 'l3'): string {
  const netns = makeNamespace()
  ip(host, `link add attach0 link eth0 type ipvlan mode ${mode}`)
  ip(host, `link set attach0 netns ${netns} name eth0`)
  ip(netns, 'link set eth0 up')
  return netns
}
const macOf = (netns: string): string => ipJson(netns, 'link show eth0')[0].address

/** The address that udhcpc leases; undefined when it gets none. */
async function udhcpc(netns: string, words: readonly string[], tries = 10): Promise<string | undefined> {
  const usual = ['-i', 'eth0', '-f', '-n', '-q', '-t', String(tries), '-T', '1', '-s', SCRIPT]
  const { ended } = start(netns, ['busybox', 'udhcpc', ...usual, ...words])
  const { output } = await ended
  return /^bound (\S+)$/m.exec(output)?.[1]
}

let host: string
/** A client that cannot ask for broadcasts: the server is told to broadcast to it. */
const withoutFlag = dhcpIdentity('n30', 'dhclient')

describe('DHCP on ipvlans of one parent', () => {
  before(async () => {
    writeFileSync(SCRIPT, '#!/bin/sh\n[ "$1" != bound ] || echo "bound $ip"\n', { mode: 0o755 })
    writeFileSync(LEASES, '')
    writeFileSync(LOG, '')
    host = makeNamespace()
    const server = makeNamespace()
    ip(host, `link add eth0 type veth peer name server0 netns ${server}`)
    ip(host, 'link set eth0 up')
    ip(server, 'address add 10.9.0.1/24 dev server0')
    ip(server, 'address add fd09::1/64 dev server0 nodad')
    ip(server, 'link set server0 up')
    const files = ['--conf-file=/dev/null', '--pid-file=', `--dhcp-leasefile=${LEASES}`, `--log-facility=${LOG}`]
    const dhcp = [
      '--dhcp-range=10.9.0.50,10.9.0.99,1h',
      '--no-ping',
      '--dhcp-range=fd09::50,fd09::99,64,1h',
      '--enable-ra',
    ]
    const only = ['--keep-in-foreground', '--port=0', '--interface=server0', '--bind-interfaces', '--user=root']
    const loud = [`--dhcp-host=id:${toHex(withoutFlag.clientId, ':')},set:loud`, '--dhcp-broadcast=tag:loud']
    start(server, ['dnsmasq', ...only, ...dhcp, ...loud, ...files])
    await eventually(
      () =>
        ip(server, 'link show server0').includes('LOWER_UP') && log().includes('DHCP, IP range') ? true : undefined,
      log,
    )
  })
  after(() => {
    for (const child of children) child.kill()
    removeNamespaces()
  })

  it('two links have one MAC; without a client identifier the server takes them for one client', async () => {
    const [a, b] = [attach('l2'), attach('l2')]
    expect(macOf(a)).to.equal(macOf(b))
    const address = await udhcpc(a, ['-B', '-C'])
    expect(address).to.match(/^10\.9\.0\.\d+$/)
    expect(await udhcpc(b, ['-B', '-C'])).to.equal(address)
  })

  it("udhcpc's own client identifier is 01 and the MAC: one client again", async () => {
    const [a, b] = [attach('l2'), attach('l2')]
    const address = await udhcpc(a, ['-B'])
    expect(await udhcpc(b, ['-B'])).to.equal(address)
    expect(leases().find((lease) => lease.address === address)?.clientId).to.equal(`01:${macOf(a)}`)
  })

  it('without the broadcast flag the server offers a lease, and the offer does not arrive', async () => {
    const { udhcpc: words } = dhcpIdentity('quiet', 'c1')
    const before = count('DHCPOFFER')
    expect(words[0]).to.equal('-B')
    expect(await udhcpc(attach('l2'), words.slice(1), 2)).to.equal(undefined)
    expect(count('DHCPOFFER')).to.be.above(before)
  })

  it('with the identity of its attachment each has its own address, and again the same', async () => {
    const ends = ['c1', 'c2'].map((id) => ({ netns: attach('l2'), identity: dhcpIdentity('n30', id) }))
    const lease = () => Promise.all(ends.map(({ netns, identity }) => udhcpc(netns, identity.udhcpc)))
    const [one, two] = await lease()
    expect(one).to.match(/^10\.9\.0\.\d+$/)
    expect(two).to.match(/^10\.9\.0\.\d+$/)
    expect(two).not.to.equal(one)
    expect(ends.map(({ identity }) => leaseOf(identity.clientId))).to.deep.equal([one, two])
    expect(await lease()).to.deep.equal([one, two])

    // A container that is made again is the same client.
    expect(await udhcpc(attach('l2'), dhcpIdentity('n30', 'c1').udhcpc)).to.equal(one)

    for (const [i, address] of [one, two].entries()) ip(ends[i]!.netns, `address add ${address}/24 dev eth0`)
    const { output } = await start(ends[0]!.netns, ['ping', '-c', '1', '-W', '10', two!]).ended
    expect(output).to.match(/1 received/)
  })

  it('attached without addresses, the identity that comes with the attachment gets the lease', async () => {
    const net = await ipvlanNetwork({ name: 'lan', parent: 'eth0', netns: host })
    for (const id of ['c1', 'c2', 'c1']) {
      const netns = makeNamespace()
      const { dhcp } = await net.attach(netns, { id: `by-dhcp-${id}` })
      expect(await udhcpc(netns, dhcp.udhcpc)).to.equal(leaseOf(dhcp.clientId))
      await net.detach(`by-dhcp-${id}`)
    }
    const own = ['c1', 'c2'].map((id) => leaseOf(dhcpIdentity('lan', `by-dhcp-${id}`).clientId))
    expect(own.every((address) => address?.startsWith('10.9.0.'))).to.equal(true)
    expect(own[0]).not.to.equal(own[1])
  })

  it('dhcpcd with these lines gets the lease of this client identifier', async () => {
    const { clientId, dhcpcd } = dhcpIdentity('n30', 'dhcpcd')
    writeFileSync('/run/dhcpcd.conf', dhcpcd)
    // What it keeps between two starts stays in this machine.
    const script =
      'mount -t tmpfs none /var/lib/dhcpcd && exec dhcpcd -4 -1 -A -L -f /run/dhcpcd.conf -c /bin/true eth0'
    const { ended } = start(attach('l2'), ['bash', '-c', script])
    const { output } = await ended
    const address = leaseOf(clientId)
    expect(address, output).to.match(/^10\.9\.0\.\d+$/)
    expect(output)
      .to.include(`leased ${address}`)
      .and.not.match(/unknown|invalid/i)
  })

  it('dhclient with these lines sends this client identifier; Debian has one without the flag, so the server sets it', async () => {
    const { clientId, dhclient } = withoutFlag
    writeFileSync('/run/dhclient.conf', `initial-interval 1;\n${dhclient}`)
    const files = ['-cf', '/run/dhclient.conf', '-lf', '/run/dhclient.leases', '-pf', '/run/dhclient.pid']
    const client = start(attach('l2'), ['dhclient', '-4', '-1', '-d', '-sf', '/bin/true', ...files, 'eth0'])
    await eventually(() => leaseOf(clientId), client.output)
    client.child.kill()
    expect((await client.ended).output).not.to.match(/expect|unknown|semicolon/i)
  })

  it('systemd-networkd with these lines gets the lease of this client identifier, and of its DUID by DHCPv6', async () => {
    const { clientId, duid, iaid, networkd } = dhcpIdentity('n30', 'networkd')
    const netns = attach('l2')
    mkdirSync('/run/systemd/network', { recursive: true, mode: 0o755 })
    const match = '[Match]\nName=eth0\n\n[Network]\nDHCP=yes\n\n'
    writeFileSync('/run/systemd/network/eth0.network', match + networkd)
    // Where /sys is read-only, as in a container, networkd does not wait for udev.
    const script = 'mount -o remount,ro /sys && exec /lib/systemd/systemd-networkd'
    const { child, ended, output } = start(netns, ['bash', '-c', script])
    const addressed = () => ip(netns, '-4 -br address show eth0').match(/10\.9\.0\.\d+/)?.[0]
    const address = await eventually(addressed, output)
    expect(leaseOf(clientId)).to.equal(address)
    const address6 = await eventually(() => leaseOf(duid), output)
    expect(address6).to.match(/^fd09::/)
    expect(leases().find((lease) => lease.address === address6)?.mac).to.equal(String(iaid))
    child.kill()
    expect((await ended).output).not.to.match(/ignoring assignment|Failed to parse|Unknown/)
  })

  it('in l3 no broadcast leaves the link: the server hears nothing, until the mode is l2', async () => {
    const netns = attach('l3')
    const { udhcpc: words } = dhcpIdentity('n110', 'c1')
    const before = count('DHCPDISCOVER')
    expect(await udhcpc(netns, words, 2)).to.equal(undefined)
    expect(count('DHCPDISCOVER')).to.equal(before)
    ip(netns, 'link set eth0 type ipvlan mode l2')
    expect(await udhcpc(netns, words)).to.match(/^10\.9\.0\.\d+$/)
  })
})
