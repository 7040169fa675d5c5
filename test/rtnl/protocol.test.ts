/** What rtnetlink's protocol says beside its definitions. */
import { expect } from 'chai'
import type { Messages } from '../../src/netlink/index.js'
import { route } from '../../src/rtnl/index.js'

describe('rtnl/protocol', () => {
  it('every group to which a message is sent is a group', () => {
    const messages: Messages = route.messages
    const named = Object.values(messages).flatMap(({ groups = [] }) => groups)
    expect(named).to.include('link')
    expect(Object.keys(route.groups)).to.include.members(named)
  })
})
