/** Functions, and the programs that they start, in network namespaces. */
import { execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readlinkSync } from 'node:fs'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'
import { expect } from 'chai'
import { OptionError, TransportError } from '../../../src/netlink/errors.js'
import { netns } from '../../../src/netlink/socket/netns.js'
import { needs, root, shim } from '../../support/layers.js'
import { makeNamespace, removeNamespaces, uniqueName } from '../../support/namespaces.js'

const here = () => readlinkSync('/proc/thread-self/ns/net')
const print = ['-e', 'console.log(require("fs").readlinkSync("/proc/self/ns/net"))']

describe('run', () => {
  let name: string
  let own: string
  let there: string
  before(function () {
    needs(this, shim)
    needs(this, root)
    name = makeNamespace()
    own = here()
    there = `net:[${netns.inode(name)}]`
  })
  after(removeNamespaces)
  afterEach(() => expect(here()).to.equal(own))

  it('calls in the namespace, gives what the function gives, and comes back', () => {
    expect(netns.run(name, here)).to.equal(there)
    expect(netns.run(`/run/netns/${name}`, () => netns.run({ pid: process.pid }, here))).to.equal(there)
    expect(netns.run(name, () => 5)).to.equal(5)
  })

  it('starts programs there, synchronous and not, with their output, status and signals', async () => {
    const { stdout, status } = netns.run(name, () => spawnSync(process.execPath, print, { encoding: 'utf8' }))
    expect([stdout.trim(), status]).to.deep.equal([there, 0])
    const promised = await netns.run(name, () => promisify(execFile)(process.execPath, print))
    expect(promised.stdout.trim()).to.equal(there)
    const sleeping = netns.run(name, () => spawn('sleep', ['600']))
    sleeping.kill('SIGTERM')
    expect(await once(sleeping, 'exit')).to.deep.equal([null, 'SIGTERM'])
  })

  it('what comes after an await runs here', async () => {
    const seen = await netns.run(name, async () => {
      const first = here()
      await undefined
      return [first, here()]
    })
    expect(seen).to.deep.equal([there, own])
  })

  it('comes back when the function throws, and throws the same', () => {
    const wrong = Object.assign(new Error('mine'), { syscall: 'spawn', errno: 2, code: 'ENOENT' })
    let caught: unknown
    try {
      netns.run(name, () => {
        throw wrong
      })
    } catch (error) {
      caught = error
    }
    expect(caught).to.equal(wrong)
  })

  it('moves the thread that calls, and no other', async () => {
    const text = `
      const { parentPort, workerData } = require('node:worker_threads')
      import(workerData.module).then(({ netns }) => netns.run(workerData.name, () => {
        parentPort.postMessage(require('node:fs').readlinkSync('/proc/thread-self/ns/net'))
      }))`
    const module = new URL('../../../src/netlink/socket/netns.js', import.meta.url).href
    const worker = new Worker(text, { eval: true, workerData: { module, name } })
    expect(await once(worker, 'message')).to.deep.equal([there])
    await worker.terminate()
  })

  it('says what cannot be', () => {
    expect(() => netns.run(uniqueName(), here)).to.throw(TransportError, 'there is no network namespace')
    expect(() => netns.run(name, 5 as never)).to.throw(OptionError, 'call: expected a function')
  })
})
