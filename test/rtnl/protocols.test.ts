/** Protocols by name and number, with those that users add. */
import { expect } from 'chai'
import { generic, genericFamily, genlmsghdr } from '../../src/generic/index.js'
import { attributes, bytes, defineProtocol, headed, u32 } from '../../src/netlink/index.js'
import { findProtocol, knownProtocols, registerFamily, registerProtocol, route } from '../../src/rtnl/index.js'
import { nlwire } from '../cli/run.js'

describe('the registry of protocols', () => {
  it('has rtnetlink and generic netlink, by name and by number', () => {
    expect(findProtocol('route')).to.equal(route)
    expect(findProtocol(0)).to.equal(route)
    expect(findProtocol(16)).to.equal(generic)
    expect(knownProtocols()).to.deep.equal([route, generic])
  })

  it('finds nothing under the names that every object has', () => {
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '0'])
      expect(findProtocol(name), name).to.equal(undefined)
  })

  it('takes protocols of users, for the command as well', async () => {
    const audit = defineProtocol('audit', 9, { AUDIT_GET: { number: 1000, operation: 'get', body: bytes } }, {})
    const remove = registerProtocol(audit)
    try {
      expect(findProtocol(9)).to.equal(audit)
      const { stdout } = await nlwire(['decode', '--protocol', 'audit', '--json', '10000000e803010001000000 00000000'])
      expect(stdout).to.contain('AUDIT_GET')
      expect(() => registerProtocol({ ...audit, name: 'route' })).to.throw('the protocol route is known already')
    } finally {
      remove()
    }
    expect(findProtocol(9)).to.equal(undefined)
  })

  it('takes families of generic netlink, which are found where nlctrl tells their number', () => {
    const body = headed(genlmsghdr, attributes('A', { one: [1, u32] }))
    const remove = registerFamily(genericFamily('example', { GET: { cmd: 1, operation: 'get', body } }))
    expect(findProtocol('generic')).to.not.equal(generic)
    remove()
    expect(findProtocol('generic')).to.equal(generic)
  })
})
