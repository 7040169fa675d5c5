/** The experiment from its recording: the same messages are built, compared with the recorded ones and answered by them. */
import { load, type Recording, replayHost } from 'nlwire/testing'
import type { Place } from './steps.js'

export const recorded = (): Recording => load(new URL('../../../fixtures/experiment.nl', import.meta.url))

/** @throws ReplayError for a message that is not the recorded one, or when not all of the recording was used */
export async function fromRecording<T>(recording: Recording, run: (place: Place) => Promise<T>): Promise<T> {
  const note = (key: string) => recording.notes.find((one) => one.startsWith(`${key}: `))?.slice(key.length + 2) ?? ''
  const [parent = '', net1 = '', net2 = ''] = note('namespaces').split(' ')
  const { host, assertDone } = replayHost(recording, { names: [parent, net1, net2].sort() })
  const ping = async () => `not sent now; when this was recorded: ${note('ping')}`
  const result = await run({ host, namespaces: { parent, net1, net2 }, ping })
  assertDone()
  return result
}
