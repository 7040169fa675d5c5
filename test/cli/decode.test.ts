/** nlwire decode: what it prints, and what it does with input that is wrong. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { expect } from 'chai'
import { needs } from '../support/layers.js'
import { inputFile, nlwire } from './run.js'
import { program } from './spawned.js'

const example = `58000000100005060100000000000000 00000000000000000000000000000000
  0800050002000000 0a0003006970766c30000000 24001200 0a0001006970766c616e0000 14000200 0600010001000000 0600020001000000`
const wrongMode = 'fixtures/error/policy-range.nl'
const decode = async (input: string | Uint8Array, ...args: string[]) => await nlwire(['decode', ...args], input)
const json = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)

describe('nlwire decode', () => {
  it('annotates every byte', async () => {
    const { status, stdout, stderr } = await decode(example)
    expect([status, stderr]).to.deep.equal([0, ''])
    expect(stdout).to.match(/^# standard input: hex\n\n> RTM_NEWLINK {2}\(line 1\)\n0000 {2}58 00 00 00/)
    expect(stdout).to.contain('0048  06 00 01 00  01 00 00 00                            ;     mode = l3\n')
  })

  it('--json is one object a message, with the names and values of the library', async () => {
    expect(json((await decode(example, '--json')).stdout)[0]).to.deep.include({
      direction: '>',
      type: 'RTM_NEWLINK',
      flags: ['request', 'ack', 'excl', 'create'],
      seq: 1,
      pid: 0,
    })
    expect(json((await decode(example, '-j')).stdout)[0]!.body).to.deep.include({
      ifname: 'ipvl0',
      linkinfo: { kind: 'ipvlan', data: { mode: 'l3', flags: ['private'] } },
    })
  })

  it('a message that no definition names is called by its nlmsg_type', async () => {
    const { stdout } = await decode('140000007c000100010000000000000001020304')
    expect(stdout).to.contain('> nlmsg_type 124').and.contain('length 20, nlmsg_type 124, request')
  })

  it('64-bit numbers are exact text, bytes are hex, unknown attributes are kept', async () => {
    const link = (await decode('', '--json', 'fixtures/ipvlan/get-stats.nl')).stdout
    expect(link).to.match(/"stats64":\{"rxPackets":"\d+","txPackets":"\d+"/)
    const text = JSON.stringify(json((await decode('', '--json', 'fixtures/error/policy-range.nl')).stdout)[1])
    expect(text)
      .to.contain('"minValueS":"1"')
      .and.contain('"maxValueS":"2147483647"')
      .and.contain('"path":"newIfindex"')
    const unknown = '24000000100000000000000000000000 00000000000000000000000000000000 04003a45'
    const [message] = json(
      (await decode(unknown.replace('24', '28').replace('04003a45', '0600e70301020000'), '--json')).stdout,
    )
    expect(message!.body).to.deep.include({ unknown: [{ type: 999, data: '0102' }] })
  })

  it('--tree has no bytes, --c-names has the names of the kernel', async () => {
    const { stdout } = await decode(example, '--tree', '--c-names')
    expect(stdout).to.contain('      mode IFLA_IPVLAN_MODE = l3\n').and.not.match(/^00/m)
  })

  it('--message and --protocol for a payload without header', async () => {
    const { stdout } = await decode(
      '',
      '--message',
      'RTM_NEWLINK',
      '00000000000000000000000000000000',
      '0800050002000000',
    )
    expect(stdout).to.contain('0010  08 00 05 00  02 00 00 00                            ; link = 2\n')
    expect((await decode('', '--message', 'NOPE', '00')).stderr).to.contain('no message "NOPE": one of RTM_NEWLINK')
    expect((await decode('', '--protocol', 'nope', '00')).stderr).to.contain('no protocol "nope": one of route')
    expect((await decode('', '--protocol', 'constructor', '00')).stderr).to.contain('no protocol "constructor"')
    expect((await decode(example, '--protocol', 'generic')).stdout).to.contain('> nlctrl  (generic, line 1)')
  })

  it('big-endian bytes are found by themselves, and with --byte-order', async () => {
    const big = '00000020 0012 0301 00000007 00000000 00 00 0000 00000000 00000000 00000000'
    for (const args of [[], ['--byte-order', 'big']])
      expect(json((await decode(big, '--json', ...args)).stdout)[0]).to.deep.include({
        type: 'RTM_GETLINK',
        seq: 7,
        byteOrder: 'big',
      })
  })

  it('maps an extended ack back into the request', async () => {
    const { stdout, status } = await nlwire(['decode', wrongMode])
    expect(status).to.equal(0)
    expect(stdout).to.contain(
      '# RTM_NEWLINK: ERANGE "integer out of range" at newIfindex (bytes 0x20-0x27); expected s32',
    )
    expect(stdout).to.match(/^# {3}0020 .* <-- ERANGE/m)
    // An error that repeats the request's header only: the request itself is found by its number.
    expect((await nlwire(['decode', 'fixtures/error/ipvlan-wrong-mode-capped.nl'])).stdout).to.contain(
      '# RTM_NEWLINK: EINVAL',
    )
  })

  it('shows garbage with its place and goes on', async () => {
    const first = example.replaceAll(/\s/g, '')
    const { status, stdout } = await decode(`${first}\nwhat is this?\n${first}\n`)
    expect(status).to.equal(2)
    expect(stdout.match(/mode = l3/g)).to.have.lengthOf(2)
    expect(stdout).to.contain('!! garbage at line 2, column 1: this is no hex')
    const joined = await decode(`${first}ffffffffffff${first}`)
    expect(joined.status).to.equal(2)
    expect(joined.stdout.match(/mode = l3/g)).to.have.lengthOf(2)
    expect(joined.stdout).to.contain('garbage at line 1, byte 0x58')
  })

  it('garbage between the messages of a file of rtmon', async () => {
    const one = Buffer.from(example.replaceAll(/\s/g, ''), 'hex')
    const { status, stdout } = await decode(Buffer.concat([one, Buffer.alloc(7, 0xee), one]))
    expect(status).to.equal(2)
    expect(stdout).to.contain('garbage at byte 0x58').and.contain('> RTM_NEWLINK  (byte 0x5f)')
  })

  it('a message that cannot be decoded: the error with path and offset, and the others', async () => {
    const good = example.replaceAll(/\s/g, '')
    const bad = good.replace('0600010001000000', '0600010001000000').replace('2400120', '2900120')
    const { status, stdout } = await decode(`${bad}\n${good}\n`, '--json')
    expect(status).to.equal(2)
    const [error, message] = json(stdout)
    expect(error).to.deep.include({ bytes: bad })
    expect(error!.error).to.deep.include({ type: 'RTM_NEWLINK', offset: 0x34 })
    expect(message).to.have.property('type', 'RTM_NEWLINK')
  })

  it('bad input is one clear sentence', async () => {
    const sentences: readonly (readonly [string | Uint8Array, RegExp])[] = [
      ['', /standard input is empty/],
      ['hello there', /this text is in none of the formats/],
      [
        Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0]),
        /these bytes are in none of the/,
      ],
      ['{"type":"x"}', /this is JSON: nlwire encode makes bytes of it/],
    ]
    for (const [input, expected] of sentences) {
      const { status, stdout, stderr } = await decode(input)
      expect([status, stdout], String(input)).to.deep.equal([2, ''])
      expect(stderr)
        .to.match(expected)
        .and.match(/^nlwire: [^\n]*\n$/)
    }
    expect((await nlwire(['decode', 'no/such/file'])).stderr).to.equal('nlwire: no/such/file: there is no such file\n')
    expect((await nlwire(['decode', 'src'])).stderr).to.equal('nlwire: src: it is a directory\n')
    const odd = await decode('58 00 00 0')
    expect(odd.stdout).to.contain('line 1, column 10: an odd number of hex digits')
    expect(odd.status).to.equal(2)
  })

  it('names from the bytes cannot drive the terminal', async () => {
    const alias = Buffer.from('\x1b]0;owned\x07\x9b31m\u202e\0', 'utf8')
    const bytes = Buffer.alloc(36 + ((alias.length + 3) & ~3))
    bytes.writeUInt32LE(bytes.length, 0)
    bytes.writeUInt16LE(16, 4)
    bytes.writeUInt16LE(4 + alias.length, 32)
    bytes.writeUInt16LE(20, 34)
    alias.copy(bytes, 36)
    for (const args of [[], ['--json'], ['--tree']]) {
      const { stdout } = await decode(bytes.toString('hex'), ...args)
      expect(stdout).to.contain('owned')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: none of these may come out
      expect(stdout).not.to.match(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/)
    }
  })

  it('colours only where they are wanted', async () => {
    expect((await decode(example)).stdout).not.to.contain('\x1b')
    expect((await nlwire(['decode'], example, { FORCE_COLOR: '1' })).stdout).to.contain('\x1b[32m>')
    expect((await nlwire(['decode'], example, { FORCE_COLOR: '1', NO_COLOR: '1' })).stdout).not.to.contain('\x1b')
  })

  it('a broken pipe ends quietly', () => {
    const file = inputFile('strace-dump.txt')
    const script = `for i in $(seq 40); do cat '${file}'; done | '${process.execPath}' '${program}' decode - | head -1`
    const { stdout, stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8' })
    expect(stdout).to.equal('# standard input: output of strace\n')
    expect(stderr).to.equal('')
  })

  it('says in one sentence that the output is full', function () {
    needs(this, existsSync('/dev/full'), 'there is no /dev/full')
    const script = `'${process.execPath}' '${program}' decode ${example.replaceAll('\n', ' ')} > /dev/full`
    const { status, stderr } = spawnSync('sh', ['-c', script], { encoding: 'utf8' })
    expect([status, stderr]).to.deep.equal([2, 'nlwire: the output cannot be written (ENOSPC)\n'])
  })

  it('help tells the exit statuses, completion exists for three shells', async () => {
    const { status, stdout } = await nlwire(['--help'])
    expect(status).to.equal(0)
    for (const word of ['decode', 'encode', 'diff', 'explain', 'Exit status: 0 done']) expect(stdout).to.contain(word)
    for (const shell of ['bash', 'zsh', 'fish'])
      expect((await nlwire(['completion', shell])).stdout).to.contain('nlwire')
    expect((await nlwire(['decode', '--frm', 'x'])).status).to.equal(2)
  })
})
