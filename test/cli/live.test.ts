/** Input that comes bit by bit: what it is taken for does not depend on the bits, and it is shown as it comes. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { formatOf } from '../../src/cli/input/index.js'
import { streamSource } from '../../src/cli/input/open.js'
import { type InputSource, memorySource } from '../../src/cli/input/source.js'
import { jsonText } from '../../src/cli/output/json-text.js'
import { root } from '../support/fixtures.js'
import { inputFile } from './run.js'
import { program } from './spawned.js'

async function* inPieces(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

/** The format of an input, and all that is in it. */
async function read(source: InputSource): Promise<string[]> {
  const format = await formatOf(source)
  const found = [format.name]
  for await (const piece of format.read(source, {})) found.push(jsonText(piece))
  return found
}

const capture = readFileSync(join(root, 'test/testing/nlmon.pcap'))

describe('input in any pieces', () => {
  const files = readdirSync(inputFile('')).filter((name) => !/README|\.gz$/.test(name))
  const inputs = [...files.map(inputFile), join(root, 'fixtures/ipvlan/ipvlan-l3-bridge-add.nl')]
  for (const file of [...inputs, join(root, 'test/testing/nlmon.pcap')]) {
    it(file.slice(file.lastIndexOf('/') + 1), async () => {
      const bytes = readFileSync(file)
      const whole = await read(memorySource('it', bytes))
      expect(whole).to.have.length.above(1)
      for (const size of [1, 7, 100])
        expect(await read(streamSource('it', inPieces(bytes, size))), `pieces of ${size}`).to.deep.equal(whole)
    })
  }

  it('the first line that leaves no doubt decides, not what comes after it', async () => {
    const hex = readFileSync(inputFile('hex-lines.txt'))
    const input = Buffer.concat([
      Buffer.from('# a note\n'),
      hex,
      Buffer.from('this is no hex, and it is not short\n'.repeat(20)),
    ])
    const [name] = await read(memorySource('it', input))
    expect(name).to.equal('hex')
    expect((await read(streamSource('it', inPieces(input, 50))))[0]).to.equal('hex')
  })
})

describe('live input', () => {
  let child: ChildProcessWithoutNullStreams
  let shown = ''
  const start = (...args: string[]) => {
    shown = ''
    child = spawn(process.execPath, [program, 'decode', ...args], { cwd: root })
    child.stdout.on('data', (text) => {
      shown += text
    })
  }
  /** Waits until the output has this. */
  const until = async (text: string) => {
    for (const end = Date.now() + 100_000; !shown.includes(text); ) {
      if (Date.now() > end) throw new Error(`not shown: ${text}, only this: ${shown}`)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }
  afterEach(() => void child.kill('SIGKILL'))

  it('a capture is shown packet by packet, while it is written', async () => {
    start()
    child.stdin.write(capture.subarray(0, 24))
    let at = 24
    const next = () => {
      const length = 16 + capture.readUInt32LE(at + 8)
      child.stdin.write(capture.subarray(at, at + length))
      at += length
    }
    next()
    await until('(packet 1)')
    next()
    await until('(packet 2)')
    child.stdin.end()
  })

  it('as JSON as well', async () => {
    start('--json')
    child.stdin.write(capture.subarray(0, 2000))
    await until('"type":"RTM_NEWLINK"')
  })

  it('a file is shown before standard input says anything', async () => {
    start(inputFile('hex-lines.txt'), '-')
    await until('> RTM_NEWLINK')
  })

  it('lines of strace and of hex, and requests whose answer does not come', async () => {
    start()
    const lines = readFileSync(inputFile('strace-dump.txt'), 'utf8').split('\n')
    const dump = lines.findIndex((line) => line.startsWith(' | '))
    const after = lines.findIndex((line, i) => i > dump && !line.startsWith(' '))
    child.stdin.write(`${lines.slice(0, after + 1).join('\n')}\n`)
    await until('# standard input: output of strace')
    await until('> RTM_NEWLINK')
    child.kill()
    start()
    child.stdin.write(`${readFileSync(inputFile('hex-lines.txt'), 'utf8').split('\n')[0]}\n`)
    await until('> RTM_NEWLINK')
  })
})
