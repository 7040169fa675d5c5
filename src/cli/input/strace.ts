/**
 * Reads what strace wrote of programs and gives back their netlink traffic, byte for byte.
 *
 * strace decodes netlink structures in its lines, and what it decodes is not the bytes any more. With `-e write=all
 * -e read=all` it also dumps each buffer in hex below its line, whole and cut to the length that the call returned.
 * Where there is no dump, a call that strace has not decoded has its bytes as a string, whole with a large `-s`.
 */
import { fromEscapes } from './escaped.js'
import { isClone, Processes, type Socket } from './strace-files.js'

/** One datagram, or one call that failed. */
export interface StraceCall {
  readonly dir: '>' | '<'
  /** The datagram; undefined when the call failed, or when the trace does not have it. */
  readonly bytes?: Uint8Array
  /** How many bytes the call returned. */
  readonly length: number
  /** The errno of a call that failed, such as ENOBUFS. */
  readonly error?: string
  /** The true length, when the receiver's buffer was too small for it. */
  readonly truncated?: number
  /** The multicast groups (a bit mask) that a received datagram was sent to, unless none. */
  readonly groups?: number
  readonly socket: Socket
  /** The process, where the trace is of several. */
  readonly process: string | undefined
  /** The number of the line that the call is in. */
  readonly line: number
}

interface OpenCall extends Omit<StraceCall, 'bytes'> {
  readonly hex: string[]
  /** The call as it stands, for the strings in it. */
  readonly text: string
}

// Calls that came back with nothing to tell: there was no datagram yet, or a signal came.
const nothing = new Set(['EAGAIN', 'EINTR', 'ERESTARTSYS', 'ERESTARTNOHAND'])
const sends = /^(?:send(?:to|msg)?|writev?|pwritev?2?)$/
const receives = /^(?:recv(?:from|msg)?|readv?|preadv?2?)$/
/** The process and the time before a call, in the forms of -f, -t, -tt, -ttt and -r. */
const prefix = /^(?:\[pid +(\d+)\] +|(\d+) +)?(?:\d\d:\d\d:\d\d(?:\.\d+)? +|\d+\.\d+ +)?(.*)$/

/** Reads a trace line by line: feed it with `line`, and at the end with `end`. */
export class StraceReader {
  readonly #processes = new Processes()
  readonly #unfinished = new Map<string | undefined, string>()
  /** The call whose hex dump the next lines may be. */
  #open: OpenCall | undefined
  #number = 0

  /** Takes a line; gives the call that is complete with it. */
  line(line: string): StraceCall | undefined {
    this.#number++
    const dump = /^ \| [0-9a-f]{5,} {2}(.{48})/.exec(line)
    if (dump) {
      const open = this.#open
      open?.hex.push(dump[1]!)
      // Whole, so that a trace that is read live has not to wait for the next call.
      return open && isWhole(open) ? this.end() : undefined
    }
    if (/^ [|*] /.test(line)) return undefined
    const done = this.end()
    this.#call(line)
    return done
  }

  /** The call that waits for its dump, if there is one. */
  end(): StraceCall | undefined {
    const open = this.#open
    this.#open = undefined
    return open && finished(open)
  }

  #call(line: string): void {
    const [, pid = prefix.exec(line)?.[2], , rest = ''] = prefix.exec(line) ?? []
    let call = rest
    const resumed = /^<\.\.\. \w+ resumed>,? ?(.*)$/.exec(rest)
    if (resumed) {
      call = (this.#unfinished.get(pid) ?? '') + resumed[1]
      this.#unfinished.delete(pid)
    } else if (rest.endsWith('<unfinished ...>')) {
      const start = rest.slice(0, -'<unfinished ...>'.length)
      this.#unfinished.set(pid, start)
      if (isClone(start)) this.#processes.cloning(pid, start)
      return
    }
    const parts = /^(\w+)\((.*)\) += (-?\d+|\?)(?:<[^>]*>)?(?: (E[A-Z0-9]+))?/.exec(
      call.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""'),
    )
    if (!parts) return
    const [, name = '', args = '', result = '', errno] = parts
    if (this.#processes.note(pid, call, name, args, result, errno)) return
    const sent = sends.test(name)
    if (!sent && !receives.test(name)) return
    const socket = this.#processes.socket(pid, args)
    if (!socket || /\bMSG_PEEK\b/.test(args) || (errno && nothing.has(errno)) || result === '?') return
    const groups = sent ? 0 : Number.parseInt(/nl_groups=(?:0x)?([0-9a-f]+)/.exec(args)?.[1] ?? '0', 16)
    const length = Number(result)
    this.#open = {
      ...{ dir: sent ? '>' : '<', length, socket, process: pid, line: this.#number, hex: [], text: call },
      ...(errno ? { error: errno } : {}),
      ...(groups === 0 ? {} : { groups }),
      ...(/msg_flags=[A-Z_|]*MSG_TRUNC/.test(args) ? { truncated: length } : {}),
    }
  }
}

/** Whether the dump is as long as the call said: all its lines but the last have sixteen bytes. */
function isWhole({ hex, length }: OpenCall): boolean {
  if (hex.length * 16 < length) return false
  const counted = hex.reduce((sum, line) => sum + (line.match(/[0-9a-f]{2}/g)?.length ?? 0), 0)
  return counted >= length
}

function finished({ hex, text, ...call }: OpenCall): StraceCall {
  if (call.error !== undefined) return call
  const bytes = hex.length > 0 ? Buffer.from(hex.join('').replaceAll(' ', ''), 'hex') : stringsIn(text, call.length)
  return bytes ? { ...call, bytes: new Uint8Array(bytes) } : call
}

/** The bytes of a call that stand in its line as strings; undefined when they are not there, or not all. */
function stringsIn(text: string, length: number): Uint8Array | undefined {
  if (length === 0) return new Uint8Array()
  const base = /iov_base=/.test(text)
  const found = text.matchAll(
    base ? /iov_base="((?:[^"\\]|\\.)*)"(\.\.\.)?/g : /^\w+\([^,]*, "((?:[^"\\]|\\.)*)"(\.\.\.)?/g,
  )
  const parts: Uint8Array[] = []
  for (const [, string, cut] of found) {
    if (cut) return undefined
    parts.push(fromEscapes(string!))
  }
  const bytes = Buffer.concat(parts)
  return bytes.length < length || parts.length === 0 ? undefined : bytes.subarray(0, length)
}
