/** What the command would send, found out in this process. */
import { dryHost } from '../../../src/cli/kernel/dry-run.js'
import { actionOf, type ObjectName } from '../../../src/cli/objects/actions.js'
import { Words } from '../../../src/cli/objects/grammar/words.js'
import { Output } from '../../../src/cli/objects/session/session.js'
import { openRtnl } from '../../../src/index.js'
import { recordingHost } from '../../../src/testing/index.js'

/** The requests that nlwire would send for words about an object. @throws Failure where the words are wrong */
export async function sentFor(
  object: ObjectName,
  words: readonly string[],
  family?: 'inet' | 'inet6',
): Promise<Uint8Array[]> {
  const action = actionOf(object, new Words(words, object), family)
  const { host, exchanges } = recordingHost(dryHost(() => {}))
  await using rtnl = await openRtnl({ host })
  const out = new Output({ json: false, details: false, silent: true })
  await action({ rtnl: async () => rtnl, host, out, family, siblings: 'switch' })
  return exchanges.flatMap((one) => (one.direction === 'sent' && 'bytes' in one ? [one.bytes] : []))
}
