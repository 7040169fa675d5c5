/** nlctrl on the kernel of this machine, and families by the numbers that it gives. */
import { expect } from 'chai'
import { generic, genericBody, genericFamily, genlmsghdr, openGeneric, resolvedFrom } from '../../src/generic/index.js'
import {
  annotate,
  attributes,
  decode,
  dissect,
  encode,
  headed,
  KernelError,
  toHex,
  u32,
} from '../../src/netlink/index.js'
import { rejection } from '../support/things.js'

describe('generic/nlctrl', () => {
  it('resolves a family: id, version, groups, commands', async () => {
    await using client = await openGeneric()
    const info = await client.get('nlctrl')
    expect(info).to.deep.include({ familyId: 16, familyName: 'nlctrl', version: 2 })
    expect(info.ops!.find(({ id }) => id === 3)!.flags).to.include.members(['cmdCapDo', 'cmdCapDump'])
    expect(await client.resolve('nlctrl')).to.deep.equal({ name: 'nlctrl', id: 16, version: 2, groups: { notify: 16 } })
  })

  it('lists families, and what the kernel accepts of one', async () => {
    await using client = await openGeneric()
    const names = (await client.list().toArray()).map(({ familyName }) => familyName)
    expect(names).to.include('nlctrl')
    const parts = await client.policies('nlctrl').toArray()
    expect(parts.find(({ opPolicy }) => opPolicy?.[3])!.opPolicy![3]).to.have.property('do')
    const name = parts.find(({ policy }) => policy?.[0]?.[2])!.policy![0]![2]!
    expect(name).to.deep.include({ type: 'nulString', maxLength: 15 })
  })

  it('says by its name which request failed', async () => {
    await using client = await openGeneric()
    const error = await rejection(client.resolve('no-such-one'))
    expect(error).to.be.instanceOf(KernelError)
    expect(error.message).to.match(/^CTRL_CMD_GETFAMILY: ENOENT/)
  })

  it('opens a conversation with a family that was described', async () => {
    const own = genericFamily('nlctrl', {
      GET: { cmd: 3, operation: 'get', body: headed(genlmsghdr, attributes('CTRL_ATTR', {})), answer: 'NEW' },
      NEW: { cmd: 1, operation: 'new', body: headed(genlmsghdr, attributes('CTRL_ATTR', { maxattr: [5, u32] })) },
    })
    await using client = await openGeneric()
    const conversation = await client.open(own)
    expect((await conversation.dump('GET', {}).toArray())[0]!.maxattr).to.be.a('number')
    client.close()
    expect((await rejection(conversation.dump('GET', {}).toArray())).code).to.equal('ERR_NETLINK_CLOSED')
  })

  for (const byteOrder of ['little', 'big'] as const)
    it(`decodes and encodes (${byteOrder}-endian)`, () => {
      const body = {
        ...{ genlCmd: 1, genlVersion: 2, familyName: 'netdev', familyId: 20, version: 1, hdrsize: 0, maxattr: 0 },
        ops: [{ id: 1, flags: ['cmdCapDo', 'cmdCapDump'] }],
        mcastGroups: [{ name: 'mgmt', id: 5 }],
      } as const
      const bytes = encode(generic, [{ type: 'CTRL_CMD_NEWFAMILY', body } as never], { byteOrder })
      const [message] = decode(generic, bytes, { byteOrder })
      expect(message!.body).to.deep.equal(body)
      expect(toHex(encode(generic, [message!], { byteOrder }))).to.equal(toHex(bytes))
      expect(resolvedFrom(body as never)).to.deep.equal({ name: 'netdev', id: 20, version: 1, groups: { mgmt: 5 } })
    })

  it('shows header and attributes of a family that nobody described', () => {
    expect(genericBody.members).to.have.property('genlCmd')
    const bytes = encode(generic, [{ type: 'CTRL_CMD_GETFAMILY', body: { familyName: 'a' } }])
    new DataView(bytes.buffer).setUint16(4, 77, true)
    const [message] = decode(generic, bytes, { byteOrder: 'little' })
    expect(message!.type).to.equal(77)
    expect(message!.body).to.deep.include({ genlCmd: 3 })
    expect(annotate(bytes, dissect(generic, bytes, { byteOrder: 'little' })).join('\n')).to.contain('genlCmd')
  })
})
