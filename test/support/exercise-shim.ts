/**
 * Every function of the shim, in good and bad use: run under the address sanitizer by shim-sanitizer.test.ts.
 * Arguments: the built shim, and (run again by itself in workers) nothing more. Prints `done` when it got to its end.
 */
import { createRequire } from 'node:module'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import type { Shim, SocketHandle } from '../../src/netlink/socket/shim-functions.js'
import { getLink, setUp } from './raw.js'

const path = isMainThread ? process.argv[2]! : (workerData as string)
const shim = createRequire(import.meta.url)(path) as Shim
const info = new Int32Array(4)
const room = new Uint8Array(32768)
const collect = (globalThis as { gc?: () => void }).gc

const ENOBUFS = 105

/** Receives all that waits; gives how often there was something. */
function drain(socket: SocketHandle): number {
  for (let count = 0; ; count++) {
    const length = shim.receive(socket, room, info)
    if (length < 0 && length !== -ENOBUFS) return count
  }
}

function attempt(run: () => unknown): void {
  try {
    run()
  } catch {
    // Meant to fail: what matters is what the sanitizer says.
  }
}

/** Sysctls there and here: good ones, too little room, none, and folders. */
function sysctls(fd: number): void {
  const path = '/proc/sys/net/ipv4/conf/lo/forwarding'
  for (const netns of [fd, -1]) {
    if (shim.sysctlRead(netns, path, room) !== 2) throw new Error('a sysctl has another length')
    for (const size of [0, 1, 2]) attempt(() => shim.sysctlRead(netns, path, new Uint8Array(size)))
    for (const wrong of ['/proc/sys/net', '/proc/sys/net/nope', '']) {
      attempt(() => shim.sysctlRead(netns, wrong, room))
      attempt(() => shim.sysctlWrite(netns, wrong, room))
    }
  }
  shim.sysctlWrite(fd, path, Buffer.from('1\n'))
  for (const bytes of [new Uint8Array(0), Buffer.from('many'), new Uint8Array(10_000)])
    attempt(() => shim.sysctlWrite(fd, path, bytes))
  attempt(() => shim.sysctlRead(1, path, room))
}

/** What runs in a namespace; and programs that are none, so that this process goes on. */
function programs(fd: number): void {
  let ran = 0
  shim.netnsRun(fd, () => shim.netnsRun(fd, () => void ran++))
  attempt(() =>
    shim.netnsRun(fd, () => {
      throw new Error('thrown inside')
    }),
  )
  attempt(() => shim.netnsRun(-1, () => void ran++))
  if (ran !== 1) throw new Error('it ran where there is no namespace')
  for (const words of ['', 'a', 'a\0b', '\0', 'a\0b\0\0'])
    for (const binds of ['', 'a', 'a\0', 'a\0b\0'])
      attempt(() => shim.netnsExec(-1, Buffer.from(binds), Buffer.from(words)))
}

/** A namespace, an overrun in it, and a watch that goes on. Needs root. */
async function overrun(): Promise<void> {
  const name = `/run/netns/nlw-exercise-${process.pid}`
  shim.netnsCreate('/run/netns', name)
  try {
    attempt(() => shim.netnsCreate('/run/netns', name))
    const fd = shim.netnsOpen(name)
    sysctls(fd)
    programs(fd)
    const actor = shim.open(0, fd)
    const listener = shim.open(0, fd)
    shim.setOption(listener, 1, 33, 4096)
    shim.bind(listener, 0)
    shim.setOption(listener, 270, 1, 1)
    let heard = 0
    shim.watch(listener, () => {
      heard += drain(listener)
    })
    for (let made = 0; made < 60; made++) {
      shim.send(actor, setUp(1, made % 2 === 0), 32)
      drain(actor)
    }
    await wait(20)
    const first = heard
    shim.send(actor, setUp(1, true), 32)
    await wait(20)
    if (first === 0 || heard === first) throw new Error(`the watch ended at the overrun: ${first}, ${heard}`)
    shim.close(actor)
    shim.close(listener)
    ;(await import('node:fs')).closeSync(fd)
  } finally {
    shim.netnsDelete(name)
  }
}

/** Sockets that are closed in their callback, before it, twice, or never. */
async function lives(): Promise<void> {
  for (let round = 0; round < 50; round++) {
    const socket = shim.open(0, -1)
    const other = shim.open(0, -1)
    shim.bind(socket, 0)
    shim.setOption(socket, 270, 1, 1)
    shim.setOption(socket, 270, 3, 1)
    shim.getOption(socket, 1, 8)
    shim.watch(socket, () => {})
    shim.watch(socket, () => {
      if (round % 3 === 0) shim.watch(socket, undefined)
      if (round % 2 === 0) shim.close(socket)
      shim.close(other)
      drain(socket)
    })
    shim.watch(other, () => shim.close(socket))
    shim.send(socket, getLink(1), 32)
    shim.send(other, getLink(1), 32)
    if (round % 5 === 0) shim.keepAlive(socket, 0)
    await wait(1)
    shim.close(socket)
    shim.close(socket)
    shim.close(other)
    for (const run of [() => shim.watch(socket, () => {}), () => shim.bind(socket, 0)]) attempt(run)
    // Three that are forgotten, the last one watched: left to the collector, or to the end of the worker.
    drain(shim.open(0, -1))
    shim.keepAlive(shim.open(0, -1), 1)
    const forgotten = shim.open(0, -1)
    shim.watch(forgotten, () => {})
    shim.keepAlive(forgotten, 0)
  }
  collect?.()
  await wait(5)
  collect?.()
}

function badUse(): void {
  const calls = Object.values(shim) as ((...args: unknown[]) => unknown)[]
  for (const call of calls) {
    const socket = shim.open(0, -1)
    for (const value of [undefined, -1, 'x'.repeat(5000), socket, new Uint8Array(0), {}]) {
      attempt(() => call())
      attempt(() => call(value, value, value, value))
      attempt(() => call(socket, value, value, value, value))
      attempt(() => call(socket, room, value, room.subarray(0, 8), info))
    }
  }
  const socket = shim.open(0, -1)
  shim.receive(socket, room.subarray(0, 8), info)
  shim.send(socket, getLink(1), 32)
  shim.receive(socket, room.subarray(0, 8), info)
  // Good, into a buffer that is too small, longer than there is, with too short an info, and when it is closed.
  const answer = new Uint8Array(32768)
  if (shim.exchange(socket, getLink(1), 32, answer, info) < 32) throw new Error('no answer to an exchange')
  shim.exchange(socket, getLink(1), 32, answer.subarray(0, 8), info)
  for (const length of [0, -1, 33]) shim.exchange(socket, getLink(1), length, answer, info)
  shim.exchange(socket, getLink(1), 32, answer, new Int32Array(3))
  shim.close(socket)
  shim.exchange(socket, getLink(1), 32, answer, info)
}

async function workers(): Promise<void> {
  const all = Array.from({ length: 4 }, () => new Worker(fileURLToPath(import.meta.url), { workerData: path }))
  await Promise.all(all.map((worker) => new Promise((resolve) => worker.once('message', resolve))))
  await Promise.all(all.map((worker) => worker.terminate()))
}

if (isMainThread) {
  badUse()
  await lives()
  if (process.getuid?.() === 0) await overrun()
  await workers()
  console.log('done')
} else {
  await lives()
  const socket = shim.open(0, -1)
  shim.watch(socket, () => {
    drain(socket)
    shim.send(socket, getLink(1), 32)
  })
  shim.send(socket, getLink(1), 32)
  parentPort?.postMessage('busy')
}
