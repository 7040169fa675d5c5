/** The experiment from its recording: the same messages are built, compared with the recorded ones and answered by them. */
import { readFileSync } from 'node:fs'
import { route } from 'nlwire/rtnl'
import { parseNl, type Recording, replayHost } from 'nlwire/testing'
import type { Place } from './steps.js'

const file = new URL('../../../fixtures/experiment.nl', import.meta.url)

export const recorded = (): Recording => parseNl(readFileSync(file, 'utf8'))

/** @throws ReplayError for a message that is not the recorded one; Error when not all of the recording was used */
export async function fromRecording<T>(recording: Recording, run: (place: Place) => Promise<T>): Promise<T> {
  const note = (key: string) => recording.notes.find((one) => one.startsWith(`${key}: `))?.slice(key.length + 2) ?? ''
  const [parent = '', net1 = '', net2 = ''] = note('namespaces').split(' ')
  const { host, remaining } = replayHost(recording, route, [parent, net1, net2].sort())
  const ping = async () => `not sent now; when this was recorded: ${note('ping')}`
  const result = await run({ host, namespaces: { parent, net1, net2 }, ping })
  if (remaining() > 0) throw new Error(`${remaining()} recorded datagrams were neither sent nor received`)
  return result
}
