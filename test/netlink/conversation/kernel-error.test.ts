/** What a KernelError says in text, whatever the kernel, or a capture, says. */
import { inspect } from 'node:util'
import { expect } from 'chai'
import { encode, KernelError } from '../../../src/netlink/index.js'
import { route } from '../../../src/rtnl/index.js'

const request = encode(route, [{ type: 'RTM_NEWLINK', flags: ['request'], seq: 1, body: { ifname: 'x0' } }])
const refused = (message: string, offset = 32) =>
  new KernelError({ family: route, byteOrder: 'little', request, errno: 22, ack: { message, offset } })

describe('KernelError', () => {
  it('quotes the text of the kernel', () => {
    const error = refused('Invalid name')
    expect(error.message).to.equal('RTM_NEWLINK: EINVAL "Invalid name" at ifname (bytes 0x20-0x26)')
    expect(error.kernelMessage).to.equal('Invalid name')
  })

  it('a text that would drive a terminal or make a line is escaped, in the message and in the marked bytes', () => {
    const error = refused('no\n0000  ff\u001b[31m\u202e')
    expect(error.message).to.contain('"no\\n0000  ff\\u001b[31m\\u202e"')
    expect(error.message).not.to.contain('\n')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be there
    expect(inspect(error)).not.to.match(/\u001b|\u202e|^0000 {2}ff$/m)
    expect(error.annotated().filter((line) => line.includes('<--'))).to.have.lengthOf(1)
  })
})
