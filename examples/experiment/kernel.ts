/** The experiment on a real kernel: this machine's, or the one of user-mode Linux that we are running in. */
import { spawnSync } from 'node:child_process'
import { kernelHost, NetlinkError, netns, openRtnl, TransportError } from 'nlwire'
import type { Place } from './steps.js'

/** Names of this run's own, so that nothing of this machine's is touched. */
export const names = (prefix = `nlwire-${process.pid}`) => ({
  parent: `${prefix}-parent`,
  net1: `${prefix}-net1`,
  net2: `${prefix}-net2`,
})

/**
 * Why this kernel cannot run the experiment; undefined when it can. Tries for real, in a namespace of its own.
 */
export async function reasonAgainst(): Promise<string | undefined> {
  if (process.platform !== 'linux') return `this is ${process.platform}, not Linux`
  const probe = `nlwire-${process.pid}-probe`
  try {
    netns.create(probe)
  } catch (error) {
    if (error instanceof TransportError) return error.message
    throw error
  }
  try {
    await using rtnl = await openRtnl({ netns: probe })
    const parent = await rtnl.links.add({ ifname: 'probe0', linkinfo: { kind: 'dummy' } })
    await rtnl.links.add({ ifname: 'probe1', link: parent, linkinfo: { kind: 'ipvlan', data: { mode: 'l3' } } })
    return undefined
  } catch (error) {
    if (!(error instanceof NetlinkError)) throw error
    return `this machine's kernel has no ipvlan or no dummy links (${error.message})`
  } finally {
    netns.delete(probe)
  }
}

/** Makes the namespaces, runs, and removes them whatever happened. */
export async function onThisKernel<T>(run: (place: Place) => Promise<T>): Promise<T> {
  const namespaces = names()
  const made: string[] = []
  const remove = () => {
    for (const name of made.splice(0)) netns.delete(name)
  }
  const stop = () => {
    remove()
    process.exit(130)
  }
  process.once('SIGINT', stop).once('SIGTERM', stop)
  try {
    for (const name of Object.values(namespaces)) {
      netns.create(name)
      made.push(name)
    }
    return await run({
      host: kernelHost,
      namespaces,
      ping: async (address) => ping(namespaces.net1, namespaces.net2, address),
    })
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop)
    remove()
  }
}

/** Three answered pings by the system's ping; without one, three UDP round trips. */
function ping(from: string, to: string, address: string): string {
  const inside = (name: string, command: string[]) => ['nsenter', [`--net=/run/netns/${name}`, ...command]] as const
  const has = (program: string) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0
  if (!has('nsenter')) throw new Error('nsenter is needed to enter a namespace: apt-get install util-linux')
  if (has('ping')) {
    const [program, rest] = inside(from, ['ping', '-n', '-c', '3', '-i', '0.2', '-W', '2', address])
    const { status, stdout, stderr } = spawnSync(program, rest, { encoding: 'utf8' })
    if (status !== 0 || !/ 3 received/.test(stdout))
      throw new Error(`not all 3 pings were answered:\n${stdout}${stderr}`)
    return stdout.trim()
  }
  const [program, rest] = inside(to, [
    process.execPath,
    '-e',
    echoScript,
    address,
    inside(from, [process.execPath, '-e', askScript, address]).flat().join('\u0001'),
  ])
  const { status, stdout, stderr } = spawnSync(program, rest, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`not all 3 UDP packets were answered:\n${stdout}${stderr}`)
  return `there is no ping here, so UDP: ${stdout.trim()}`
}

/** Answers three packets; once it listens it starts the other side, whose command is the last argument. */
const echoScript = `
  const [address, command] = process.argv.slice(1)
  const socket = require('dgram').createSocket('udp4', (data, from) => socket.send(data, from.port, from.address))
  socket.bind(4242, address, () => {
    const [program, ...rest] = command.split('\\u0001')
    require('child_process').spawn(program, rest, { stdio: 'inherit' }).on('exit', (code) => process.exit(code ?? 1))
  })`

const askScript = `
  const socket = require('dgram').createSocket('udp4')
  let answered = 0
  socket.on('message', () => { if (++answered === 3) { console.log('3 packets sent, 3 answered'); process.exit(0) } else ask() })
  const ask = () => socket.send('ping', 4242, process.argv[1])
  setTimeout(() => { console.log('3 packets sent, ' + answered + ' answered'); process.exit(1) }, 5000)
  ask()`
