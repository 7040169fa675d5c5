/** Every input format, from files that the real tools have made. */
import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { inputFile, nlwire } from './run.js'

let request = ''

/** What each file is taken for, and how many datagrams are in it. */
const files: Readonly<Record<string, readonly [format: string, datagrams: number]>> = {
  'hex-lines.txt': ['hex', 2],
  'hex-spaced.txt': ['hex', 1],
  'xxd.txt': ['output of xxd', 1],
  'xxd-g1.txt': ['output of xxd', 2],
  'hexdump-c.txt': ['output of hexdump', 1],
  'hexdump.txt': ['output of hexdump', 1],
  'od.txt': ['output of od', 1],
  'od-b.txt': ['output of od', 1],
  // The same lines as hexdump's.
  'od-x.txt': ['output of hexdump', 1],
  'od-x1z.txt': ['output of od', 1],
  'od-d-x4.txt': ['output of od', 1],
  'base64.txt': ['base64', 1],
  'base64-lines.txt': ['base64', 2],
  'c.txt': ['byte arrays of a program', 1],
  'go.txt': ['byte arrays of a program', 1],
  'rust.txt': ['byte arrays of a program', 1],
  'python-list.txt': ['byte arrays of a program', 1],
  'python-bytes.txt': ['text with \\x escapes', 1],
  'escaped.txt': ['text with \\x escapes', 1],
}

const lines = (text: string) => text.split('\n').filter((line) => line !== '')
const types = (text: string) => lines(text).map((line) => (JSON.parse(line) as { type: string }).type)

describe('nlwire decode: input formats', () => {
  before(async () => {
    request = (await nlwire(['decode', '--json', inputFile('xxd.txt')])).stdout
  })

  it('the request is what it should be', () => {
    expect(JSON.parse(request)).to.deep.include({ direction: '>', type: 'RTM_NEWLINK', seq: 1795467888, pid: 0 })
    expect(JSON.parse(request).body.linkinfo).to.deep.equal({ kind: 'ipvlan', data: { mode: 'l3', flags: [] } })
  })

  for (const [name, [format, count]] of Object.entries(files)) {
    it(name, async () => {
      const { status, stdout, stderr } = await nlwire(['decode', '--json', inputFile(name)])
      expect(stderr).to.equal(`nlwire: ${inputFile(name)}: ${format}\n`)
      expect(status).to.equal(0)
      expect(lines(stdout)).to.have.lengthOf(count)
      expect(`${lines(stdout)[0]}\n`).to.equal(request)
      if (count === 2) expect(JSON.parse(lines(stdout)[1]!).body.error).to.equal(null)
    })
  }

  it('the same in text of Windows: a byte-order mark, and carriage returns', async () => {
    for (const [name, [format]] of Object.entries(files)) {
      const windows = `\ufeff${readFileSync(inputFile(name), 'utf8').replaceAll('\n', '\r\n')}`
      const { stdout, stderr } = await nlwire(['decode', '--json'], windows)
      expect(stderr, name).to.equal(`nlwire: standard input: ${format}\n`)
      expect(stdout, name).to.equal((await nlwire(['decode', '--json', inputFile(name)])).stdout)
    }
  })

  it('hex as arguments, in one or several', async () => {
    const hex = (await nlwire(['encode'], request)).stdout.trim()
    expect(hex).to.match(/^58000000/)
    expect((await nlwire(['decode', '--json', hex])).stdout).to.equal(request)
    expect((await nlwire(['decode', '--json', ...hex.match(/../g)!])).stdout).to.equal(request)
    expect((await nlwire(['decode', '--json', hex.match(/../g)!.join(':')])).stdout).to.equal(request)
  })

  it('strace with dumps: several processes, interrupted calls', async () => {
    const { status, stdout } = await nlwire(['decode', inputFile('strace-dump.txt')])
    expect(status).to.equal(0)
    const headings = lines(stdout).filter((line) => /^[<>]/.test(line))
    expect(headings).to.have.lengthOf(12)
    // Interleaved in the trace, each answer below its own request here.
    const sockets = headings.map((line) => /socket \d/.exec(line)![0])
    for (let i = 0; i < 12; i += 2) expect([sockets[i], headings[i]![0]]).to.deep.equal([sockets[i + 1], '>'])
  })

  it('strace with strings (-xx) and with descriptors (-yy)', async () => {
    expect(types((await nlwire(['decode', '--json', inputFile('strace-xx.txt')])).stdout)).to.deep.equal([
      ...['RTM_GETLINK', 'RTM_NEWLINK', 'RTM_GETLINK', 'NLMSG_ERROR'],
    ])
    const { stdout } = await nlwire(['decode', inputFile('strace-yy.txt')])
    expect(stdout).to.contain('# RTM_DELADDR: EADDRNOTAVAIL "ipv4: Address not found"')
  })

  it('strace with a file for each process (-ff)', async () => {
    const names = ['strace-ff.1.txt', 'strace-ff.2.txt'].map(inputFile)
    const { status, stdout } = await nlwire(['decode', '--json', ...names])
    expect(status).to.equal(0)
    expect(types(stdout)).to.include.members(['RTM_NEWLINK', 'RTM_NEWADDR', 'NLMSG_ERROR'])
  })

  it('strace that has not kept the bytes: says which option keeps them', async () => {
    const { status, stdout } = await nlwire(['decode', inputFile('strace-decoded.txt')])
    expect(status).to.equal(2)
    expect(stdout).to.contain('line 8: 32 bytes were sent, but strace').and.contain('-e write=all -e read=all')
  })

  it('rtmon', async () => {
    const { status, stdout } = await nlwire(['decode', '--tree', inputFile('rtmon.bin')])
    expect(status).to.equal(0)
    expect(stdout).to.contain('a file of rtmon').and.contain('mtu = 1400').and.contain('# byte 0x0: 2026-')
  })
})
