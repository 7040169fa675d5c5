/**
 * Running a command under strace. The trace comes through a named pipe, which strace opens for itself: the command
 * inherits nothing of it, so its descriptors are numbered as ever, and what it leaves running holds nothing open.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, constants, createReadStream, mkdtempSync, openSync, rmSync } from 'node:fs'
import { constants as os, tmpdir } from 'node:os'
import { join } from 'node:path'
import { type InputSource, memorySource } from '../input/source.js'
import { Failure } from '../process/failure.js'
import { streams } from '../process/streams.js'

/** What to trace. */
export interface Traced {
  /** The command and its arguments. */
  readonly program: readonly string[]
  /** In place of a command: a process that runs already. */
  readonly pid?: number | undefined
}

/** A trace under way. */
export interface Trace {
  /** What strace writes, as it comes. */
  readonly source: InputSource
  /** Once all of the source was read: the status of the command; undefined where strace could not run it. */
  ended(): Promise<number | undefined>
}

/** All that makes, copies or uses descriptors. A name after ? may be missing on some machines. */
const calls = [
  ...['execve', '?execveat', 'clone', '?clone3', '?fork', '?vfork', 'socket', 'dup', '?dup2', 'dup3', 'fcntl', 'ioctl'],
  ...['close', '?close_range'],
  ...['sendto', 'sendmsg', 'recvfrom', 'recvmsg', 'read', 'write', 'readv', 'writev'],
]

/**
 * Not --seccomp-bpf, although it is faster: its filter stays, and once strace has gone those calls would fail. Not
 * signal=none: that would also hide by which signal the command ended.
 */
const options = ['-f', '-q', '-I', '3', '-e', 'write=all', '-e', 'read=all', '-e', `trace=${calls.join(',')}`]

/**
 * Starts a trace. Signals that end a program are the command's: it gets them, and what it does then is traced.
 * @throws Failure when there is no strace, or no place for the pipe
 */
export function startTrace({ program, pid }: Traced): Trace {
  if (spawnSync('strace', ['-V'], { stdio: 'ignore', env: streams.env }).error)
    throw new Failure('trace needs strace, and there is none on the PATH; on Debian: apt-get install strace')
  const folder = temporaryFolder()
  const fifo = join(folder, 'trace')
  const { error, stderr } = spawnSync('mkfifo', ['-m', '600', fifo], { encoding: 'utf8' })
  const remove = () => rmSync(folder, { recursive: true, force: true })
  if (error || stderr) {
    remove()
    throw new Failure(`no named pipe can be made in ${folder}: ${error?.message ?? stderr.trim()}`)
  }
  process.once('exit', remove)
  const stream = createReadStream(fifo)
  const opened = once(stream, 'open')
  // Of a process that was there before, the sockets are told by the notes at its descriptors. It is let go by a signal.
  const whom = pid === undefined ? ['--', ...program] : ['-yy', '-I', '2', '-p', `${pid}`]
  const start = () => spawn('strace', [...options, '-o', fifo, ...whom], { stdio: 'inherit', env: streams.env })
  const command = new Command(start, pid !== undefined)
  const gone = once(command.strace, 'exit')
    .catch(() => undefined)
    .then(async () => {
      // Who opens a pipe for reading waits for a writer, and strace may have ended before it was one.
      const writer = openSync(fifo, constants.O_RDWR)
      await opened
      closeSync(writer)
    })
  const source: InputSource = {
    ...memorySource('strace', new Uint8Array()),
    async *chunks() {
      for await (const chunk of stream as AsyncIterable<Uint8Array>) {
        command.read(chunk)
        yield chunk
      }
    },
  }
  const ended = async () => {
    await gone
    command.letGo()
    process.off('exit', remove)
    remove()
    return command.status
  }
  return { source, ended }
}

function temporaryFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), 'nlwire-trace-'))
  } catch (error) {
    throw new Failure(`no folder can be made in ${tmpdir()} (${(error as NodeJS.ErrnoException).code})`)
  }
}

const passedOn = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const

/** The traced command: its process, which strace names in each line, and how it ended. */
class Command {
  status: number | undefined
  readonly strace: ChildProcess
  readonly #attached: boolean
  #pid: number | undefined
  readonly #signals: NodeJS.Signals[] = []
  /** The command could not be executed: the exit that follows is strace's own. */
  #refused = false
  #rest = ''

  constructor(start: () => ChildProcess, attached: boolean) {
    this.#attached = attached
    // Before there is anybody whom the end of this process would leave alone.
    for (const signal of passedOn) process.on(signal, this.#signalled)
    this.strace = start()
  }

  /** Looks for the first line, which is the command's, and for the one that says how it ended. */
  read(chunk: Uint8Array): void {
    const lines = (this.#rest + Buffer.from(chunk).toString('latin1')).split('\n')
    this.#rest = lines.pop()!
    for (const line of lines) {
      if (this.#pid === undefined) {
        this.#pid = Number(/^(\d+) /.exec(line)?.[1]) || undefined
        this.#pass()
        this.#refused = /\) += -1 E[A-Z0-9]+ \([^"]*\)$/.test(line)
      }
      const [, pid, exit, signal] = /^(\d+) +\+\+\+ (?:exited with (\d+)|killed by (SIG\w+))/.exec(line) ?? []
      if (pid === undefined || Number(pid) !== this.#pid || this.#attached) continue
      if (!this.#refused) this.status = exit === undefined ? 128 + numberOf(signal!) : Number(exit)
      // What it has left running is not waited for: it goes on, untraced.
      this.strace.kill('SIGKILL')
    }
  }

  letGo(): void {
    for (const signal of passedOn) process.off(signal, this.#signalled)
    // Its own status is told by strace alone: 1 when it could not attach.
    if (this.#attached && this.strace.exitCode !== 1) this.status = 0
  }

  readonly #signalled = (signal: NodeJS.Signals): void => {
    if (this.#attached) this.strace.kill('SIGINT')
    // A key pressed at a terminal is a signal to all who are in the foreground: the command has it already.
    else if (!((signal === 'SIGINT' || signal === 'SIGQUIT') && atTerminal())) {
      this.#signals.push(signal)
      this.#pass()
    }
  }

  /** Gives the command its signals, once it is there. */
  #pass(): void {
    if (this.#pid === undefined) return
    for (const signal of this.#signals.splice(0))
      try {
        process.kill(this.#pid, signal)
      } catch {
        // It has ended meanwhile.
      }
  }
}

/** The number of a signal as strace names it: real-time signals are counted from SIGRTMIN, the kernel's 32. */
const numberOf = (signal: string): number =>
  os.signals[signal as NodeJS.Signals] ?? 32 + Number(/^SIGRT_(\d+)$/.exec(signal)?.[1] ?? 0)

const atTerminal = (): boolean => process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY
