/** What the native shim exports (native/nlwire.c). */

/** A native socket. Nothing can be done with it but giving it back to the shim. */
export type SocketHandle = { readonly __nlwireSocket: unique symbol }

/**
 * What native/nlwire.c exports. A failed call throws a ShimError; send, receive and exchange return -errno. A wrong argument is a
 * TypeError ERR_INVALID_ARG_TYPE that names it.
 */
export interface Shim {
  /** Opens a socket in the namespace of the descriptor; -1 is the namespace of this process. */
  open(protocol: number, netnsFd: number): SocketHandle
  /** Closes. A second time: nothing happens. */
  close(socket: SocketHandle): void
  /** Binds to a port (0: the kernel chooses) and gives the port got. */
  bind(socket: SocketHandle, port: number): number
  setOption(socket: SocketHandle, level: number, name: number, value: number): void
  getOption(socket: SocketHandle, level: number, name: number): number
  /** Sends `length` bytes to the kernel, never waiting. Gives the bytes sent or -errno. */
  send(socket: SocketHandle, bytes: Uint8Array, length: number): number
  /**
   * Takes one datagram, never waiting. Gives its whole length or -errno, and in `info` the sender's port, the group,
   * the nsid (-1: none told) and 1 if it was cut to fit `bytes`.
   */
  receive(socket: SocketHandle, bytes: Uint8Array, info: Int32Array): number
  /**
   * Sends as `send` does, then takes into `buffer` what has been answered at once, as `receive` does. When not all was
   * sent, `info[3]` is 2, and it gives what `send` gives.
   */
  exchange(socket: SocketHandle, bytes: Uint8Array, length: number, buffer: Uint8Array, info: Int32Array): number
  /** Calls back whenever receive has something to tell; undefined ends that. The callback has to hold the handle. */
  watch(socket: SocketHandle, callback: (() => void) | undefined): void
  /** Whether a watch keeps the process alive (1, as it does at first) or not (0). */
  keepAlive(socket: SocketHandle, alive: 0 | 1): void
  /** Makes a network namespace and mounts it on `path`, in a directory made ready as `ip netns` does. */
  netnsCreate(directory: string, path: string): void
  /** Unmounts and removes what netnsCreate made. */
  netnsDelete(path: string): void
  /** Opens a namespace's file. EINVAL when it is not a network namespace. */
  netnsOpen(path: string): number
  /** Calls back with this thread in the namespace, and gives what that gives. */
  netnsRun(netnsFd: number, call: () => void): void
  /**
   * Puts a program in the place of this process: `words` and `binds` are texts that end with NUL, `binds` pairs of paths.
   * When it fails, this thread may be in the namespace.
   */
  netnsExec(netnsFd: number, binds: Uint8Array, words: Uint8Array): void
  /**
   * Reads a file below /proc/sys/net as the namespace of the descriptor has it (-1: ours). Gives the length. EMSGSIZE when
   * `bytes` is full.
   */
  sysctlRead(netnsFd: number, path: string, bytes: Uint8Array): number
  /** Writes one. */
  sysctlWrite(netnsFd: number, path: string, bytes: Uint8Array): void
}

/** The same as a list: a file that lacks one of them is of another version. */
const exported: Readonly<Record<keyof Shim, true>> = {
  open: true,
  close: true,
  bind: true,
  setOption: true,
  getOption: true,
  send: true,
  receive: true,
  exchange: true,
  watch: true,
  keepAlive: true,
  netnsCreate: true,
  netnsDelete: true,
  netnsOpen: true,
  netnsRun: true,
  netnsExec: true,
  sysctlRead: true,
  sysctlWrite: true,
}
export const shimFunctions = Object.keys(exported) as readonly (keyof Shim)[]
