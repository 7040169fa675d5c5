/** Network namespaces by name. */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { expect } from 'chai'
import { TransportError } from '../../../src/netlink/errors.js'
import { type Namespace, netns } from '../../../src/netlink/socket/netns.js'
import { needs, root, shim } from '../../support/layers.js'
import { makeNamespace, removeNamespaces, uniqueName } from '../../support/namespaces.js'

/** The TransportError that `run` throws. */
function failure(run: () => unknown): TransportError {
  try {
    run()
  } catch (error) {
    expect(error).to.be.instanceOf(TransportError)
    return error as TransportError
  }
  throw new Error('nothing was thrown')
}

const ip = (...args: string[]) => spawnSync('ip', args, { encoding: 'utf8' })
const hasIp = ip('-V').status === 0
const fds = (): number => readdirSync('/proc/self/fd').length

describe('network namespaces', () => {
  afterEach(removeNamespaces)

  describe('made here', () => {
    before(function () {
      needs(this, shim)
      needs(this, root)
    })

    it('are created, listed, opened and deleted, and this process stays in its own', () => {
      const own = netns.inode({ pid: process.pid })
      const name = uniqueName()
      expect(netns.exists(name)).to.equal(false)
      makeNamespace(name)
      expect(netns.exists(name)).to.equal(true)
      expect(netns.list()).to.include(name)
      expect(netns.list()).to.deep.equal([...netns.list()].sort())
      expect(netns.inode(name)).to.not.equal(own)
      expect(netns.inode({ pid: process.pid })).to.equal(own)
      netns.delete(name)
      expect(netns.exists(name)).to.equal(false)
      expect(netns.list()).to.not.include(name)
    })

    it('are mounts of their own on a shared /run/netns, with a loopback interface that is down', () => {
      const name = makeNamespace()
      const mounts = readFileSync('/proc/self/mountinfo', 'utf8').split('\n')
      const mount = mounts.find((line) => line.includes(`/run/netns/${name} `))
      expect(mount).to.match(/ - nsfs /)
      expect(mounts.find((line) => line.includes(' /run/netns '))).to.match(/ shared:\d+/)
      expect(mounts.filter((line) => line.includes(`/run/netns/${name} `))).to.have.length(1)
    })

    it('are seen by ip netns, and those of ip netns are seen here', function () {
      needs(this, hasIp, 'there is no ip command')
      const name = makeNamespace()
      expect(ip('netns', 'list').stdout).to.match(new RegExp(`^${name}( |$)`, 'm'))
      const inside = ip('netns', 'exec', name, 'cat', '/proc/self/mountinfo')
      expect(inside.status).to.equal(0)
      expect(ip('-n', name, '-o', 'link', 'show', 'lo').stdout).to.match(/state DOWN/)
      expect(ip('netns', 'delete', name).status).to.equal(0)
      expect(netns.exists(name)).to.equal(false)

      const theirs = uniqueName()
      expect(ip('netns', 'add', theirs).status).to.equal(0)
      expect(netns.list()).to.include(theirs)
      expect(netns.inode(theirs)).to.equal(BigInt(statSync(`/run/netns/${theirs}`).ino))
      netns.delete(theirs)
      expect(ip('netns', 'list').stdout).to.not.include(theirs)
    })

    it('are opened by name, path, pid and descriptor, all the same one', () => {
      const name = makeNamespace()
      const opened = netns.open(name)
      const before = fds()
      for (const where of [name, `/run/netns/${name}`, { fd: opened.fd }] satisfies Namespace[]) {
        expect(netns.inode(where)).to.equal(opened.inode)
      }
      expect(netns.inode({ pid: process.pid })).to.equal(netns.inode('/proc/self/ns/net'))
      expect(fds()).to.equal(before)
      opened.close()
      opened.close()
      opened[Symbol.dispose]()
      expect(fds()).to.equal(before - 1)
    })

    it('live on while they are open, after their name is gone', () => {
      const name = makeNamespace()
      const opened = netns.open(name)
      netns.delete(name)
      const again = netns.open({ fd: opened.fd })
      expect(again.inode).to.equal(opened.inode)
      again.close()
      opened.close()
    })

    it('are refused when the name is taken, and the one there is stays', () => {
      const name = makeNamespace()
      const inode = netns.inode(name)
      const error = failure(() => netns.create(name))
      expect(error).to.include({ code: 'ERR_NETLINK_SYSCALL', syscall: 'open', errno: 17 })
      expect(error.message).to.include(`"${name}": the name is taken`)
      expect(netns.inode(name)).to.equal(inode)
    })

    it('leave nothing behind: fifty made and deleted', () => {
      const left = () => ({ fds: fds(), threads: readdirSync('/proc/self/task').length })
      const before = left()
      for (let made = 0; made < 50; made++) netns.delete(makeNamespace())
      expect(left()).to.deep.equal(before)
      expect(netns.list().filter((name) => name.startsWith(`nlw-${process.pid}-`))).to.deep.equal([])
      expect(readFileSync('/proc/self/mountinfo', 'utf8')).to.not.include(`/run/netns/nlw-${process.pid}-`)
    })

    it('may be files that nothing is mounted on, after a crash: deleted, not opened', () => {
      const name = uniqueName()
      writeFileSync(`/run/netns/${name}`, '')
      expect(failure(() => netns.open(name)).message).to.equal(`"${name}" is not a network namespace`)
      netns.delete(name)
      expect(netns.exists(name)).to.equal(false)
    })
  })

  it('that do not exist: the error lists the names that do', function () {
    needs(this, shim)
    needs(this, root)
    const there = makeNamespace()
    const missing = uniqueName()
    for (const run of [() => netns.open(missing), () => netns.inode(missing), () => netns.delete(missing)]) {
      const error = failure(run)
      expect(error.code).to.equal('ERR_NETLINK_NO_NAMESPACE')
      expect(error.message).to.include(`no network namespace "${missing}" (there are: `).and.include(there)
    }
    for (const where of [{ pid: 2 ** 22 + 1 }, { fd: 99999 }, '/run/netns/', '/nowhere/net1'] satisfies Namespace[]) {
      expect(failure(() => netns.open(where)).code).to.equal('ERR_NETLINK_NO_NAMESPACE')
    }
  })

  it('are never something else: another kind of namespace, an ordinary file, a directory', function () {
    needs(this, shim)
    for (const where of ['/proc/self/ns/mnt', '/proc/self/ns/uts', '/proc/self/status', '/', '/dev/null']) {
      const error = failure(() => netns.open(where))
      expect(error.code).to.equal('ERR_NETLINK_NO_NAMESPACE')
      expect(error.message).to.equal(`"${where}" is not a network namespace`)
    }
  })

  it('have names that a file can have, each refusal with its reason', () => {
    const reasons: [string, RegExp][] = [
      ['', /at least one character/],
      ['.', /means a directory/],
      ['..', /means a directory/],
      ['a/b', /no slash/],
      ['../x', /no slash/],
      ['a\0b', /NUL/],
      ['x'.repeat(256), /at most 255 bytes/],
      ['é'.repeat(128), /at most 255 bytes/],
    ]
    for (const [name, reason] of reasons) {
      for (const use of [netns.create, netns.delete, netns.exists]) {
        const error = failure(() => use(name))
        expect(error.code).to.equal('ERR_NETLINK_NO_NAMESPACE')
        expect(error.message).to.match(reason)
      }
    }
    const wrong = [undefined, null, 7, {}, { pid: -1 }, { pid: 1.5 }, { fd: '3' }, '/a\0b', '']
    for (const where of wrong) {
      expect(failure(() => netns.open(where as Namespace)).code).to.equal('ERR_NETLINK_NO_NAMESPACE')
    }
  })
})
