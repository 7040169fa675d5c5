/** Sets that contain themselves: a read may be nested in another read of the same set. */
import { expect } from 'chai'
import {
  attributes,
  decode,
  defineProtocol,
  encode,
  lazy,
  listOf,
  nulString,
  type Type,
} from '../../../src/netlink/index.js'

interface Tree {
  a?: string
  child?: Tree
  kids?: Tree[]
  b?: string
}

const tree = attributes('TREE', {
  a: [1, nulString()],
  child: [2, lazy('TREE', (): Type<Tree> => tree as unknown as Type<Tree>)],
  kids: [
    3,
    listOf(
      lazy('TREE', (): Type<Tree> => tree as unknown as Type<Tree>),
      { number: 1 },
    ),
  ],
  b: [4, nulString()],
})
const family = defineProtocol('trees', 0, { X_NEWTREE: { number: 16, operation: 'new', body: tree } }, {})

describe('a set that contains itself', () => {
  const values: Record<string, Tree> = {
    'as a member': { a: 'outer-long', child: { a: 'in', child: { a: 'x' }, b: 'inner-b' }, b: 'outer-b' },
    'in a list': { a: 'root', kids: [{ a: 'k', kids: [], b: 'e' }, { b: 'second' }], b: 'root-end' },
    'in both': { kids: [{ child: { a: 'deep', kids: [{ b: 'x' }] }, b: 'y' }], b: 'z' },
  }
  for (const [title, value] of Object.entries(values))
    for (const byteOrder of ['little', 'big'] as const)
      it(`decodes ${title}, ${byteOrder}-endian, the first time and again`, () => {
        const bytes = encode(family, [{ type: 'X_NEWTREE', body: value as never }], { byteOrder })
        for (let i = 0; i < 3; i++) expect(decode(family, bytes, { byteOrder })[0]!.body).to.deep.equal(value)
      })
})
