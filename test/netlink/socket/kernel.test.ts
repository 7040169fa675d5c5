/** The kernel's socket as a transport: sending and receiving. Watching is in kernel-watch.test.ts. */
import { expect } from 'chai'
import { OptionError, TransportError } from '../../../src/netlink/errors.js'
import { type KernelOptions, type KernelTransport, openKernel } from '../../../src/netlink/socket/kernel.js'
import { netns } from '../../../src/netlink/socket/netns.js'
import { runScript, src } from '../../support/child.js'
import { needs, root, shim } from '../../support/layers.js'
import { makeNamespace, removeNamespaces } from '../../support/namespaces.js'
import {
  drain,
  dumpLinks,
  getLink,
  makeEvents,
  message,
  NLMSG_DONE,
  NLMSG_ERROR,
  nameNamespace,
  newSlot,
  RTM_GETLINK,
  RTM_NEWLINK,
  RTNLGRP_LINK,
  request,
  split,
} from '../../support/raw.js'

const NETLINK_ROUTE = 0

/** What `run` throws: a TransportError with this code. */
function failure(run: () => unknown, code: string): TransportError {
  try {
    run()
  } catch (error) {
    expect(error).to.be.instanceOf(TransportError)
    expect(error).to.have.property('code', code)
    return error as TransportError
  }
  throw new Error(`nothing was thrown, expected ${code}`)
}

describe('kernel transport', () => {
  const opened: KernelTransport[] = []
  const open = (options: Partial<KernelOptions> = {}): KernelTransport => {
    const transport = openKernel({ protocol: NETLINK_ROUTE, ...options })
    opened.push(transport)
    return transport
  }

  before(function () {
    needs(this, shim)
  })
  afterEach(() => {
    for (const transport of opened.splice(0)) transport.close()
    removeNamespaces()
  })

  it('binds to a port of its own, or to the one that is asked for', () => {
    const one = open()
    const two = open()
    expect(one.port).to.be.greaterThan(0)
    expect(two.port).to.be.greaterThan(0).and.not.equal(one.port)
    const port = 0xfedc0000 + (process.pid & 0xffff)
    expect(open({ port }).port).to.equal(port)
    const error = failure(() => open({ port }), 'ERR_NETLINK_SYSCALL')
    expect(error).to.include({ syscall: 'bind' })
    expect(error.message).to.match(/EADDRINUSE/)
  })

  it('asks for extended acks, capped acks and strict checks', () => {
    expect(open()).to.include({ extAck: true, capAck: true, strictCheck: true, byteOrder: hostOrder(), protocol: 0 })
    const plain = open({ extAck: false, capAck: false, strictCheck: false })
    expect(plain).to.include({ extAck: false, capAck: false, strictCheck: false })
    // The kernel echoes the refused request in full only where CAP_ACK is off, and speaks only where EXT_ACK is on.
    const bad = message(RTM_GETLINK, 0, [0, 1, 0, 7]) // a strict check refuses ifi_change
    const lengths = [open(), open({ extAck: false }), open({ extAck: false, capAck: false })].map((transport) => {
      transport.send(bad, bad.length)
      return drain(transport).messages[0]!.bytes.length
    })
    expect(lengths[0]).to.be.greaterThan(36)
    expect(lengths.slice(1)).to.deep.equal([36, 20 + bad.length])
  })

  it('is answered within the send: one receive straight after it gets the reply', () => {
    const transport = open()
    const slot = newSlot()
    const bytes = getLink(1)
    transport.send(bytes, bytes.length)
    expect(transport.receive(slot)).to.equal('datagram')
    expect(slot).to.include({ port: 0, group: 0, nsid: -1 })
    const [link] = split(slot)
    expect(link).to.include({ type: RTM_NEWLINK, sequence: 1 })
    expect(transport.receive(slot)).to.equal('empty')
  })

  it('sends and receives in one call, also what is no answer, and says at once what it must not send', () => {
    const transport = open()
    const slot = newSlot()
    const bytes = getLink(1)
    expect(transport.exchange(bytes, 32, slot)).to.equal('datagram')
    expect(slot).to.include({ port: 0, group: 0, nsid: -1 })
    expect(split(slot)[0]).to.include({ type: RTM_NEWLINK, sequence: 1 })
    // Nothing is answered, twice, and nothing is kept of that for the receive after the next answer.
    const silent = message(1, 0, [])
    expect(transport.exchange(silent, silent.length, slot)).to.equal('empty')
    expect(transport.receive(slot)).to.equal('empty')
    transport.exchange(silent, silent.length, slot)
    transport.send(bytes, 32)
    expect(transport.receive(slot)).to.equal('datagram')
    const small = newSlot(64)
    expect(transport.exchange(bytes, 32, small)).to.equal('truncated')
    expect(transport.exchange(bytes, 32, small)).to.equal('datagram')
    expect(failure(() => transport.exchange(bytes, 1001, slot), 'ERR_NETLINK_SYSCALL').message).to.match(/EINVAL/)
    expect(transport.receive(slot)).to.equal('empty')
    transport.close()
    failure(() => transport.exchange(bytes, 32, slot), 'ERR_NETLINK_CLOSED')
  })

  it('reads a dump to its end', () => {
    const transport = open()
    const bytes = dumpLinks()
    transport.send(bytes, bytes.length)
    const { results, messages } = drain(transport)
    expect(new Set(results)).to.deep.equal(new Set(['datagram']))
    expect(messages[0]!.type).to.equal(RTM_NEWLINK)
    expect(messages.at(-1)!.type).to.equal(NLMSG_DONE)
  })

  it('sends the first `length` bytes only, and never more than there are', () => {
    const transport = open()
    const padded = new Uint8Array(1000).fill(0xff)
    padded.set(getLink(1))
    transport.send(padded, 32)
    expect(drain(transport).messages.map(({ type }) => type)).to.deep.equal([RTM_NEWLINK])
    expect(failure(() => transport.send(padded, 1001), 'ERR_NETLINK_SYSCALL').message).to.match(/EINVAL/)
  })

  it('says truncated and from which port, and has a buffer that is large enough the next time', () => {
    const transport = open()
    const bytes = getLink(1)
    const slot = newSlot(64)
    const small = slot.bytes
    slot.port = 7
    transport.send(bytes, bytes.length)
    expect(transport.receive(slot)).to.equal('truncated')
    expect(slot).to.include({ length: 0, port: 0 })
    expect(slot.bytes).to.not.equal(small)
    expect(small.length).to.equal(64)
    transport.send(bytes, bytes.length)
    expect(transport.receive(slot)).to.equal('datagram')
    expect(slot.length).to.be.greaterThan(64)
    expect(split(slot)[0]!.bytes.length).to.equal(slot.length)
  })

  it('tells the group of a multicast message', function () {
    needs(this, root)
    const inside = netns.open(makeNamespace())
    const listener = open({ netns: inside.fd })
    const actor = open({ netns: inside.fd })
    inside.close()
    const slot = newSlot()
    makeEvents(actor, 1)
    expect(listener.receive(slot)).to.equal('empty')
    listener.join(RTNLGRP_LINK)
    makeEvents(actor, 2)
    expect(listener.receive(slot)).to.equal('datagram')
    expect(slot).to.include({ group: RTNLGRP_LINK, port: 0, nsid: -1 })
    expect(split(slot)[0]!.type).to.equal(RTM_NEWLINK)
    drain(listener)
    listener.leave(RTNLGRP_LINK)
    makeEvents(actor, 3)
    expect(listener.receive(slot)).to.equal('empty')
    expect(failure(() => listener.join(5000), 'ERR_NETLINK_SYSCALL').message).to.match(/join multicast group 5000/)
  })

  it('tells the namespace id of a message from another namespace', function () {
    needs(this, root)
    const here = netns.open(makeNamespace())
    const there = netns.open(makeNamespace())
    const listener = open({ netns: here.fd, groups: [RTNLGRP_LINK], listenAllNsid: true })
    const actor = open({ netns: there.fd })
    request(open({ netns: here.fd }), nameNamespace(there.fd, 7))
    for (const namespace of [here, there]) namespace.close()
    makeEvents(actor, 1)
    const slot = newSlot()
    expect(listener.receive(slot)).to.equal('datagram')
    expect(slot).to.include({ nsid: 7, group: RTNLGRP_LINK })
  })

  it('opens in another namespace, and this process stays in its own', function () {
    needs(this, root)
    const own = netns.inode({ pid: process.pid })
    const thread = netns.inode('/proc/thread-self/ns/net')
    const inside = netns.open(makeNamespace())
    const other = netns.open(makeNamespace())
    const transport = open({ netns: inside.fd })
    makeEvents(transport, 1)
    const flags = [inside, other].map(({ fd }) => {
      const asked = open({ netns: fd })
      const bytes = getLink(1)
      asked.send(bytes, bytes.length)
      return new Uint32Array(drain(asked).messages[0]!.bytes.slice(24, 28).buffer)[0]! & 1
    })
    expect(flags).to.deep.equal([1, 0])
    expect(netns.inode({ pid: process.pid })).to.equal(own)
    expect(netns.inode('/proc/thread-self/ns/net')).to.equal(thread)
    expect(inside.inode).to.not.equal(own)
    inside.close()
    other.close()
    expect(failure(() => open({ netns: 9999 }), 'ERR_NETLINK_SYSCALL')).to.include({ syscall: 'setns' })
  })

  it('opens nowhere when the descriptor of the namespace is none', () => {
    for (const netns of [-1, -5, 1.5, Number.NaN, 'x' as unknown as number])
      expect(() => open({ netns }), String(netns)).to.throw(
        OptionError,
        /^netns, a descriptor \(netns.open\): expected an integer from 0/,
      )
  })

  it('makes the receive queue as large as it is asked to', function () {
    needs(this, root)
    expect(open({ receiveBuffer: 64 * 2 ** 20 }).receiveBuffer).to.equal(128 * 2 ** 20)
  })

  it('says closed after close, and closes twice without a word', () => {
    const transport = open()
    transport.close()
    transport.close()
    expect(transport.closed).to.equal(true)
    const bytes = getLink(1)
    for (const use of [
      () => transport.send(bytes, bytes.length),
      () => transport.receive(newSlot()),
      () => transport.join(1),
      () => transport.leave(1),
      () => transport.onReadable(() => {}),
      () => transport.receiveBuffer,
    ]) {
      failure(use, 'ERR_NETLINK_CLOSED')
    }
    transport.onReadable(undefined)
    transport.ref()
    transport.unref()
  })

  it('says unsupported for a protocol that the system does not have', () => {
    const error = failure(() => open({ protocol: 31 }), 'ERR_NETLINK_UNSUPPORTED')
    expect(error).to.include({ syscall: 'socket' })
    expect(error.message).to.match(/protocol 31.*EPROTONOSUPPORT/)
  })

  it('gives the answer to a bad request as it is: an error message, not an exception', () => {
    const transport = open()
    const bytes = getLink(0x7ffffff0)
    transport.send(bytes, bytes.length)
    expect(drain(transport).messages.map(({ type }) => type)).to.deep.equal([NLMSG_ERROR])
  })

  it('says permission where root is needed, and works for anyone where it is not', async function () {
    needs(this, root)
    const { stdout, stderr } = await runScript(`
      import { openKernel } from '${src('netlink/socket/kernel.js')}'
      import { netns } from '${src('netlink/socket/netns.js')}'
      const inside = netns.open({ pid: process.pid })
      openKernel({ protocol: 0 }).close()
      process.setgroups([])
      process.setgid(65534)
      process.setuid(65534)
      const codes = [
        () => openKernel({ protocol: 0, netns: inside.fd }),
        () => openKernel({ protocol: 0, listenAllNsid: true }),
        () => netns.create('nlw-never'),
        () => openKernel({ protocol: 0, receiveBuffer: 100000 }).receiveBuffer,
      ].map((run) => { try { return run() } catch (error) { return error.code + ' ' + error.syscall } })
      console.log(JSON.stringify(codes))
    `)
    expect(stderr).to.equal('')
    const denied = 'ERR_NETLINK_PERMISSION'
    expect(JSON.parse(stdout)).to.deep.equal([`${denied} setns`, `${denied} setsockopt`, `${denied} mount`, 200000])
  })
})

function hostOrder(): string {
  return new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 'little' : 'big'
}
