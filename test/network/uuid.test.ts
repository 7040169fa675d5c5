import { expect } from 'chai'
import { fromHex, toHex } from '../../src/netlink/bytes/bytes.js'
import { uuidV5 } from '../../src/network/uuid.js'

const dns = fromHex('6ba7b810 9dad 11d1 80b4 00c04fd430c8')
const url = fromHex('6ba7b811 9dad 11d1 80b4 00c04fd430c8')
const hyphenated = (uuid: Uint8Array) => toHex(uuid).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')

describe('uuidV5', () => {
  it('gives the test vector of RFC 9562, appendix A.4', () => {
    expect(hyphenated(uuidV5(dns, 'www.example.com'))).to.equal('2ed6657d-e927-568b-95e1-2665a8aea6a2')
  })

  it("gives the example of Python's documentation", () => {
    expect(hyphenated(uuidV5(dns, 'python.org'))).to.equal('886313e1-3b8a-5372-9b90-0c9aee199e5d')
  })

  it('takes a name as UTF-8, and an empty one', () => {
    // Both by Python's uuid.uuid5(uuid.NAMESPACE_URL, name).
    expect(hyphenated(uuidV5(url, 'Zürich ☃ 😀'))).to.equal('8dbd53e9-38f2-541a-8e58-9ad2752c56dd')
    expect(hyphenated(uuidV5(url, ''))).to.equal('1b4db7eb-4057-5ddf-91e0-36dec72071f5')
  })
})
