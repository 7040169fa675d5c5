/** The example of two networks on one parent, on a kernel that has ipvlan. */
import { join } from 'node:path'
import { expect } from 'chai'
import { runInUml, uml } from '../kernel/uml.js'
import { root } from '../support/fixtures.js'
import { needs } from '../support/layers.js'

const program = join(root, 'dist/examples/two-networks.js')

describe('the example of two networks on one parent, on a kernel', () => {
  before(function () {
    needs(this, uml)
  })

  it('attaches a container to each, which reach each other, and leaves nothing behind', async () => {
    const left = 'ip -o link | grep -c example; ip netns list | wc -l'
    const { status, stdout, stderr } = await runInUml(['bash', '-c', `${process.execPath} ${program} && { ${left}; }`])
    expect(stderr).to.equal('')
    const [refused, ...others] = stdout
      .split('\n')
      .sort((a, b) => Number(b.includes('refused')) - Number(a.includes('refused')))
    expect(refused).to.match(
      / refused \(ERR_NETWORK_MODE\): network example3: mode l2 .*example-c1: l3.*example-c2: l3/,
    )
    expect(others).to.deep.equal([
      'example-c1: eth0 has 192.168.30.2/24 and a route to default',
      'example-c2: eth0 has 192.168.110.2/24 and a route to default',
      'c1 to c2: 3 packets transmitted, 3 received, 0% packet loss',
      'removed: the link eth0 of c1',
      'removed: the link eth0 of c2',
      '0',
      '0',
      '',
    ])
    expect(status).to.equal(0)
  })
})
