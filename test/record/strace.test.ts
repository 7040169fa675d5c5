/** The recorder's reader of strace files: whole datagrams, in order, of netlink sockets and of nothing else. */
import { expect } from 'chai'

interface Exchange {
  dir: '>' | '<'
  bytes?: Uint8Array
  error?: string
  truncated?: number
  groups?: number
  socket: number
}

// Compiled, this file is in dist/test/record; the recorder is plain JavaScript and stays where it was written.
const module: unknown = await import(new URL('../../../fixtures/record/strace.js', import.meta.url).href)
const { parseStrace } = module as { parseStrace: (text: string, protocol?: string) => Exchange[] }

const parse = (lines: string[], protocol?: string) =>
  parseStrace(lines.join('\n'), protocol).map(({ bytes, ...rest }) => ({
    ...rest,
    ...(bytes ? { hex: Buffer.from(bytes).toString('hex') } : {}),
  }))

const open = (fd: number, pid = 7) => `${pid}   socket(AF_NETLINK, SOCK_RAW|SOCK_CLOEXEC, NETLINK_ROUTE) = ${fd}`
const name =
  '{msg_name={sa_family=AF_NETLINK, nl_pid=0, nl_groups=00000000}, msg_namelen=12, msg_iov=[{iov_base="x"...}]'
const dump = ' | 00000  01 02 03 04                                       ....             |'

describe('parseStrace', () => {
  it('reads sends and receives of several lines and of several buffers', () => {
    const found = parse([
      open(3),
      '7   sendto(3, [{nlmsg_len=20, nlmsg_type=0x12}, "\\x00) = 9 \\"("], 20, 0, NULL, 0) = 20',
      ' | 00000  00 01 02 03 04 05 06 07  08 09 0a 0b 0c 0d 0e 0f  ................ |',
      ' | 00010  10 11 7c 20                                       ..|              |',
      `7   recvmsg(3, ${name}, msg_flags=0}, 0) = 8`,
      ' * 4 bytes in buffer 0',
      dump,
      ' * 4 bytes in buffer 1',
      ' | 00000  ff ee dd cc                                       ....             |',
    ])
    expect(found).to.deep.equal([
      { dir: '>', socket: 0, hex: '000102030405060708090a0b0c0d0e0f10117c20' },
      { dir: '<', socket: 0, hex: '01020304ffeeddcc' },
    ])
  })

  it('leaves out peeks, empty receives, other protocols and other sockets', () => {
    const lines = [
      open(3),
      '7   socket(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC, 0) = 4',
      '7   socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC) = 5',
      '7   sendto(4, "....", 4, 0, NULL, 0) = 4',
      dump,
      '7   sendto(5, "....", 4, 0, NULL, 0) = 4',
      dump,
      `7   recvmsg(3, ${name}, msg_flags=MSG_TRUNC}, MSG_PEEK|MSG_TRUNC) = 4`,
      `7   recvmsg(3, {msg_namelen=12}, MSG_DONTWAIT) = -1 EAGAIN (Resource temporarily unavailable)`,
      '7   close(3)                          = 0',
      '7   socket(AF_INET, SOCK_DGRAM, IPPROTO_IP) = 3',
      '7   sendto(3, "....", 4, 0, NULL, 0) = 4',
      dump,
    ]
    expect(parse(lines)).to.deep.equal([])
    expect(parse(lines.filter((line) => !line.includes('close')))).to.deep.equal([]) // closed by close_range
    expect(parse(lines, 'NETLINK_GENERIC')).to.deep.equal([{ dir: '>', socket: 0, hex: '01020304' }])
  })

  it('tells errors, truncation and multicast groups', () => {
    const found = parse([
      open(3),
      '7   recvfrom(3, 0x7f, 65536, MSG_DONTWAIT, NULL, NULL) = -1 ENOBUFS (No buffer space available)',
      `7   recvmsg(3, ${name}, msg_flags=MSG_TRUNC}, MSG_TRUNC) = 900`,
      ' * 4 bytes in buffer 0',
      dump,
      `7   recvmsg(3, ${name.replace('00000000', '0x8000000')}, msg_flags=0}, 0) = 4`,
      dump,
    ])
    expect(found).to.deep.equal([
      { dir: '<', error: 'ENOBUFS', socket: 0 },
      { dir: '<', socket: 0, truncated: 900, hex: '01020304' },
      { dir: '<', socket: 0, groups: 0x8000000, hex: '01020304' },
    ])
  })

  it('puts calls that were interrupted in the file together, each by its own thread', () => {
    const found = parse([
      open(3),
      '7   clone3({flags=CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_THREAD} <unfinished ...>',
      '8   sendto(3, "....", 4, 0, NULL, 0 <unfinished ...>',
      '7   <... clone3 resumed>)             = 8',
      '7   recvfrom(3,  <unfinished ...>',
      '8   <... sendto resumed>)             = 4',
      dump,
      '7   <... recvfrom resumed>"....", 4096, 0, NULL, NULL) = 4',
      dump,
    ])
    expect(found.map(({ dir }) => dir)).to.deep.equal(['>', '<'])
  })

  it('shares sockets between threads', () => {
    const lines = [
      '7   clone(child_stack=0x7f, flags=CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_THREAD) = 8',
      open(3, 8),
      '7   sendto(3, "....", 4, 0, NULL, 0) = 4',
      dump,
    ]
    expect(parse(lines)).to.deep.equal([{ dir: '>', socket: 0, hex: '01020304' }])
  })

  it('knows which sockets a child has, and that a new program has those only that stay open', () => {
    const found = parse([
      open(3),
      '7   clone(child_stack=NULL, flags=SIGCHLD) = 8',
      '8   close(3)                          = 0',
      '7   sendto(3, "....", 4, 0, NULL, 0) = 4',
      dump,
      '8   sendto(3, "....", 4, 0, NULL, 0) = 4',
      dump,
      '7   dup2(3, 9)                        = 9',
      '7   sendto(9, "....", 4, 0, NULL, 0) = 4',
      dump,
      '7   execve("/usr/sbin/ip", ["ip"], 0x7ffc /* 3 vars */) = 0',
      '7   sendto(3, "....", 4, 0, NULL, 0) = 4',
      dump,
      '7   sendto(9, "....", 4, 0, NULL, 0) = 4',
      dump,
      '7   close_range(5, 99, 0)             = 0',
      '7   sendto(9, "....", 4, 0, NULL, 0) = 4',
      dump,
      open(4),
      '7   sendto(4, "....", 4, 0, NULL, 0) = 4',
      dump,
    ])
    expect(found.map(({ socket }) => socket)).to.deep.equal([0, 0, 0, 1])
  })

  it('refuses a file whose dumps are missing or short', () => {
    expect(() => parse([open(3), '7   sendto(3, "....", 8, 0, NULL, 0) = 8', dump])).to.throw(/4 bytes .* returned 8/)
  })
})
