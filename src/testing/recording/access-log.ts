/** What a recorded program did to the machine without netlink, in its order. Kept in the head, a line each, as JSON. */
import { TransportError, type TransportErrorCode } from '../../netlink/errors.js'
import type { Namespace } from '../../netlink/socket/netns.js'
import { placeKey } from './namespace-log.js'
import { FixtureError, type Recording } from './nl.js'

/** One access, as a line of the head has it. @internal */
export interface MachineAccess {
  readonly does: string
  /** What it is done to. */
  readonly name?: string
  /** The namespace's key; left out for our own. */
  readonly in?: string
  /** What was read or set. */
  readonly value?: string
  readonly error?: {
    readonly code: TransportErrorCode
    readonly message: string
    readonly syscall?: string
    readonly errno?: number
  }
}

/** The namespace of an access. @internal */
export const place = (where: Namespace | undefined) => (where === undefined ? {} : { in: placeKey(where) })

/** Accesses that are kept, and answered from. @internal */
export class AccessLog {
  readonly #kind: string
  readonly #accesses: MachineAccess[] = []
  #done = 0

  /** @param kind what the lines of the head begin with: `sysctl` */
  constructor(kind: string) {
    this.#kind = kind
  }

  /** What a recording's head has. */
  static of({ notes }: Recording, kind: string): AccessLog {
    const log = new AccessLog(kind)
    const key = `${kind}: `
    for (const line of notes) if (line.startsWith(key)) log.#accesses.push(accessIn(line, line.slice(key.length)))
    return log
  }

  /**
   * Does it, and keeps it with what came of it.
   * @param value the result as text; undefined for one that is not kept
   */
  keep<T>(asked: MachineAccess, run: () => T, value: (result: T) => string | undefined): T {
    try {
      const result = run()
      const text = value(result)
      this.#accesses.push({ ...asked, ...(text === undefined ? {} : { value: text }) })
      return result
    } catch (error) {
      this.#failed(asked, error)
      throw error
    }
  }

  /** Does it, and keeps it only when it fails. */
  keepFailure<T>(asked: MachineAccess, run: () => T): T {
    try {
      return run()
    } catch (error) {
      this.#failed(asked, error)
      throw error
    }
  }

  #failed(asked: MachineAccess, error: unknown): void {
    if (!(error instanceof TransportError)) return
    const { code, message, syscall, errno } = error
    const call = syscall === undefined || errno === undefined ? {} : { syscall, errno }
    this.#accesses.push({ ...asked, error: { code, message, ...call } })
  }

  /**
   * What came of it when it was recorded.
   * @param refuse throws what is said of an access that was not recorded
   */
  next(asked: MachineAccess, refuse: (text: string) => never): string | undefined {
    const recorded = this.#accesses[this.#done]
    if (!recorded || !isSame(asked, recorded)) {
      const instead = recorded ? `the recording has: ${show(recorded)}` : 'the recording has no more of them'
      return refuse(`${this.#kind} ${this.#done + 1}: ${show(asked)}; ${instead}`)
    }
    this.#done++
    if (recorded.error) throw new TransportError(recorded.error.code, recorded.error.message, recorded.error)
    return recorded.value
  }

  /** Fails as it did when it was recorded, and does nothing where it did not fail. */
  nextFailure(asked: MachineAccess): void {
    const recorded = this.#accesses[this.#done]
    if (!recorded?.error || !isSame(asked, recorded)) return
    this.#done++
    throw new TransportError(recorded.error.code, recorded.error.message, recorded.error)
  }

  /** What was recorded and not used. */
  unused(): string[] {
    return this.#accesses.slice(this.#done).map((access) => `never done: ${this.#kind} ${show(access)}`)
  }

  /** The lines for the head. */
  notes(): string[] {
    return this.#accesses.map((access) => `${this.#kind}: ${JSON.stringify(access)}`)
  }
}

const isSame = (asked: MachineAccess, recorded: MachineAccess): boolean =>
  asked.does === recorded.does &&
  asked.name === recorded.name &&
  asked.in === recorded.in &&
  (asked.value === undefined || asked.value === recorded.value)

const show = ({ does, name, in: where, value }: MachineAccess): string => {
  const words = [does, ...(name === undefined ? [] : [name]), ...(does === 'set' ? ['to', JSON.stringify(value)] : [])]
  return [...words, ...(where === undefined ? [] : ['in', where])].join(' ')
}

function accessIn(line: string, json: string): MachineAccess {
  try {
    const access: unknown = JSON.parse(json)
    if (typeof (access as MachineAccess | null)?.does === 'string') return access as MachineAccess
  } catch {
    // Told below.
  }
  throw new FixtureError(undefined, `the recording's head: not what was done, as JSON with a member "does": ${line}`)
}
