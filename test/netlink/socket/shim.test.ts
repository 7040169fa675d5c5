/** The native shim itself: wrong arguments, closed handles, workers, and that nothing leaks. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { types } from 'node:util'
import { Worker } from 'node:worker_threads'
import { expect } from 'chai'
import { openKernel } from '../../../src/netlink/socket/kernel.js'
import { netns } from '../../../src/netlink/socket/netns.js'
import { loadShim } from '../../../src/netlink/socket/shim.js'
import type { Shim, SocketHandle } from '../../../src/netlink/socket/shim-functions.js'
import { runNode, runScript, src } from '../../support/child.js'
import { needs, root, shim as shimLayer } from '../../support/layers.js'

const room = new Uint8Array(64)
const count = (what: 'fd' | 'task'): number => readdirSync(`/proc/self/${what}`).length

describe('native shim', () => {
  let shim: Shim
  before(function () {
    needs(this, shimLayer)
    shim = loadShim()
  })

  it('throws a TypeError with a code for every wrong argument, and names the function and the argument', () => {
    const socket = shim.open(0, -1)
    const good: Record<keyof Shim, Readonly<Record<string, unknown>>> = {
      open: { protocol: 0, netnsFd: -1 },
      close: { handle: socket },
      bind: { handle: socket, port: 0 },
      setOption: { handle: socket, level: 270, name: 10, value: 1 },
      getOption: { handle: socket, level: 270, name: 10 },
      send: { handle: socket, bytes: new Uint8Array(1), length: 0 },
      receive: { handle: socket, bytes: new Uint8Array(1), info: new Int32Array(4) },
      exchange: { handle: socket, bytes: room, length: 0, buffer: room, info: new Int32Array(4) },
      watch: { handle: socket, callback: () => {} },
      keepAlive: { handle: socket, alive: 1 },
      netnsCreate: { directory: '/nowhere/nlw', path: '/nowhere/nlw/x' },
      netnsDelete: { path: '/nowhere/nlw/x' },
      netnsOpen: { path: '/nowhere/nlw/x' },
      netnsRun: { netnsFd: -1, call: () => {} },
      netnsExec: { netnsFd: -1, binds: new Uint8Array(0), words: new Uint8Array(0) },
      sysctlRead: { netnsFd: -1, path: '/nowhere/nlw/x', bytes: new Uint8Array(1) },
      sysctlWrite: { netnsFd: -1, path: '/nowhere/nlw/x', bytes: new Uint8Array(1) },
    }
    expect(Object.keys(shim).sort()).to.deep.equal(Object.keys(good).sort())
    const wrong = [undefined, null, true, 'x\0y', {}, [], 1.5, Number.NaN, 2 ** 40, -(2 ** 40), 1n, Symbol('s')]
    const arrays = [new Float64Array(4), new Uint16Array(4), new ArrayBuffer(8), new DataView(new ArrayBuffer(8))]
    for (const [name, named] of Object.entries(good)) {
      const call = (shim as unknown as Record<string, (...args: unknown[]) => unknown>)[name]!
      const args = Object.values(named)
      for (const [at, argument] of Object.keys(named).entries()) {
        for (const value of [...wrong, ...arrays, class {}]) {
          if (['watch', 'netnsRun'].includes(name) && at === 1 && (value === undefined || typeof value === 'function'))
            continue
          expect(() => call(...args.with(at, value)), `${name}, ${argument}: ${String(value)}`)
            .to.throw(TypeError, new RegExp(`^${name}: ${argument}: expected .*, got .`))
            .with.property('code', 'ERR_INVALID_ARG_TYPE')
        }
      }
      expect(() => call(), name).to.throw(TypeError, `${name}: ${Object.keys(named)[0]}: expected `)
    }
    shim.close(socket)
  })

  it('says of a wrong argument what is accepted and what it got', () => {
    const socket = shim.open(0, -1)
    const call = shim as unknown as Record<keyof Shim, (...args: unknown[]) => unknown>
    const messages: readonly (readonly [() => unknown, string])[] = [
      [() => call.getOption(null, 1, 8), 'getOption: handle: expected a socket handle, got null'],
      [() => call.close({}), 'close: handle: expected a socket handle, got an object'],
      [() => call.open('0', -1), 'open: protocol: expected an integer from -2147483648 to 2147483647, got a string'],
      [() => call.bind(socket, -1), 'bind: port: expected an integer from 0 to 4294967295, got -1'],
      [
        () => call.keepAlive(socket, 1.5),
        'keepAlive: alive: expected an integer from -2147483648 to 2147483647, got 1.5',
      ],
      [() => call.send(socket, [], 1), 'send: bytes: expected a Uint8Array, got an object'],
      [() => call.receive(socket, room, room), 'receive: info: expected an Int32Array, got an object'],
      [() => call.watch(socket, true), 'watch: callback: expected a function or undefined, got true'],
      [
        () => call.netnsOpen('x'.repeat(4095)),
        'netnsOpen: path: expected a path of at most 4094 bytes without NUL, got a string',
      ],
    ]
    for (const [run, message] of messages) expect(run).to.throw(TypeError).with.property('message', message)
    shim.close(socket)
  })

  it('knows its own handles from the externals of other native code', async () => {
    const server = createServer().listen(0).unref()
    const foreign = (server as unknown as { _handle: { _externalStream: SocketHandle } })._handle._externalStream
    expect(types.isExternal(foreign)).to.equal(true)
    expect(() => shim.close(foreign)).to.throw(TypeError)
    await new Promise((resolve) => server.close(resolve))
  })

  it('throws when libuv refuses the watch, because something else watches that descriptor', async () => {
    const { stdout, stderr } = await runScript(
      `
      import { readdirSync, readlinkSync } from 'node:fs'
      import { loadShim } from '${src('netlink/socket/shim.js')}'
      const shim = loadShim()
      const { Pipe, constants } = process.binding('pipe_wrap')
      const sockets = () => readdirSync('/proc/self/fd').filter((fd) => {
        try { return readlinkSync('/proc/self/fd/' + fd).startsWith('socket:') } catch { return false }
      })
      const before = sockets()
      const socket = shim.open(0, -1)
      const fd = Number(sockets().find((one) => !before.includes(one)))
      shim.watch(socket, () => {})
      shim.watch(socket, undefined)
      const pipe = new Pipe(constants.SOCKET)
      pipe.open(fd)
      pipe.readStart()
      for (let round = 0; round < 2; round++) {
        try {
          shim.watch(socket, () => {})
          console.log('watched')
        } catch ({ code, syscall }) {
          console.log(code, syscall)
        }
      }
      process.reallyExit(0)
    `,
      { args: ['--no-deprecation'] },
    )
    expect({ stdout, stderr }).to.deep.equal({ stdout: 'EEXIST watch\nEEXIST watch\n', stderr: '' })
  })

  it('does not wait for ever for the lock of ip netns', async function () {
    needs(this, spawnSync('flock', ['--version']).status === 0, 'there is no flock command')
    const directory = mkdtempSync(join(tmpdir(), 'nlw-'))
    const holder = spawn('flock', ['-x', directory, 'sh', '-c', 'echo held; exec cat'])
    try {
      await once(holder.stdout, 'data')
      const create = () => shim.netnsCreate(directory, join(directory, 'x'))
      expect(create).to.throw().with.include({ code: 'EAGAIN', syscall: 'flock' })
      expect(readdirSync(directory)).to.deep.equal([])
    } finally {
      holder.stdin.end()
      await once(holder, 'exit')
      rmdirSync(directory)
    }
  })

  it('answers EBADF for everything that is done with a closed handle', () => {
    const socket = shim.open(0, -1)
    shim.close(socket)
    shim.close(socket)
    const { send, receive, exchange, ...rest } = {
      send: shim.send(socket, new Uint8Array(32), 32),
      receive: shim.receive(socket, new Uint8Array(32), new Int32Array(4)),
      exchange: shim.exchange(socket, room, 1, room, new Int32Array(4)),
      bind: () => shim.bind(socket, 0),
      setOption: () => shim.setOption(socket, 270, 10, 1),
      getOption: () => shim.getOption(socket, 270, 10),
      watch: () => shim.watch(socket, () => {}),
      unwatch: () => shim.watch(socket, undefined),
      keepAlive: () => shim.keepAlive(socket, 1),
    }
    expect([send, receive, exchange]).to.deep.equal([-9, -9, -9])
    for (const [name, run] of Object.entries(rest))
      expect(run, name).to.throw().with.include({ code: 'EBADF', errno: 9 })
  })

  it('does not write beyond an array: too long a send, too short an info, detached memory', () => {
    const socket = shim.open(0, -1)
    expect(shim.send(socket, new Uint8Array(32), 33)).to.equal(-22)
    expect(shim.send(socket, new Uint8Array(32), -1)).to.equal(-22)
    expect(shim.receive(socket, new Uint8Array(32), new Int32Array(3))).to.equal(-22)
    const info = new Int32Array(4)
    for (const length of [room.length + 1, -1])
      expect([shim.exchange(socket, room, length, room, info), info[3]]).to.deep.equal([-22, 2])
    expect(shim.exchange(socket, room, 0, room, new Int32Array(3))).to.equal(-22)
    const detached = new Uint8Array(64)
    structuredClone(detached, { transfer: [detached.buffer] })
    expect([shim.send(socket, detached, 32), shim.exchange(socket, detached, 32, room, info)]).to.deep.equal([-22, -22])
    expect(shim.receive(socket, detached, new Int32Array(4))).to.equal(-11)
    shim.close(socket)
  })

  it('opens and closes 10,000 sockets and leaves no descriptor and no thread', async () => {
    const makeSome = (socketCount: number, netnsFd: number, watched: boolean): void => {
      for (let made = 0; made < socketCount; made++) {
        const socket = shim.open(0, netnsFd)
        if (watched) shim.watch(socket, () => {})
        shim.close(socket)
      }
    }
    makeSome(10, -1, true)
    await wait(20)
    const before = { fds: count('fd'), threads: count('task') }
    makeSome(8000, -1, false)
    makeSome(2000, -1, true)
    await wait(20)
    expect({ fds: count('fd'), threads: count('task') }).to.deep.equal(before)
    if (root.missing() === undefined) {
      const own = netns.open({ pid: process.pid })
      makeSome(1000, own.fd, true)
      own.close()
      await wait(20)
    }
    expect({ fds: count('fd'), threads: count('task') }).to.deep.equal(before)
  })

  it('leaves no descriptor when opening fails', () => {
    const before = count('fd')
    for (let made = 0; made < 100; made++) {
      expect(() => shim.open(31, -1))
        .to.throw()
        .with.property('code', 'EPROTONOSUPPORT')
      expect(() => openKernel({ protocol: 0, groups: [5000] }))
        .to.throw()
        .with.property('syscall', 'setsockopt')
      expect(() => shim.open(0, 9999))
        .to.throw()
        .with.property('syscall', 'setns')
      expect(() => shim.netnsOpen('/proc/self/ns/mnt'))
        .to.throw()
        .with.property('code', 'EINVAL')
      expect(() => shim.netnsOpen('/proc/self/status'))
        .to.throw()
        .with.property('code', 'EINVAL')
    }
    expect(count('fd')).to.equal(before)
  })

  it('lives in workers: several at once, ended in every way while they watch', async () => {
    const script = `
      const { parentPort, workerData } = require('node:worker_threads')
      Promise.all([import('${src('netlink/socket/kernel.js')}'), import('${new URL('../../support/raw.js', import.meta.url)}')])
        .then(([{ openKernel }, { getLink, drain }]) => {
          const sockets = Array.from({ length: 5 }, () => openKernel({ protocol: 0 }))
          let calls = 0
          for (const socket of sockets) {
            socket.onReadable(() => {
              drain(socket)
              socket.send(getLink(1), 32)
              if ((calls += 1) === 20) {
                parentPort.postMessage('busy')
                if (workerData === 'exit') process.exit(0)
                if (workerData === 'throw') throw new Error('in a worker')
                if (workerData === 'close') for (const each of sockets) each.close()
              }
            })
            socket.send(getLink(1), 32)
          }
          openKernel({ protocol: 0 })
          sockets[4].onReadable(undefined)
          globalThis.keep = sockets
        })
    `
    const run = async (how: string): Promise<string> => {
      const worker = new Worker(script, { eval: true, workerData: how })
      const ended = new Promise<string>((resolve) => {
        let error = ''
        worker.on('error', (thrown) => {
          error = (thrown as Error).message
        })
        worker.on('exit', (status) => resolve(error || String(status)))
      })
      await new Promise((resolve) => worker.once('message', resolve))
      if (how === 'terminate') await worker.terminate()
      return ended
    }
    await run('close')
    const before = count('fd')
    const ways = ['terminate', 'exit', 'throw', 'close']
    for (let round = 0; round < 3; round++) {
      expect(await Promise.all(ways.map(run))).to.deep.equal(['1', '0', 'in a worker', '0'])
    }
    await wait(20)
    expect(count('fd')).to.equal(before)
  })

  it('lets the process end with watched sockets open, by itself and by process.exit', async () => {
    for (const end of ['', 'process.exit(0)', 'socket.unref()']) {
      const { status, signal, stderr } = await runNode([
        '--input-type=module',
        '-e',
        `
        import { openKernel } from '${src('netlink/socket/kernel.js')}'
        import { getLink } from '${new URL('../../support/raw.js', import.meta.url)}'
        const socket = openKernel({ protocol: 0 })
        socket.onReadable(() => { ${end || 'socket.close()'} })
        globalThis.other = openKernel({ protocol: 0 })
        other.onReadable(() => {})
        other.unref()
        socket.send(getLink(1), 32)
      `,
      ])
      expect({ status, signal, stderr }).to.deep.equal({ status: 0, signal: null, stderr: '' })
    }
  })
})
