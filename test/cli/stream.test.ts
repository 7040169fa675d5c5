/** Inputs of any length: flat memory, and a line of progress on a terminal. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import { pcapHeader, pcapRecord } from '../../src/testing/pcap/pcap-write.js'
import { src } from '../support/child.js'
import { recordings, root } from '../support/fixtures.js'
import { needs } from '../support/layers.js'
import { inputFile } from './run.js'
import { program } from './spawned.js'

const MIB = 2 ** 20
/** Says at the end how much memory the process had at most. */
const measured = `data:text/javascript,process.on('exit',()=>console.error('maxrss',process.resourceUsage().maxRSS))`

/** Runs the command with the same bytes again and again as its input, and reads what it prints. */
async function decodeLong(args: readonly string[], head: Uint8Array, bytes: Uint8Array, size: number) {
  const node = ['--max-old-space-size=64', '--import', measured, program, 'decode', ...args]
  const child = spawn(process.execPath, node, { stdio: ['pipe', 'pipe', 'pipe'] })
  let lines = 0
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => {
    for (const byte of chunk) if (byte === 10) lines++
  })
  child.stderr.on('data', (text) => {
    stderr += text
  })
  const closed = once(child, 'close')
  child.stdin.write(head)
  let times = 0
  for (let sent = 0; sent < size; sent += bytes.length, times++)
    if (!child.stdin.write(bytes)) await once(child.stdin, 'drain')
  child.stdin.end()
  const [status] = await closed
  return { status, lines, times, mib: Number(/maxrss (\d+)/.exec(stderr)?.[1]) / 1024, stderr }
}

describe('long inputs', () => {
  it('a capture of 60 MB: every message, in less than 200 MB', async () => {
    const dump = recordings().find(({ name }) => name === 'ipvlan/dump-all')!.recording
    const packets = dump.exchanges.flatMap((one) => ('bytes' in one ? [pcapRecord(one, 'little')] : []))
    const { stdout } = spawnSync(process.execPath, [program, 'decode', '--json'], {
      input: Buffer.concat([pcapHeader('little'), ...packets]),
      encoding: 'utf8',
    })
    const messages = stdout.split('\n').length - 1
    // Chunks that end anywhere in a packet.
    const part = Buffer.concat(Array.from({ length: 50 }, () => packets).flat())
    const found = await decodeLong(['--json'], pcapHeader('little'), part, 60 * MIB)
    expect(found.status, found.stderr).to.equal(0)
    expect(found.lines).to.equal(found.times * 50 * messages)
    expect(found.mib).to.be.below(200)
  })

  it('a log of strace of 20 MB', async () => {
    const log = readFileSync(inputFile('strace-dump.txt'))
    const { status, mib, stderr } = await decodeLong(['--tree'], new Uint8Array(), log, 20 * MIB)
    expect(status, stderr).to.equal(0)
    expect(mib).to.be.below(200)
  })
})

describe('progress', () => {
  /** What a terminal gets as standard error while a shell runs this. */
  const onTerminal = (command: string): string =>
    spawnSync('script', ['-qec', command, '/dev/null'], { encoding: 'utf8', cwd: root }).stdout
  const slow = `(head -c 3000 test/testing/nlmon.pcap; sleep 2; tail -c +3001 test/testing/nlmon.pcap)`
  const decode = `'${process.execPath}' '${program}' decode`

  before(function () {
    needs(this, existsSync('/usr/bin/script'), 'there is no script command (util-linux)')
  })

  it('is a line that is rewritten and cleared, for what takes more than a second', () => {
    const said = onTerminal(`${slow} | ${decode} > /dev/null`)
    expect(said).to.equal('\r\x1b[K0 MB\r\x1b[K')
    expect(onTerminal(`${decode} test/testing/nlmon.pcap > /dev/null`)).to.equal('')
  })

  it('does not disturb output on the same terminal, and is not there without one', () => {
    expect(onTerminal(`${slow} | ${decode}`))
      .to.contain('RTM_DELLINK')
      .and.not.to.contain('\x1b[K')
    const { stderr } = spawnSync('sh', ['-c', `${slow} | ${decode} > /dev/null`], { encoding: 'utf8', cwd: root })
    expect(stderr).to.equal('')
  })

  it('says how much of a file has been read', () => {
    const script = `
      import { Progress } from '${src('cli/output/progress.js')}'
      const progress = new Progress(500e6)
      progress.add(1e6)
      await new Promise((resolve) => setTimeout(resolve, 1100))
      progress.add(11e6)
      progress.add(1e6)
      progress.end()`
    const said = onTerminal(`'${process.execPath}' --input-type=module -e "${script}" > /dev/null`)
    expect(said).to.equal('\r\x1b[K12 MB of 500 MB, 2 %\r\x1b[K')
  })
})
