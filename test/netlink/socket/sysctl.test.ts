/** Sysctls of this namespace and of others. */
import { readdirSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import { OptionError, TransportError } from '../../../src/netlink/errors.js'
import { type Namespace, netns } from '../../../src/netlink/socket/netns.js'
import { sysctl, sysctlPath } from '../../../src/netlink/socket/sysctl.js'
import { ip } from '../../support/ip.js'
import { needs, root, shim } from '../../support/layers.js'
import { makeNamespace, makeNamespaceWithPair, removeNamespaces, uniqueName } from '../../support/namespaces.js'

function failure(run: () => unknown): TransportError {
  try {
    run()
  } catch (error) {
    expect(error).to.be.instanceOf(TransportError)
    return error as TransportError
  }
  throw new Error('nothing was thrown')
}

const fds = (): number => readdirSync('/proc/self/fd').length
const FORWARDING = 'net/ipv4/conf/lo/forwarding'

describe('sysctls', () => {
  it('are named by a path, or with dots as sysctl(8) does it', () => {
    const same: Readonly<Record<string, string>> = {
      'net/ipv6/conf/eth0/mtu': 'net/ipv6/conf/eth0/mtu',
      'net.ipv6.conf.eth0.mtu': 'net/ipv6/conf/eth0/mtu',
      'net.ipv4.conf.eth0/30.forwarding': 'net/ipv4/conf/eth0.30/forwarding',
      'net/ipv4/conf/eth0.30/forwarding': 'net/ipv4/conf/eth0.30/forwarding',
      'net/ipv4/conf/..../forwarding': 'net/ipv4/conf/..../forwarding',
    }
    for (const [given, path] of Object.entries(same)) expect(sysctlPath(given), given).to.equal(path)
  })

  it('are below net: anything else is refused before anything is opened', () => {
    const wrong = ['', 'net', 'net/', 'kernel/hostname', '/proc/sys/net/ipv4/ip_forward', 'net/../kernel/hostname']
    wrong.push(
      'net/./ipv4/ip_forward',
      'net//ipv4',
      'net/ipv4/x\0',
      'net.',
      'net./.',
      'net.//.kernel.hostname',
      ' net/x',
    )
    wrong.push(`net/${'x'.repeat(5000)}`)
    for (const name of [...wrong, undefined, 1, {}] as string[]) {
      expect(() => sysctl.get(name), String(name)).to.throw(OptionError, /^name: expected a sysctl below net, such as /)
      expect(() => sysctl.set(name, 1), String(name)).to.throw(OptionError, /^name: /)
    }
    for (const value of ['', ' ', '\n', '1\n2', '1\0', Number.NaN, undefined, null, true, {}] as never[])
      expect(() => sysctl.set(FORWARDING, value), String(value)).to.throw(
        OptionError,
        /^value: expected a number, or a/,
      )
  })

  describe('of the kernel', () => {
    before(function () {
      needs(this, shim)
      needs(this, root)
    })
    afterEach(removeNamespaces)

    it('are read and set in another namespace, and stay as they are in ours', () => {
      const name = makeNamespace()
      const ours = readFileSync(`/proc/sys/${FORWARDING}`, 'utf8')
      const before = fds()
      expect(sysctl.get(FORWARDING)).to.equal(ours.trimEnd())
      for (const value of [1, '0', 1]) {
        sysctl.set(FORWARDING, value, name)
        expect(sysctl.get(FORWARDING, name)).to.equal(String(value))
        expect(sysctl.get('net.ipv4.conf.lo.forwarding', name)).to.equal(String(value))
        expect(readFileSync(`/proc/sys/${FORWARDING}`, 'utf8')).to.equal(ours)
      }
      expect(fds()).to.equal(before)
      using opened = netns.open(name)
      for (const where of [`/run/netns/${name}`, { fd: opened.fd }] satisfies Namespace[])
        expect(sysctl.get(FORWARDING, where)).to.equal('1')
    })

    it('are those of links that only the other namespace has, whatever they are called', () => {
      const name = makeNamespaceWithPair()
      ip(name, 'link set v1 down')
      ip(name, 'link set v1 name v0.30')
      sysctl.set('net/ipv6/conf/v0.30/ndisc_notify', 1, name)
      sysctl.set('net.ipv6.conf.v0/30.disable_ipv6', 1, name)
      expect(sysctl.get('net.ipv6.conf.v0/30.ndisc_notify', name)).to.equal('1')
      expect(sysctl.get('net/ipv6/conf/v0.30/disable_ipv6', name)).to.equal('1')
      expect(sysctl.get('net/ipv6/conf/v0/disable_ipv6', name)).to.equal('0')
    })

    it('are given whole, several values and long ones', () => {
      const name = makeNamespace()
      sysctl.set('net/ipv4/ip_local_port_range', '40000 50000', name)
      expect(sysctl.get('net/ipv4/ip_local_port_range', name)).to.equal('40000\t50000')
      expect(sysctl.get('net/ipv4/ip_local_reserved_ports', name)).to.equal('')
      const ports = Array.from({ length: 20_000 }, (_, i) => 2 * i + 1).join(',')
      sysctl.set('net/ipv4/ip_local_reserved_ports', ports, name)
      expect(sysctl.get('net/ipv4/ip_local_reserved_ports', name) === ports).to.equal(true)
    })

    it('that fail say which, the value, where, and why', () => {
      const name = makeNamespace()
      const before = fds()
      const missing = failure(() => sysctl.get('net/ipv6/conf/nope/mtu', name))
      expect(missing).to.include({ code: 'ERR_NETLINK_SYSCALL', syscall: 'open', errno: 2 })
      expect(missing.message).to.equal(
        `cannot read net/ipv6/conf/nope/mtu in the network namespace "${name}": open says ENOENT. ` +
          'There is no such sysctl there: the link that it names, or the module that has it, is missing',
      )
      const refused = failure(() => sysctl.set('net.ipv6.conf.lo.mtu', 'many', name))
      expect(refused).to.include({ code: 'ERR_NETLINK_SYSCALL', syscall: 'write', errno: 22 })
      expect(refused.message).to.equal(
        `cannot set net/ipv6/conf/lo/mtu to "many" in the network namespace "${name}": write says EINVAL. ` +
          'The kernel does not take this value',
      )
      expect(failure(() => sysctl.get('net/ipv6', name)).message).to.match(/EISDIR. It is a folder of sysctls$/)
      expect(failure(() => sysctl.get('net/ipv6/nope')).message).to.match(
        /^cannot read net\/ipv6\/nope: open says ENOENT/,
      )
      const gone = failure(() => sysctl.get(FORWARDING, uniqueName()))
      expect(gone).to.include({ code: 'ERR_NETLINK_NO_NAMESPACE' })
      expect(fds()).to.equal(before)
    })

    it('do not move this process or leave threads behind: two hundred of them', () => {
      const name = makeNamespace()
      const own = netns.inode('/proc/thread-self/ns/net')
      const threads = readdirSync('/proc/self/task').length
      for (let round = 0; round < 100; round++) {
        sysctl.set(FORWARDING, round % 2, name)
        expect(sysctl.get(FORWARDING, name)).to.equal(String(round % 2))
      }
      expect(netns.inode('/proc/thread-self/ns/net')).to.equal(own)
      expect(readdirSync('/proc/self/task').length).to.equal(threads)
    })
  })
})
