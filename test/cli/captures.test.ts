/** pcap and pcapng: written by the rules of the formats, since what is tested is that every rule is followed. */
import { expect } from 'chai'
import { inputFile, nlwire, nlwireBytes, type Run } from './run.js'

const json = (text: string) =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
const decoded = async (input: Uint8Array) => await nlwire(['decode', '--json'], input)
const pcapOf = async (text: string) => await nlwireBytes(['encode', '--to', 'pcap'], text)

let lines = ''
/** A packet of nlmon: sixteen bytes, and the datagram. */
let packets: Buffer[] = []

/** A pcapng block. */
function block(little: boolean, type: number, body: Buffer): Buffer {
  const bytes = Buffer.alloc(12 + ((body.length + 3) & ~3))
  const put = (value: number, at: number) => (little ? bytes.writeUInt32LE(value, at) : bytes.writeUInt32BE(value, at))
  put(type, 0)
  put(bytes.length, 4)
  body.copy(bytes, 8)
  put(bytes.length, bytes.length - 4)
  return bytes
}

function numbers(little: boolean, ...list: readonly (readonly [value: number, size: 2 | 4])[]): Buffer {
  return Buffer.concat(
    list.map(([value, size]) => {
      const bytes = Buffer.alloc(size)
      if (little) bytes.writeUIntLE(value, 0, size)
      else bytes.writeUIntBE(value, 0, size)
      return bytes
    }),
  )
}

function pcapng(little: boolean, linkType = 253): Buffer {
  const section = numbers(little, [0x1a2b3c4d, 4], [1, 2], [0, 2], [0xffffffff, 4], [0xffffffff, 4])
  const face = numbers(little, [linkType, 2], [0, 2], [0, 4])
  const enhanced = (packet: Buffer) =>
    Buffer.concat([numbers(little, [0, 4], [0, 4], [0, 4], [packet.length, 4], [packet.length, 4]), packet])
  const simple = (packet: Buffer) => Buffer.concat([numbers(little, [packet.length, 4]), packet])
  return Buffer.concat([
    block(little, 0x0a0d0d0a, section),
    block(little, 1, face),
    // A block that no reader knows is passed over.
    block(little, 0xbad, Buffer.from('unknown!')),
    block(little, 6, enhanced(packets[0]!)),
    block(little, 3, simple(packets[1]!)),
  ])
}

const shown = async (name: string) => await nlwire(['decode', '--json', inputFile(name)])
const linesOf = (text: string) => text.split('\n').filter((line) => line !== '')

describe('nlwire decode: captures of real tools', () => {
  let tcpdump: Run
  before(async () => {
    tcpdump = await nlwire(['decode', '--json', 'test/testing/nlmon.pcap'])
  })

  it('of editcap and text2pcap: what tcpdump had', async () => {
    const first = linesOf(tcpdump.stdout).slice(0, 8)
    for (const name of ['editcap.pcapng', 'editcap-nsec.pcap', 'text2pcap.pcapng']) {
      const { status, stdout, stderr } = await shown(name)
      expect(stderr).to.contain(name.endsWith('ng') ? 'a pcapng capture of netlink' : 'a pcap capture of netlink')
      expect([status, linesOf(stdout)], name).to.deep.equal([0, first])
    }
  })

  it('of tcpdump, compressed, and of dumpcap, which began later: every message of the one is in the other', async () => {
    const zipped = await shown('tcpdump.pcap.gz')
    expect([zipped.status, zipped.stderr.includes('a pcap capture of netlink')]).to.deep.equal([0, true])
    const all = linesOf(zipped.stdout)
    const { status, stdout } = await shown('dumpcap.pcapng')
    expect(status).to.equal(0)
    expect(all).to.have.lengthOf(32).and.to.include.members(linesOf(stdout))
    expect(linesOf(stdout)).to.have.lengthOf(24)
  })

  it('of tcpdump -s 60: what is whole, and what is not by how long it was', async () => {
    const whole = linesOf((await shown('tcpdump.pcap.gz')).stdout)
    const { status, stdout } = await shown('tcpdump-s60.pcap')
    expect(status).to.equal(2)
    const sound = linesOf(stdout).filter((line) => !line.includes('"error":{'))
    expect(sound).to.have.lengthOf(13)
    expect(whole).to.include.members(sound)
    expect((await nlwire(['decode', inputFile('tcpdump-s60.pcap')])).stdout).to.contain(
      'cut off: it had 2788 bytes, packet 2)',
    )
  })
})

describe('nlwire decode: captures', () => {
  before(async () => {
    lines = (await nlwire(['decode', '--json', inputFile('hex-lines.txt')])).stdout
    const hex = (await nlwire(['encode'], lines)).stdout.trim().split('\n')
    packets = hex.map((text, i) => {
      const cooked = Buffer.alloc(16)
      cooked.writeUInt16BE(i === 0 ? 7 : 6, 0)
      cooked.writeUInt16BE(824, 2)
      return Buffer.concat([cooked, Buffer.from(text, 'hex')])
    })
  })

  it('pcap, in both byte orders, gives what went in', async () => {
    const order = async (name: string) => (await nlwire(['decode', '--json', `fixtures/${name}.nl`])).stdout
    for (const name of ['route/dump-v4', 'big-endian/route-dump-v4']) {
      const text = await order(name)
      const file = await pcapOf(text)
      expect(file.readUInt32LE(0).toString(16)).to.equal(name.startsWith('big') ? '4d3cb2a1' : 'a1b23c4d')
      const { status, stdout, stderr } = await decoded(file)
      expect(stderr).to.contain('a pcap capture of netlink')
      expect([status, stdout]).to.deep.equal([0, text])
    }
  })

  it('pcapng, in both byte orders, in enhanced and simple packets', async () => {
    for (const little of [true, false]) {
      const { status, stdout, stderr } = await decoded(pcapng(little))
      expect(stderr).to.contain('a pcapng capture of netlink')
      expect(status).to.equal(0)
      expect(stdout).to.equal(lines)
    }
  })

  it('a capture of something else says so', async () => {
    expect(await decoded(pcapng(true, 1))).to.deep.include({ status: 2, stdout: '' })
    expect((await decoded(pcapng(true, 1))).stderr).to.contain('link type 1 (Ethernet), not of netlink')
  })

  it('a file that is cut anywhere gives what is whole, and says where it ends', async () => {
    const whole = pcapng(true)
    for (let length = 1; length < whole.length; length += 53) {
      const { status, stderr, stdout } = await decoded(whole.subarray(0, length))
      if (status === 0) continue
      expect(status, `${length} bytes`).to.equal(2)
      expect(stderr + stdout, `${length} bytes`).not.to.contain('bug')
    }
    const file = await pcapOf(lines)
    const { status, stdout } = await decoded(file.subarray(0, file.length - 5))
    expect(status).to.equal(2)
    expect(json(stdout)[0]).to.have.property('type', 'RTM_NEWLINK')
    expect(JSON.stringify(json(stdout)[1])).to.contain('the file ends within packet 2: 52 bytes were to come')
  })

  it('a packet that was cut off by the snapshot length', async () => {
    const file = await pcapOf(lines)
    file.writeUInt32LE(file.readUInt32LE(32) + 100, 36)
    expect((await nlwire(['decode'], file)).stdout).to.contain('cut off: it had 188 bytes')
  })

  it('binary and .nl give what went in', async () => {
    const nl = (await nlwire(['encode', '--to', 'nl'], lines)).stdout
    expect((await nlwire(['decode', '--json'], nl)).stdout).to.equal(lines)
    const found = json((await decoded(await nlwireBytes(['encode', '--to', 'binary'], lines))).stdout)
    expect(found).to.deep.equal(json(lines))
  })
})
