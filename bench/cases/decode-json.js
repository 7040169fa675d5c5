/** A capture of 100,000 link messages to JSON by the command, beside tshark with the same file. */
import { spawnSync } from 'node:child_process'
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pcapHeader, pcapRecord, route } from '../lib/nlwire.js'

const MESSAGES = 100_000
const command = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url))
/** Says at the end how much memory the process had at most. */
const measured = "data:text/javascript,process.on('exit',()=>console.error('maxrss',process.resourceUsage().maxRSS))"

/** Writes the dump of all links, as the kernel sent it, again and again. */
async function writeCapture(file, open) {
  const datagrams = []
  const conversation = open(route, (passed) => void datagrams.push(passed))
  let links = 0
  for await (const link of conversation.dump('RTM_GETLINK', {})) links += link.ifiIndex > 0 ? 1 : 0
  conversation.close()
  const dump = Buffer.concat(datagrams.map((datagram) => pcapRecord(datagram, 'little')))
  const to = openSync(file, 'w')
  writeSync(to, pcapHeader('little'))
  let messages = 0
  for (; messages < MESSAGES; messages += links) writeSync(to, dump)
  // Else it would be written to the disk while one of the two reads it.
  fsyncSync(to)
  closeSync(to)
  return messages
}

function timed(program, words) {
  const start = performance.now()
  const { status, stderr, error } = spawnSync(program, words, { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' })
  if (error?.code === 'ENOENT') return undefined
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr}`)
  return { seconds: (performance.now() - start) / 1000, stderr }
}

async function decoding({ open }) {
  const folder = mkdtempSync(join(tmpdir(), 'nlw-bench-'))
  try {
    const file = join(folder, 'links.pcap')
    const messages = await writeCapture(file, open)
    const tshark = timed('tshark', ['-r', file, '-T', 'json'])
    const nlwire = timed(process.execPath, ['--import', measured, command, 'decode', '--json', file])
    const ratio = tshark && tshark.seconds / nlwire.seconds
    return {
      reached: ratio === undefined || ratio >= 10,
      facts: {
        messages,
        'nlwire s': nlwire.seconds.toFixed(2),
        'tshark s': tshark?.seconds.toFixed(2) ?? 'not installed',
        'times faster': ratio?.toFixed(1) ?? 'unknown',
        'MiB resident': Math.round(Number(/maxrss (\d+)/.exec(nlwire.stderr)[1]) / 1024),
      },
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** @type {import('./index.js').Case[]} */
export const decodeJson = [
  {
    name: 'decode-json',
    what: '`nlwire decode --json` of 100,000 link messages in a capture, the whole process',
    measures: 'facts',
    place: 'links',
    repetitions: 1,
    target: '10 times faster than tshark -T json',
    run: decoding,
  },
]
