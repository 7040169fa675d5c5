/** Events that another process makes as fast as it can, heard with the socket's default buffer. */
import { spawn } from 'node:child_process'

const EVENTS = 50_000
/** After this many milliseconds without an event no more will come. */
const SILENCE = 1000

function listening(batch) {
  return async ({ open, floorCommand, index }) => {
    const conversation = open()
    // Routes of an earlier run leave with their link.
    await conversation.request('RTM_SETLINK', { ifiIndex: index, ifiFlags: [], ifiChange: ['up'] })
    await conversation.request('RTM_SETLINK', { ifiIndex: index, ifiFlags: ['up'], ifiChange: ['up'] })
    const events = conversation.subscribe(['ipv4Route'])
    const [program, ...words] = floorCommand('add', '11.0.0.0', `${EVENTS}`, `${batch}`, `${index}`)
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

const events50k = { measures: 'facts', place: 'pair', repetitions: 1 }

/** @type {import('./index.js').Case[]} */
const list = [
  {
    ...events50k,
    name: 'events',
    what: '50,000 events of another process that waits for each ack, default buffer: none lost',
    target: 'none lost',
    run: listening(1),
  },
  {
    ...events50k,
    name: 'events-flood',
    what: 'the same, 100 changes in each send: more than any listener is sure to keep up with',
    run: listening(100),
  },
]

export { list as events }
