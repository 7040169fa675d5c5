/** Families whose ids a capture tells. */
import { join } from 'node:path'
import { expect } from 'chai'
import { generic, genericFamily, genericWith, genlmsghdr } from '../../src/generic/index.js'
import { attributes, decode, encode, headed, type Protocol, u32 } from '../../src/netlink/index.js'
import { nlwire } from '../cli/run.js'
import { root } from '../support/fixtures.js'

const little = { byteOrder: 'little' } as const
const newFamily = (familyId: number, familyName: string) =>
  encode(generic, [{ type: 'CTRL_CMD_NEWFAMILY', body: { familyId, familyName } }], little)
const of = (number: number, family: Protocol) => {
  const bytes = new Uint8Array([24, 0, 0, 0, number, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 8, 0, 1, 0])
  return decode(family, new Uint8Array([...bytes.with(0, 28), 7, 0, 0, 0]), little)[0]!
}

describe('families of a capture', () => {
  it('have their names once nlctrl has told them, and their header before that', () => {
    expect(of(20, generic)).to.deep.include({
      type: 20,
      body: { genlCmd: 1, genlVersion: 1, unknown: of(20, generic).body.unknown },
    })
    const learned = generic.learn!(newFamily(20, 'netdev'), 'little')
    expect(of(20, learned).type).to.equal('netdev')
    expect(learned.learn!(newFamily(20, 'netdev'), 'little')).to.equal(learned)
    // Loaded again, it has another number.
    const again = learned.learn!(newFamily(21, 'netdev'), 'little')
    expect([of(20, again).type, of(21, again).type]).to.deep.equal([20, 'netdev'])
  })

  it('are named by the command', async () => {
    const { stdout } = await nlwire(['decode', join(root, 'fixtures/error/generic-missing-attribute.nl')])
    expect(stdout).to.match(/^> ethtool /m)
  })

  it('are decoded by the definitions that are known for their names', () => {
    const body = headed(genlmsghdr, attributes('NETDEV_A_DEV', { ifindex: [1, u32] }))
    const netdev = genericFamily('netdev', { NETDEV_CMD_DEV_GET: { cmd: 1, operation: 'get', body } })
    const learned = genericWith([netdev]).learn!(newFamily(20, 'netdev'), 'little')
    expect(of(20, learned)).to.deep.include({
      type: 'NETDEV_CMD_DEV_GET',
      body: { genlCmd: 1, genlVersion: 1, ifindex: 7 },
    })
  })

  it('take no name from bytes that would be another message, and no number that is none', () => {
    for (const [id, name] of [
      ...[
        [20, '__proto__'],
        [20, 'NLMSG_DONE'],
        [20, 'nlctrl'],
        [20, '5'],
        [20, 'a b'],
        [20, ''],
      ],
      ...[
        [16, 'x'],
        [2, 'x'],
        [1024, 'x'],
      ],
    ] as [number, string][]) {
      const learned = generic.learn!(newFamily(id, name), 'little')
      expect(learned, name).to.equal(generic)
    }
  })
})
