/**
 * npm start: the ipvlan experiment. It picks where to run, and says which: this machine's kernel, if it has ipvlan and
 * we are root; else user-mode Linux, if Debian's package is installed; else the recording.
 *
 *   npm start -- [--on host|uml|recording] [--record FILE]
 */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { machine, release } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { hostByteOrder } from 'nlwire/netlink'
import { route } from 'nlwire/rtnl'
import { type Exchange, formatNl } from 'nlwire/testing'
import { onThisKernel, reasonAgainst } from './experiment/kernel.js'
import { Narrator } from './experiment/narrator.js'
import { fromRecording, recorded } from './experiment/replayed.js'
import { experiment } from './experiment/steps.js'

const { values } = parseArgs({ options: { on: { type: 'string' }, record: { type: 'string' } } })
const umlRun = fileURLToPath(new URL('../../test/kernel/uml-run', import.meta.url))

const say = (text: string) => console.log(`nlwire: ${text}`)

async function onHost(): Promise<void> {
  const recording = await onThisKernel(async (place) => {
    let answered = ''
    const ping = async (address: string) => {
      answered = await place.ping(address)
      return answered
    }
    const exchanges = await experiment({ ...place, ping }, new Narrator())
    return recordingOf(exchanges, answered, Object.values(place.namespaces).join(' '))
  })
  if (values.record !== undefined) writeFileSync(values.record, recording)
}

function recordingOf(exchanges: readonly Exchange[], answered: string, namespaces: string): string {
  const statistics = answered.split('\n').find((line) => line.includes('received')) ?? answered
  const notes = [
    'cmd: npm start -- --on uml --record fixtures/experiment.nl',
    'program: nlwire',
    `namespaces: ${namespaces}`,
    `ping: ${statistics.replace(/, time.*/, '')}`,
  ]
  const title = 'The ipvlan experiment: two links in mode l3, one in each of two namespaces'
  const head = { title, notes, kernel: `${release()} ${machine()}`, byteOrder: hostByteOrder, family: 'route' }
  return formatNl({ ...head, exchanges }, route)
}

/** Runs this very program again, inside. */
function inUml(): number {
  const again = [process.execPath, fileURLToPath(import.meta.url), '--on', 'host']
  if (values.record !== undefined) again.push('--record', values.record)
  return spawnSync(umlRun, again, { stdio: 'inherit' }).status ?? 1
}

async function fromFile(): Promise<void> {
  const recording = recorded()
  await fromRecording(recording, (place) => experiment(place, new Narrator(recording.byteOrder)))
  say(`every message was the recorded one (kernel ${recording.kernel}).`)
}

const hasUml = () => process.platform === 'linux' && spawnSync('sh', ['-c', 'command -v linux.uml']).status === 0

async function choose(): Promise<'host' | 'uml' | 'recording'> {
  if (values.on === 'host' || values.on === 'uml' || values.on === 'recording') return values.on
  if (values.on !== undefined) {
    console.error(`--on takes host, uml or recording, not "${values.on}"`)
    process.exit(2)
  }
  const reason = await reasonAgainst()
  if (reason === undefined) return 'host'
  say(reason)
  if (hasUml()) return 'uml'
  if (process.platform === 'linux')
    say('for a kernel that has ipvlan: apt-get install -y --no-install-recommends user-mode-linux kmod iproute2')
  return 'recording'
}

const where = await choose()
if (where === 'host') {
  say(`the ipvlan experiment on the kernel ${release()}`)
  await onHost()
} else if (where === 'uml') {
  say('the ipvlan experiment on a kernel of user-mode Linux')
  process.exitCode = inUml()
} else {
  say('the ipvlan experiment from its recording: nothing is sent')
  await fromFile()
}
if (process.exitCode === undefined) say('done.')
