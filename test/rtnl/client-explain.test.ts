import { join } from 'node:path'
import { expect } from 'chai'
import { decode, encode } from '../../src/netlink/codec/message.js'
import { KernelError } from '../../src/netlink/conversation/kernel-error.js'
import { errnoNumber } from '../../src/netlink/errno.js'
import { hostByteOrder } from '../../src/netlink/transport/transport.js'
import { explain } from '../../src/rtnl/explain.js'
import { route } from '../../src/rtnl/protocol.js'
import { load } from '../../src/testing/index.js'
import { root } from '../support/fixtures.js'

const errnos = { EPERM: 1, EBUSY: 16, ENODEV: 19, EEXIST: 17, ENOENT: 2, EINVAL: 22, EOPNOTSUPP: 95, EADDRINUSE: 98 }

function error(type: string, errno: keyof typeof errnos, body: object, message?: string): KernelError {
  return from(encode(route, [{ type, body } as never]), errno, message)
}

const from = (request: Uint8Array, errno: keyof typeof errnos, message?: string) =>
  new KernelError({
    family: route,
    byteOrder: hostByteOrder,
    request,
    errno: errnos[errno],
    ack: message === undefined ? {} : { message },
  })

describe('explain', () => {
  const dummy = { ifname: 'd0', linkinfo: { kind: 'dummy' } }

  it('a missing module only where that can be it', () => {
    expect(explain(error('RTM_NEWLINK', 'EOPNOTSUPP', dummy, 'Unknown device type'))).to.match(/modprobe dummy/)
    expect(explain(error('RTM_NEWLINK', 'EOPNOTSUPP', dummy))).to.match(/modprobe dummy/)
    const bridge = { ifname: 'br0', linkinfo: { kind: 'bridge', data: { vlanFiltering: 1 } } }
    expect(explain(error('RTM_NEWLINK', 'EOPNOTSUPP', bridge))).to.match(/built without one of vlanFiltering/)
    expect(explain(error('RTM_NEWLINK', 'EOPNOTSUPP', bridge, 'Unknown device type'))).not.to.match(/built without/)
    const asPort = { ...dummy, master: 7 }
    expect(explain(error('RTM_NEWLINK', 'EOPNOTSUPP', asPort, 'Unknown device type'))).to.match(/modprobe dummy/)
    expect(explain(error('RTM_NEWLINK', 'EOPNOTSUPP', asPort))).to.match(/does not support/)
    const said = explain(error('RTM_NEWLINK', 'EOPNOTSUPP', dummy, 'Can not enslave it'))
    expect(said)
      .to.match(/does not support/)
      .and.not.match(/modprobe/)
  })

  it('of recordings: the probe of iproute2, a source that is not ours', () => {
    const said = (name: string) => {
      const { exchanges, byteOrder } = load(join(root, `fixtures/error/${name}.nl`))
      const requests = exchanges.flatMap((one) => ('bytes' in one && one.direction === 'sent' ? [one.bytes] : []))
      return exchanges.flatMap((one) => {
        if (!('bytes' in one) || one.direction === 'sent') return []
        const [answer] = decode(route, one.bytes, { byteOrder })
        const request = requests.findLast((bytes) => decode(route, bytes, { byteOrder })[0]!.seq === answer!.seq)!
        if (answer!.type !== 'NLMSG_ERROR' || answer!.body.error === null) return []
        const { error, ...ack } = answer!.body
        return [explain(new KernelError({ family: route, byteOrder, request, errno: errnoNumber(error)!, ack }))]
      })
    }
    expect(said('ipvlan-parent-is-bridge-port')[0]).to.match(/iproute2 sends it first/)
    expect(said('ipvlan-no-such-parent').at(-1)).to.match(/no link/)
    expect(said('route-bad-source').at(-1)).to.match(/The preferred source 10.9.9.9 is no address/)
  })

  it('a name that is taken, of a change and of a new link', () => {
    expect(explain(error('RTM_SETLINK', 'EEXIST', { ifiIndex: 2, ifname: 'd1' }))).to.match(
      /a link named d1 already: choose another name/,
    )
    expect(explain(error('RTM_SETLINK', 'EEXIST', { ifiIndex: 2, netNsPid: 1 }))).to.match(/choose another name/)
    expect(explain(error('RTM_NEWLINK', 'EEXIST', dummy))).to.match(/a link named d0 already: .*use replace/)
    const vlan = { ifname: 'd0.7', link: 2, linkinfo: { kind: 'vlan', data: { id: 7 } } }
    expect(explain(error('RTM_NEWLINK', 'EEXIST', vlan, 'VLAN device already exists'))).to.equal(undefined)
  })

  it('neighbours that are there already, or not', () => {
    const neighbour = { ndmFamily: 'inet', ndmIfindex: 2, dst: '10.0.0.2' }
    expect(explain(error('RTM_NEWNEIGH', 'EEXIST', neighbour))).to.match(/use replace/)
    expect(explain(error('RTM_NEWNEIGH', 'ENOENT', neighbour))).to.match(/use add, or replace/)
    expect(explain(error('RTM_DELNEIGH', 'ENOENT', neighbour))).to.match(/no such neighbour/)
  })

  it('a busy parent, and a link that is renamed while it is up', () => {
    const on = (kind: string) => ({ ifname: 'a0', ifiIndex: 0, link: 2, linkinfo: { kind } })
    expect(explain(error('RTM_NEWLINK', 'EBUSY', on('macvlan')))).to.match(/an ipvlan is on it/)
    expect(explain(error('RTM_NEWLINK', 'EBUSY', on('macvtap')))).to.match(/an ipvlan is on it/)
    expect(explain(error('RTM_NEWLINK', 'EBUSY', on('ipvlan')))).to.match(/a macvlan is on it/)
    expect(explain(error('RTM_SETLINK', 'EBUSY', { ifname: 'a0', ifiIndex: 7 }))).to.match(/cannot be renamed/)
  })

  it('never throws, whatever the request is', () => {
    const whole = encode(route, [{ type: 'RTM_NEWLINK', body: dummy } as never])
    for (const errno of Object.keys(errnos) as (keyof typeof errnos)[]) {
      for (let length = 0; length <= whole.length; length++) {
        const told = explain(from(whole.slice(0, length), errno))
        expect(told ?? '').to.not.match(/undefined/)
      }
      const garbled = whole.slice()
      garbled.fill(0xff, 32)
      expect(explain(from(garbled, errno)) ?? '').to.not.match(/undefined/)
      for (const type of ['RTM_NEWADDR', 'RTM_NEWROUTE', 'RTM_DELADDR', 'RTM_SETLINK'])
        expect(explain(error(type, errno, {})) ?? '', type).to.not.match(/undefined/)
    }
    expect(explain(from(whole.slice(0, 20), 'EPERM'))).to.match(/CAP_NET_ADMIN/)
    expect(explain(undefined)).to.equal(undefined)
  })
})
