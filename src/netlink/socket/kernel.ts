/** The kernel's own socket as a transport: AF_NETLINK, never blocking, over the native shim. */
import { errnos } from '../errno.js'
import { TransportError } from '../errors.js'
import {
  checkOptions,
  INT_MAX,
  integerFrom,
  integerOption,
  isArray,
  isBoolean,
  type OptionTable,
  U32_MAX,
} from '../options.js'
import { type ByteOrder, hostByteOrder, type Received, type Slot, type Transport } from '../transport/transport.js'
import { isShimError, loadShim, systemError, transportError } from './shim.js'
import type { Shim, SocketHandle } from './shim-functions.js'
import * as option from './socket-options.js'

/** How a kernel socket is opened. */
export interface KernelOptions {
  /** The netlink protocol: NETLINK_ROUTE is 0 (linux/netlink.h). */
  protocol: number
  /** A descriptor of the network namespace to open the socket in (`netns.open`). Default: the one we are in. */
  netns?: number | undefined
  /** The netlink port to bind to. Default: the kernel chooses. */
  port?: number | undefined
  /** Multicast groups to join, by number. More can be joined later. */
  groups?: readonly number[] | undefined
  /** Have errors come with the kernel's own words and the place of the fault (NETLINK_EXT_ACK). Default true. */
  extAck?: boolean | undefined
  /** Have acks come without the whole request (NETLINK_CAP_ACK). Default true. */
  capAck?: boolean | undefined
  /** Have the kernel check and filter GET requests strictly (NETLINK_GET_STRICT_CHK). Default true. */
  strictCheck?: boolean | undefined
  /** Not to be told when events were lost (NETLINK_NO_ENOBUFS). Default false. */
  noEnobufs?: boolean | undefined
  /** Hear the events of all namespaces that have an id here (NETLINK_LISTEN_ALL_NSID). Default false. */
  listenAllNsid?: boolean | undefined
  /** The size of the receive queue in bytes, which the kernel doubles for its own needs (SO_RCVBUFFORCE, SO_RCVBUF). */
  receiveBuffer?: number | undefined
}

/** What they can be. */
export const kernelOptions: OptionTable<KernelOptions> = {
  protocol: integerFrom(0, INT_MAX),
  // The shim takes -1 for no namespace: a descriptor that went wrong must not open in ours.
  netns: (name, value) => integerOption(`${name}, a descriptor (netns.open)`, value, 0, INT_MAX),
  port: integerFrom(0, U32_MAX),
  groups(name, value) {
    isArray(name, value)
    for (const group of value as readonly unknown[]) integerOption(name, group, 1, INT_MAX)
  },
  extAck: isBoolean,
  capAck: isBoolean,
  strictCheck: isBoolean,
  noEnobufs: isBoolean,
  listenAllNsid: isBoolean,
  receiveBuffer: integerFrom(1, INT_MAX),
}

/** In the info of the shim's exchange. */
const NOT_SENT = 2
const { EAGAIN, EINTR, ENOBUFS, ENOPROTOOPT } = errnos

/**
 * Opens a netlink socket of the kernel.
 * @throws TransportError ERR_NETLINK_NO_SHIM when there is no shim that can be loaded, ERR_NETLINK_UNSUPPORTED when the system lacks
 * netlink or the protocol, ERR_NETLINK_PERMISSION when root is needed, ERR_NETLINK_SYSCALL for the rest.
 * @example
 * const socket = openKernel({ protocol: 0, groups: [1] }) // NETLINK_ROUTE, RTNLGRP_LINK
 */
export function openKernel(options: KernelOptions): KernelTransport {
  return new KernelTransport(options)
}

/** A netlink socket of the kernel. Open one with `openKernel`. */
export class KernelTransport implements Transport {
  readonly protocol: number
  readonly port: number
  readonly byteOrder: ByteOrder = hostByteOrder
  /** Whether errors carry the kernel's words: asked for, and this kernel has it (4.12). */
  readonly extAck: boolean
  /** Whether acks leave the request out: asked for, and this kernel has it (4.3). */
  readonly capAck: boolean
  /** Whether GET requests are checked and filtered: asked for, and this kernel has it (4.20). */
  readonly strictCheck: boolean
  readonly #shim: Shim
  readonly #socket: SocketHandle
  readonly #info = new Int32Array(4)
  /** What `exchange` could not receive, as -errno: the next `receive` tells it. */
  #failed = 0
  #callback: (() => void) | undefined
  #closed = false

  constructor(options: KernelOptions) {
    checkOptions('openKernel', options, kernelOptions)
    kernelOptions.protocol('protocol', options.protocol)
    const { netns } = options
    const shim = loadShim()
    this.#shim = shim
    this.protocol = options.protocol
    try {
      this.#socket = shim.open(options.protocol, netns ?? -1)
    } catch (error) {
      throw transportError(error, `open a netlink socket of protocol ${options.protocol}`)
    }
    try {
      this.extAck = options.extAck !== false && this.#ask(option.NETLINK_EXT_ACK)
      this.capAck = options.capAck !== false && this.#ask(option.NETLINK_CAP_ACK)
      this.strictCheck = options.strictCheck !== false && this.#ask(option.NETLINK_GET_STRICT_CHK)
      if (options.noEnobufs) this.#set(option.NETLINK_NO_ENOBUFS, 1)
      if (options.listenAllNsid) this.#set(option.NETLINK_LISTEN_ALL_NSID, 1)
      if (options.receiveBuffer !== undefined) this.#setReceiveBuffer(options.receiveBuffer)
      this.port = shim.bind(this.#socket, options.port ?? 0)
      for (const group of options.groups ?? []) this.#setGroup(group)
    } catch (error) {
      shim.close(this.#socket)
      throw transportError(error, 'set up the netlink socket')
    }
  }

  /** The size of the receive queue in bytes as the kernel counts it (SO_RCVBUF): one event takes 832 or more. */
  get receiveBuffer(): number {
    try {
      return this.#shim.getOption(this.#socket, option.SOL_SOCKET, option.SO_RCVBUF)
    } catch (error) {
      throw this.#error(error, 'read the size of the receive queue')
    }
  }

  /** Whether it has been closed. */
  get closed(): boolean {
    return this.#closed
  }

  send(bytes: Uint8Array, length: number): void {
    for (;;) {
      const sent = this.#shim.send(this.#socket, bytes, length)
      if (sent === length) return
      if (sent !== -EINTR) throw this.#sendError(sent, length)
    }
  }

  exchange(bytes: Uint8Array, length: number, slot: Slot): Received {
    const info = this.#info
    const got = this.#shim.exchange(this.#socket, bytes, length, slot.bytes, info)
    if (got >= 0 && info[3] !== NOT_SENT) return this.#received(slot, got)
    if (info[3] === NOT_SENT) {
      if (got !== -EINTR) throw this.#sendError(got, length)
      this.send(bytes, length)
    } else if (got !== -EAGAIN && got !== -EINTR) this.#failed = got
    return 'empty'
  }

  receive(slot: Slot): Received {
    for (;;) {
      // The system says an error of receiving once, and it was said to `exchange`.
      const length = this.#failed || this.#shim.receive(this.#socket, slot.bytes, this.#info)
      this.#failed = 0
      if (length >= 0) return this.#received(slot, length)
      if (length === -EAGAIN) return 'empty'
      if (length === -ENOBUFS) return 'overrun'
      if (length !== -EINTR) throw this.#closed ? closedError() : systemError('receive', 'recvmsg', -length)
    }
  }

  #received(slot: Slot, length: number): Received {
    const info = this.#info
    slot.port = info[0]! >>> 0
    slot.group = info[1]!
    slot.nsid = info[2]!
    slot.length = length
    if (info[3] === 0) return 'datagram'
    slot.length = 0
    // A new buffer: what was decoded from the old one may still be read. A stranger does not make it grow.
    if (slot.port === 0) slot.bytes = new Uint8Array(2 ** Math.ceil(Math.log2(length)))
    return 'truncated'
  }

  onReadable(callback: (() => void) | undefined): void {
    if (this.#closed) {
      if (callback) throw closedError()
      return
    }
    const watched = this.#callback !== undefined
    this.#callback = callback
    if (watched === (callback !== undefined)) return
    // The arrow holds this transport, so a watched socket is not collected (the shim's rule).
    this.#shim.watch(this.#socket, callback && (() => this.#callback?.()))
  }

  join(group: number): void {
    try {
      this.#setGroup(group)
    } catch (error) {
      throw this.#groupError(error, 'join', group)
    }
  }

  leave(group: number): void {
    try {
      this.#set(option.NETLINK_DROP_MEMBERSHIP, group)
    } catch (error) {
      throw this.#groupError(error, 'leave', group)
    }
  }

  ref(): void {
    if (!this.#closed) this.#shim.keepAlive(this.#socket, 1)
  }

  unref(): void {
    if (!this.#closed) this.#shim.keepAlive(this.#socket, 0)
  }

  close(): void {
    this.#closed = true
    this.#callback = undefined
    this.#shim.close(this.#socket)
  }

  [Symbol.dispose](): void {
    this.close()
  }

  #sendError(sent: number, length: number): TransportError {
    if (this.#closed) return closedError()
    if (sent < 0) return systemError(`send ${length} bytes`, 'send', -sent)
    return new TransportError('ERR_NETLINK_SYSCALL', `only ${sent} of ${length} bytes were sent`, { syscall: 'send' })
  }

  #error(error: unknown, doing: string): unknown {
    return this.#closed ? closedError() : transportError(error, doing)
  }

  #groupError(error: unknown, operation: string, group: number): unknown {
    return this.#error(error, `${operation} multicast group ${group} of netlink protocol ${this.protocol}`)
  }

  /** From now on the kernel says of each datagram to which group it was sent; before, only answers can come. */
  #setGroup(group: number): void {
    this.#set(option.NETLINK_PKTINFO, 1)
    this.#set(option.NETLINK_ADD_MEMBERSHIP, group)
  }

  #set(name: number, value: number): void {
    this.#shim.setOption(this.#socket, option.SOL_NETLINK, name, value)
  }

  /** Turns an option on. False where the kernel is too old to have it. */
  #ask(name: number): boolean {
    try {
      this.#set(name, 1)
      return true
    } catch (error) {
      if (isShimError(error) && error.errno === ENOPROTOOPT) return false
      throw error
    }
  }

  /** Beyond the system's limit (net.core.rmem_max) where we may, up to it where not. */
  #setReceiveBuffer(size: number): void {
    try {
      this.#shim.setOption(this.#socket, option.SOL_SOCKET, option.SO_RCVBUFFORCE, size)
    } catch (error) {
      if (!isShimError(error) || error.code !== 'EPERM') throw error
      this.#shim.setOption(this.#socket, option.SOL_SOCKET, option.SO_RCVBUF, size)
    }
  }
}

function closedError(): TransportError {
  return new TransportError('ERR_NETLINK_CLOSED', 'the netlink socket is closed')
}
