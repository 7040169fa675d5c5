/** Which netlink sockets each traced process and thread has. Threads share descriptors, children copy them. */

/** A netlink socket of a traced program. */
export interface Socket {
  /** As strace names it: `NETLINK_ROUTE`. */
  readonly protocol: string
  /** Its number among the sockets of this protocol: 0 was opened first. */
  readonly number: number
}

interface Open {
  readonly socket: Socket
  /** It is closed when another program is executed. */
  readonly closing: boolean
}

type Files = Map<number, Open>
type Pid = string | undefined

/** Whether a call makes a process or a thread. */
export const isClone = (call: string): boolean => /^v?fork\(|^clone3?\(/.test(call)

function closeRange(files: Files, first: number, args: string): void {
  const last = Number(/^\d+, (\d+)/.exec(args)?.[1])
  for (const [fd, open] of files)
    if (fd >= first && fd <= last)
      if (args.includes('CLOSE_RANGE_CLOEXEC')) files.set(fd, { ...open, closing: true })
      else files.delete(fd)
}

/** The descriptors of all processes of a trace. */
export class Processes {
  readonly #files = new Map<Pid, Files>()
  readonly #cloning = new Map<Pid, string>()
  readonly #counts = new Map<string, number>()

  /** Notes what a call does to descriptors; true when that is all there is to it. */
  note(pid: Pid, call: string, name: string, args: string, result: string, errno: string | undefined): boolean {
    const files = this.#of(pid)
    const fd = Number.parseInt(args, 10)
    if (isClone(call)) this.#cloned(pid, call, errno ? undefined : result)
    else if (errno) return false
    else if (name === 'execve') this.#files.set(pid, new Map([...files].filter(([, { closing }]) => !closing)))
    else if (name === 'close') files.delete(fd)
    else if (name === 'close_range') closeRange(files, fd, args)
    else if (/^dup[23]?$/.test(name) || (name === 'fcntl' && /^\d+(?:<.*>)?, F_DUPFD/.test(args))) {
      const open = files.get(fd)
      if (open) files.set(Number(result), { ...open, closing: args.includes('CLOEXEC') })
      else files.delete(Number(result))
    } else if (/^\d+(?:<.*>)?, (?:F_SETFD|FION?CLEX)\b/.test(args)) {
      const open = files.get(fd)
      if (open) files.set(fd, { ...open, closing: /FD_CLOEXEC|FIOCLEX/.test(args) })
    } else if (name === 'socket') {
      const protocol = /\b(?:AF|PF)_NETLINK\b.*\b(NETLINK_\w+)/.exec(args)?.[1]
      if (protocol)
        files.set(Number(result), { socket: this.#opened(protocol), closing: args.includes('SOCK_CLOEXEC') })
      else files.delete(Number(result))
    } else return false
    return true
  }

  /**
   * The netlink socket that a call is on. A trace that began after the socket was opened (strace -p) tells it by the
   * descriptor's note (-yy) or by the address in the call.
   */
  socket(pid: Pid, args: string): Socket | undefined {
    const files = this.#of(pid)
    const fd = Number.parseInt(args, 10)
    const known = files.get(fd)
    if (known) return known.socket
    const noted = /^\d+<NETLINK:\[([A-Z_0-9]+)/.exec(args)?.[1]
    if (noted === undefined && !/sa_family=AF_NETLINK|\{nlmsg_len=/.test(args)) return undefined
    const socket = this.#opened(noted && !/^\d+$/.test(noted) ? `NETLINK_${noted}` : 'NETLINK_ROUTE')
    files.set(fd, { socket, closing: true })
    return socket
  }

  cloning(pid: Pid, call: string): void {
    this.#cloning.set(pid, call)
  }

  #opened(protocol: string): Socket {
    const number = this.#counts.get(protocol) ?? 0
    this.#counts.set(protocol, number + 1)
    return { protocol, number }
  }

  #cloned(pid: Pid, call: string, child: string | undefined): void {
    this.#cloning.delete(pid)
    if (child !== undefined && !this.#files.has(child)) this.#adopt(child, pid, call)
  }

  /** The descriptors of a process; one that we have not seen before is the child of a clone still under way. */
  #of(pid: Pid): Files {
    const known = this.#files.get(pid)
    if (known) return known
    const [parent, call] = [...this.#cloning].at(-1) ?? []
    if (call === undefined) this.#files.set(pid, new Map())
    else this.#adopt(pid, parent, call)
    return this.#files.get(pid)!
  }

  #adopt(child: Pid, parent: Pid, call: string): void {
    const files = this.#of(parent)
    this.#files.set(child, call.includes('CLONE_FILES') ? files : new Map(files))
  }
}
