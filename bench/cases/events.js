/** Events that another process makes: with the client's own buffer, and with the kernel's, which holds 256 of them. */
import { spawn } from 'node:child_process'

const EVENTS = 50_000
/** After this many milliseconds without an event no more will come. */
const SILENCE = 1000

function listening(batch, rate, listen) {
  return async (context) => {
    const { open, floorCommand, index } = context
    const conversation = open()
    // Routes of an earlier run leave with their link.
    await conversation.request('RTM_SETLINK', { ifiIndex: index, ifiFlags: [], ifiChange: ['up'] })
    await conversation.request('RTM_SETLINK', { ifiIndex: index, ifiFlags: ['up'], ifiChange: ['up'] })
    const events = await listen(context)
    const [program, ...words] = floorCommand('add', '11.0.0.0', `${EVENTS}`, `${batch}`, `${index}`, `${rate}`)
    const cpu = process.cpuUsage()
    const writer = spawn(program, words, { stdio: 'ignore' })
    let made = 0
    let overruns = 0
    let start = 0
    let last = performance.now()
    const silence = setInterval(() => {
      if (writer.exitCode !== null && performance.now() - last > SILENCE) events.return()
    }, 100)
    for await (const event of events) {
      last = performance.now()
      start ||= last
      if (event.type === 'overrun') overruns++
      else if (event.type === 'RTM_NEWROUTE' && event.body.oif === index) made++
      if (made === EVENTS) break
    }
    clearInterval(silence)
    const { user, system } = process.cpuUsage(cpu)
    conversation.close()
    return {
      reached: made === EVENTS,
      facts: {
        events: made,
        lost: EVENTS - made,
        overruns,
        'a second': Math.round((made / (last - start)) * 1000),
        'us of processor for each': ((user + system) / made).toFixed(1),
      },
    }
  }
}

/** As a user of the library listens. */
const client = async ({ openClient }) => (await openClient()).monitor(['ipv4Route'])
/** On a socket with the kernel's own buffer of 212,992 bytes. */
const smallBuffer = ({ open }) => open().subscribe(['ipv4Route'])

const events50k = { measures: 'facts', place: 'pair', repetitions: 1 }

/** @type {import('./index.js').Case[]} */
const list = [
  {
    ...events50k,
    name: 'events',
    what: '50,000 events of a process that waits for each ack and for nothing else: none lost',
    target: 'none lost',
    run: listening(1, 0, client),
  },
  {
    ...events50k,
    name: 'events-flood',
    what: 'the same, 100 changes in each send',
    target: 'none lost',
    run: listening(100, 0, client),
  },
  {
    ...events50k,
    name: 'events-small',
    what: "50,000 events, 50,000 a second as ip -batch makes them, with the kernel's default buffer",
    run: listening(1, 50_000, smallBuffer),
  },
]

export { list as events }
