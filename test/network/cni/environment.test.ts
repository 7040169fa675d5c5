import { expect } from 'chai'
import { readEnvironment } from '../../../src/network/cni/environment.js'
import type { CniError } from '../../../src/network/cni/errors.js'

const good = {
  CNI_COMMAND: 'ADD',
  CNI_CONTAINERID: 'c1',
  CNI_NETNS: '/run/netns/n1',
  CNI_IFNAME: 'eth0',
  CNI_PATH: '/a:/b',
}

function failure(env: Record<string, string | undefined>): string {
  try {
    readEnvironment(env)
  } catch (error) {
    const { code, message } = error as CniError
    expect(code).to.equal(4)
    return message
  }
  throw new Error('it did not fail')
}

describe('the environment of the CNI plugin', () => {
  it('is read', () => {
    expect(readEnvironment({ ...good, CNI_ARGS: 'IgnoreUnknown=1;MAC=02:00:00:00:00:01;K8S=a=b' })).to.deep.equal({
      command: 'ADD',
      containerId: 'c1',
      ifname: 'eth0',
      netns: '/run/netns/n1',
      path: ['/a', '/b'],
      args: { IgnoreUnknown: '1', MAC: '02:00:00:00:00:01', K8S: 'a=b' },
      netnsOverride: false,
    })
    expect(readEnvironment({ ...good, CNI_NETNS_OVERRIDE: 'TRUE' }).netnsOverride).to.equal(true)
  })

  it('needs what the command needs, and nothing else', () => {
    expect(failure({ CNI_COMMAND: 'ADD' })).to.equal('CNI_CONTAINERID, CNI_NETNS, CNI_IFNAME missing: ADD needs it')
    expect(failure({ ...good, CNI_NETNS: '' })).to.equal('CNI_NETNS missing: ADD needs it')
    expect(failure({ CNI_COMMAND: 'DEL' })).to.equal('CNI_CONTAINERID, CNI_IFNAME missing: DEL needs it')
    for (const CNI_COMMAND of ['GC', 'STATUS', 'VERSION'])
      expect(readEnvironment({ CNI_COMMAND }).command).to.equal(CNI_COMMAND)
    expect(readEnvironment({ ...good, CNI_COMMAND: 'DEL', CNI_NETNS: undefined }).netns).to.equal('')
  })

  it('names what is wrong, with its value', () => {
    expect(failure({})).to.equal('CNI_COMMAND is missing')
    expect(failure({ CNI_COMMAND: 'add' })).to.equal('CNI_COMMAND "add" is not known')
    expect(failure({ CNI_COMMAND: 'toString' })).to.equal('CNI_COMMAND "toString" is not known')
    expect(failure({ ...good, CNI_CONTAINERID: '../c' })).to.match(/^CNI_CONTAINERID "..\/c" has other characters/)
    expect(failure({ ...good, CNI_IFNAME: 'eth0123456789012' })).to.equal(
      'CNI_IFNAME "eth0123456789012" is longer than 15 bytes',
    )
    for (const name of ['a/b', 'a:b', 'a b', '.', '..']) expect(failure({ ...good, CNI_IFNAME: name })).to.contain(name)
    expect(failure({ ...good, CNI_ARGS: 'MAC' })).to.equal('CNI_ARGS: "MAC" is no NAME=VALUE')
  })

  it('takes a namespace without a slash as a file here', () => {
    expect(readEnvironment({ ...good, CNI_NETNS: 'n1' }).netns).to.equal('./n1')
  })
})
