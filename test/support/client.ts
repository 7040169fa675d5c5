/** A client in a namespace of its own for each test: what tests of this kernel begin and end with. */
import { openRtnl, type Rtnl } from '../../src/rtnl/client/rtnl.js'
import { ipCommand } from './ip.js'
import { needs, root } from './layers.js'
import { removeNamespaces } from './namespaces.js'

/**
 * To be called in a describe. Its tests need root and iproute2.
 * @param make makes the namespace, and gives its name
 * @param use given the namespace and the client before each test
 * @example clientInNamespace(makeNamespace, (opened) => ({ name, rtnl } = opened))
 */
export function clientInNamespace(make: () => string, use: (opened: { name: string; rtnl: Rtnl }) => void): void {
  let rtnl: Rtnl | undefined
  before(function () {
    needs(this, root)
    needs(this, ipCommand)
  })
  beforeEach(async () => {
    const name = make()
    rtnl = await openRtnl({ netns: name })
    use({ name, rtnl })
  })
  afterEach(() => {
    rtnl?.close()
    removeNamespaces()
  })
}
