/** Readiness on the event loop: watching a kernel socket. */

import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import { expect } from 'chai'
import { type KernelTransport, openKernel } from '../../../src/netlink/socket/kernel.js'
import { netns } from '../../../src/netlink/socket/netns.js'
import type { Received } from '../../../src/netlink/transport/transport.js'
import { runScript, src } from '../../support/child.js'
import { needs, root, shim } from '../../support/layers.js'
import { makeNamespace, removeNamespaces } from '../../support/namespaces.js'
import { drain, getLink, makeEvents, RTNLGRP_LINK } from '../../support/raw.js'

/** Resolves when `done` holds; fails after five seconds. */
async function until(done: () => boolean, what: string): Promise<void> {
  for (const end = Date.now() + 60_000; !done(); await wait(5)) {
    if (Date.now() > end) throw new Error(`waited for: ${what}`)
  }
}

describe('watching a kernel socket', () => {
  let opened: KernelTransport[] = []
  const open = (options: Partial<Parameters<typeof openKernel>[0]> = {}): KernelTransport => {
    const transport = openKernel({ protocol: 0, ...options })
    opened.push(transport)
    return transport
  }
  const ask = (transport: KernelTransport): void => transport.send(getLink(1), 32)

  before(function () {
    needs(this, shim)
  })
  afterEach(() => {
    for (const transport of opened) transport.close()
    opened = []
    removeNamespaces()
  })

  it('calls back when something waits, and not when nothing does', async () => {
    const transport = open()
    let calls = 0
    let messages = 0
    transport.onReadable(() => {
      calls += 1
      messages += drain(transport).messages.length
    })
    await wait(20)
    expect(calls).to.equal(0)
    for (let round = 1; round <= 3; round++) {
      ask(transport)
      await until(() => messages === round, 'the answer')
      expect(calls).to.equal(round)
    }
  })

  it('stops when undefined is set, and starts again with another callback', async () => {
    const transport = open()
    const heard: string[] = []
    transport.onReadable(() => heard.push('first'))
    transport.onReadable(undefined)
    ask(transport)
    await wait(20)
    expect(heard).to.deep.equal([])
    transport.onReadable(() => heard.push('never'))
    transport.onReadable(() => {
      heard.push('second')
      drain(transport)
    })
    await until(() => heard.length > 0, 'the callback')
    await wait(10)
    expect(heard).to.deep.equal(['second'])
  })

  it('goes on after an overrun: told once, then events again', async function () {
    needs(this, root)
    const inside = netns.open(makeNamespace())
    const actor = open({ netns: inside.fd })
    const listener = open({ netns: inside.fd, groups: [RTNLGRP_LINK], receiveBuffer: 4096 })
    inside.close()
    const heard: Received[] = []
    listener.onReadable(() => heard.push(...drain(listener).results))
    for (let round = 0; round < 3; round++) {
      heard.length = 0
      // All in one turn of the event loop: nobody receives meanwhile.
      makeEvents(actor, 40)
      await until(() => heard.includes('overrun'), 'the overrun')
      expect(heard.filter((result) => result === 'overrun')).to.have.length(1)
      expect(heard.length).to.be.lessThan(40)
      heard.length = 0
      makeEvents(actor, 1)
      await until(() => heard.length > 0, 'an event after the overrun')
      expect(heard).to.deep.equal(['datagram'])
    }
  })

  it('is not told of an overrun with noEnobufs', async function () {
    needs(this, root)
    const inside = netns.open(makeNamespace())
    const actor = open({ netns: inside.fd })
    const listener = open({ netns: inside.fd, groups: [RTNLGRP_LINK], receiveBuffer: 4096, noEnobufs: true })
    inside.close()
    makeEvents(actor, 40)
    const { results } = drain(listener)
    expect(new Set(results)).to.deep.equal(new Set(['datagram']))
    expect(results.length).to.be.lessThan(40)
  })

  it('hands what the callback throws to uncaughtException, and goes on', async () => {
    const { stdout, stderr, status } = await runScript(`
      import { openKernel } from '${src('netlink/socket/kernel.js')}'
      import { getLink, drain } from '${new URL('../../support/raw.js', import.meta.url)}'
      const transport = openKernel({ protocol: 0 })
      let calls = 0
      process.on('uncaughtException', (error) => {
        console.log(error.message)
        if (calls === 2) transport.close()
        else transport.send(getLink(1), 32)
      })
      transport.onReadable(() => {
        drain(transport)
        calls += 1
        throw new Error('thrown ' + calls)
      })
      transport.send(getLink(1), 32)
    `)
    expect({ stdout, stderr, status }).to.deep.equal({ stdout: 'thrown 1\nthrown 2\n', stderr: '', status: 0 })
  })

  it('ends the process in the usual way when nobody catches that', async () => {
    const { stderr, status, signal } = await runScript(`
      import { openKernel } from '${src('netlink/socket/kernel.js')}'
      import { getLink } from '${new URL('../../support/raw.js', import.meta.url)}'
      const transport = openKernel({ protocol: 0 })
      transport.onReadable(() => { throw new Error('not caught') })
      transport.send(getLink(1), 32)
    `)
    expect({ status, signal }).to.deep.equal({ status: 1, signal: null })
    expect(stderr).to.match(/Error: not caught/)
  })

  it('may be closed inside its own callback', async () => {
    for (let round = 0; round < 20; round++) {
      const transport = open()
      const other = open()
      let calls = 0
      transport.onReadable(() => {
        calls += 1
        transport.close()
        other.close()
      })
      other.onReadable(() => {
        calls += 1
        transport.close()
        other.close()
      })
      ask(transport)
      ask(other)
      await until(() => calls > 0, 'the callback')
      await wait(1)
      expect(calls).to.equal(1)
    }
  })

  it('runs promise jobs and the async context of the watch after each callback', async () => {
    const storage = new AsyncLocalStorage<string>()
    const transport = open()
    const heard: unknown[] = []
    storage.run('here', () =>
      transport.onReadable(() => {
        drain(transport)
        heard.push(storage.getStore())
        Promise.resolve().then(() => heard.push('job'))
        process.nextTick(() => heard.push('tick'))
      }),
    )
    ask(transport)
    await until(() => heard.length === 3, 'tick and job')
    expect(heard).to.deep.equal(['here', 'tick', 'job'])
  })

  it('keeps the process alive while it is watched, unless unref says otherwise', async () => {
    const script = (body: string): string => `
      import { openKernel } from '${src('netlink/socket/kernel.js')}'
      const transport = openKernel({ protocol: 0 })
      const on = () => {}
      ${body}
    `
    const [watched, ...ended] = await Promise.all([
      runScript(script('transport.onReadable(on)'), { timeout: 2000 }),
      runScript(script('')),
      runScript(script('transport.onReadable(on); transport.unref()')),
      runScript(script('transport.unref(); transport.onReadable(on)')),
      runScript(script('transport.onReadable(on); transport.onReadable(undefined)')),
      runScript(script('transport.onReadable(on); transport.close()')),
      runScript(script('transport.onReadable(on); setTimeout(() => transport.close(), 50)')),
    ])
    expect(watched!.signal).to.equal('SIGKILL')
    for (const { status, stderr } of ended) expect({ status, stderr }).to.deep.equal({ status: 0, stderr: '' })
    const again = await runScript(script('transport.unref(); transport.onReadable(on); transport.ref()'), {
      timeout: 1000,
    })
    expect(again.signal).to.equal('SIGKILL')
  })

  it('is not collected while it is watched, and closed by the collector when it is forgotten', async () => {
    const { stdout, stderr } = await runScript(
      `
      import { readdirSync } from 'node:fs'
      import { setTimeout as wait } from 'node:timers/promises'
      import { openKernel } from '${src('netlink/socket/kernel.js')}'
      const forget = () => { openKernel({ protocol: 0 }) }
      const watch = () => { openKernel({ protocol: 0 }).onReadable(() => {}) }
      const collect = async () => { for (let round = 0; round < 5; round++) { gc(); await wait(5) } }
      const sockets = () => readdirSync('/proc/self/fd').length - before
      let before = 0
      forget()
      await collect()
      before = sockets()
      for (let made = 0; made < 100; made++) forget()
      const open = sockets()
      await collect()
      const forgotten = sockets()
      for (let made = 0; made < 10; made++) watch()
      await collect()
      console.log(open, forgotten, sockets())
      process.exit(0)
    `,
      { args: ['--expose-gc'] },
    )
    expect({ stdout, stderr }).to.deep.equal({ stdout: '100 0 10\n', stderr: '' })
  })
})
