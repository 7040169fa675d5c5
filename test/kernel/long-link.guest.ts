/** Long messages in another kernel than this machine's: run by long-link.test.js in user-mode Linux. */
import { expectLongLink, makeLongLink } from '../support/long-links.js'
import { removeNamespaces } from '../support/namespaces.js'

describe('a link whose message is longer than 32 KiB', () => {
  after(removeNamespaces)
  it('is listed, and the links behind it', async () => expectLongLink(await makeLongLink()))
})
