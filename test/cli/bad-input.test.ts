/** What is given by mistake, or damaged: one clear sentence, the exit status 2, and nothing else is lost. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { openSource } from '../../src/cli/input/open.js'
import { Failure } from '../../src/cli/process/failure.js'
import { root } from '../support/fixtures.js'
import { inputFile, nlwire, type Run } from './run.js'

const capture = readFileSync(join(root, 'test/testing/nlmon.pcap'))
const request = readFileSync(inputFile('hex-lines.txt'), 'utf8').split('\n')[0]!
const base64 = readFileSync(inputFile('base64-lines.txt'), 'utf8').split('\n')[0]!

/** The status is 2, and whatever is said is no stack trace. */
function wrong(run: Run): Run {
  expect(run.status, run.stderr).to.equal(2)
  expect(run.stdout + run.stderr).not.to.match(/bug of nlwire|\n {4}at /)
  return run
}

describe('bad input', () => {
  const sentences: Readonly<Record<string, readonly [input: string | Uint8Array, said: RegExp]>> = {
    'an empty input': ['', /^nlwire: standard input is empty$/m],
    'a program': [readFileSync(process.execPath).subarray(0, 5000), /these bytes are in none of the formats hex?/],
    JSON: ['[{"type":"RTM_GETLINK","body":{}}]', /this is JSON: nlwire encode makes bytes of it/],
    'text in UTF-16': [Buffer.from(`\ufeff${request}`, 'utf16le'), /text in UTF-16: convert it first, iconv -f UTF-16/],
    'a capture of Ethernet': [
      Uint8Array.from(capture, (byte, at) => (at === 20 ? 1 : byte)),
      /link type 1 \(Ethernet\), not of netlink \(253\): capture on an nlmon device/,
    ],
    'a capture without a packet': [capture.subarray(0, 24), /no netlink in it/],
    'half the header of a capture': [capture.subarray(0, 10), /no capture: 10 bytes, and a pcap file begins with 24/],
  }
  for (const [name, [input, said]] of Object.entries(sentences)) {
    it(name, async () => {
      const { stdout, stderr } = wrong(await nlwire(['decode', '--json'], input))
      expect(stdout).to.equal('')
      expect(stderr.replace(/formats [\w, ]+/, 'formats ')).to.match(
        new RegExp(said.source.replace('formats hex?', 'formats '), 'm'),
      )
      expect(stderr.split('\n').filter((line) => line !== '').length).to.be.at.most(2)
    })
  }

  it('hex with an odd number of digits: line and column', async () => {
    const { stdout } = wrong(await nlwire(['decode'], `${request}\n\n${request}0\n`))
    expect(stdout.match(/> RTM_NEWLINK/g)).to.have.lengthOf(2)
    expect(stdout).to.contain(`line 3, column ${request.length + 1}: an odd number of hex digits`)
  })

  it('base64 with a wrong character', async () => {
    const { stdout } = wrong(await nlwire(['decode'], `${base64}\nAAA!AAA\n${base64}\n`))
    expect(stdout.match(/> RTM_NEWLINK/g)).to.have.lengthOf(2)
    expect(stdout).to.contain('line 2, column 4: this is no base64')
  })

  it('a length that runs past the end', async () => {
    const { stdout } = wrong(await nlwire(['decode'], `${request.replace('58000000', '5c000000')}\n`))
    // The note goes on in a second line.
    expect(stdout.replaceAll(/\n +; +/g, ' '))
      .to.contain('RTM_NEWLINK')
      .and.match(/length is 92, but only 88 bytes are there/)
  })

  it('a damaged capture: what was whole before it, and where', async () => {
    const { stdout } = wrong(await nlwire(['decode', '--json'], capture.subarray(0, capture.length - 3)))
    const lines = stdout.trim().split('\n')
    expect(lines).to.have.lengthOf(24)
    expect(lines[23]).to.contain('the file ends within packet 24: 52 bytes were to come')
  })

  it('strings that strace has abbreviated: which option keeps the bytes', async () => {
    const trace = readFileSync(inputFile('strace-xx.txt'), 'utf8').replace(/"((?:\\x..){16})(?:\\x..)+"/g, '"$1"...')
    const { stdout } = wrong(await nlwire(['decode'], trace))
    expect(stdout).to.contain('the bytes are not there').and.contain('-e write=all -e read=all')
  })

  it('a nesting bomb of 40,000 attributes', async () => {
    // Every four bytes another attribute, with the largest length that fits.
    const count = 40_000
    const bomb = Buffer.alloc(32 + 4 * count)
    bomb.writeUInt32LE(bomb.length, 0)
    bomb.writeUInt16LE(16, 4)
    for (let i = 0; i < count; i++) {
      bomb.writeUInt16LE(Math.min(4 * (count - i), 0xfffc), 32 + 4 * i)
      bomb.writeUInt16LE(18, 34 + 4 * i)
    }
    for (const args of [[], ['--json'], ['--tree']]) {
      // The attribute that cannot be read is kept as bytes: the message is none the worse.
      const { status, stdout } = await nlwire(['decode', ...args], Buffer.concat([bomb, Buffer.from(request, 'hex')]))
      expect(status).to.equal(0)
      expect(stdout, 'the message after it').to.match(/ipvlan/)
    }
  })

  it('compressed data that ends too early: what came before it', async () => {
    const zipped = readFileSync(inputFile('tcpdump.pcap.gz'))
    const { stdout, stderr } = wrong(await nlwire(['decode', '--json'], zipped.subarray(0, 900)))
    expect(stdout).to.contain('RTM_GETLINK')
    expect(stderr).to.contain('its gzip data is damaged or ends too early')
  })

  describe('files', () => {
    let folder = ''
    before(() => {
      folder = mkdtempSync(join(tmpdir(), 'nlwire-'))
    })
    after(() => rmSync(folder, { recursive: true }))

    it('that are not there, or folders', async () => {
      expect(wrong(await nlwire(['decode', `${folder}/no`])).stderr).to.equal(
        `nlwire: ${folder}/no: there is no such file\n`,
      )
      expect(wrong(await nlwire(['decode', folder])).stderr).to.equal(`nlwire: ${folder}: it is a directory\n`)
      expect(wrong(await nlwire(['encode', folder])).stderr).to.equal(`nlwire: ${folder}: it is a directory\n`)
    })

    it('that may not be read', async () => {
      const file = join(folder, 'secret')
      writeFileSync(file, request)
      chmodSync(file, 0)
      const user = process.geteuid!()
      // Root may read everything.
      if (user === 0) process.seteuid!(65534)
      try {
        await openSource(file)
        expect.fail('it was read')
      } catch (error) {
        expect(error).to.be.instanceOf(Failure).and.to.have.property('message', `${file}: it may not be read`)
      } finally {
        process.seteuid!(user)
      }
    })
  })
})
