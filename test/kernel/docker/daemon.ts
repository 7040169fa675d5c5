/** A Docker daemon in user-mode Linux that writes nothing to this machine, and the driver beside it. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { setTimeout as after } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** Debian's, as the daemon is: a newer client asks in other words. */
const client = '/usr/bin/docker'
export const main = fileURLToPath(new URL('../../../src/cli/main.js', import.meta.url))
export const sh = (command: string): string => execFileSync('sh', ['-c', command], { encoding: 'utf8', env })
const env = { ...process.env, DOCKER_HOST: 'unix:///run/docker.sock', DOCKER_CONFIG: '/run/docker-client' }

/** Runs docker; gives its output. @throws with what it said on standard error */
export function docker(...words: string[]): string {
  return execFileSync(client, words, {
    encoding: 'utf8',
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 120_000,
  }).trim()
}

/** Runs the lines of a document's first block of commands, as they stand there. @returns the output of each */
export function documented(path: string): string[] {
  const text = readFileSync(new URL(`../../../../${path}`, import.meta.url), 'utf8')
  const lines = /```sh\n([\s\S]*?)```/.exec(text)![1]!.trim().split('\n')
  // This kernel has no seccomp.
  const as = (line: string) => line.replace(/docker run/g, 'docker run --security-opt seccomp=unconfined')
  return lines.map((line) => sh(`alias docker=${client}; ${as(line)}`))
}

/** What docker says when it refuses. */
export function refusal(...words: string[]): string {
  try {
    docker(...words)
  } catch (error) {
    return String((error as { stderr?: string }).stderr)
  }
  throw new Error(`docker ${words.join(' ')} was not refused`)
}

/** The guest's root is this machine's disk: whatever Docker writes goes to memory. */
export function prepare(): void {
  sh('cp -a /etc /run/etc && mount --bind /run/etc /etc')
  sh('mount -t tmpfs opt /opt')
  sh('mount -t cgroup2 cgroup2 /sys/fs/cgroup')
}

const spawned = (file: string, args: readonly string[], log: string): ChildProcess => {
  const fd = openSync(log, 'a')
  const child = spawn(file, args, { env, stdio: ['ignore', fd, fd] })
  closeSync(fd)
  return child
}

/** Waits until something is so. @throws with a log's end when it is not within two minutes */
async function until(what: string, is: () => boolean, log: string): Promise<void> {
  for (let i = 0; i < 600; i++) {
    if (is()) return
    await after(200)
  }
  throw new Error(`${what}:\n${readFileSync(log, 'utf8').slice(-3000)}`)
}

const works = (command: string): boolean => {
  try {
    sh(`${command} >/dev/null 2>&1`)
    return true
  } catch {
    return false
  }
}

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) =>
    (child.exitCode ?? child.signalCode) === null ? child.once('exit', () => resolve()) : resolve(),
  )

/** dockerd. */
export class Daemon {
  #child: ChildProcess | undefined
  async start(): Promise<void> {
    const words =
      '--data-root /run/data --exec-root /run/exec -H unix:///run/docker.sock -p /run/dockerd.pid -s vfs --iptables=false --ip6tables=false --ip-forward=false --ip-masq=false --bridge=none'
    this.#child = spawned('dockerd', words.split(' '), '/run/dockerd.log')
    await until('the daemon does not answer', () => works(`${client} version`), '/run/dockerd.log')
  }
  async stop(): Promise<void> {
    this.#child?.kill('SIGTERM')
    if (this.#child) await ended(this.#child)
  }
  /** An image of two megabytes. */
  image(): void {
    sh('mkdir -p /run/image/bin && cp "$(command -v busybox)" /run/image/bin/busybox')
    sh('cd /run/image/bin && for name in sh ping ip sleep; do ln -sf busybox $name; done')
    sh(`tar -c -C /run/image . | ${client} import - busybox`)
  }
}

/** nlwire docker-driver. */
export class Driver {
  #child: ChildProcess | undefined
  /** @param activated whether systemd's way of handing over a socket is used */
  async start(activated = false): Promise<void> {
    const command = [process.execPath, main, 'docker-driver', '--state-dir', '/run/state']
    const wrapped = activated ? ['systemd-socket-activate', '-l', socket, ...command] : command
    this.#child = spawned(wrapped[0]!, wrapped.slice(1), '/run/driver.log')
    await until('the driver does not answer', () => works(connects), '/run/driver.log')
  }
  /** @returns its exit status, null when the signal ended it */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<number | null> {
    this.#child!.kill(signal)
    await ended(this.#child!)
    return this.#child!.exitCode
  }
}
const socket = '/run/docker/plugins/nlwire-ipvlan.sock'
const connects = `node -e "require('net').connect('${socket}').on('connect',()=>process.exit(0)).on('error',()=>process.exit(1))"`
