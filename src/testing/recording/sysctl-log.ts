/** The sysctls that a recorded program read and set, in their order. Kept in the head. */
import { TransportError, type TransportErrorCode } from '../../netlink/errors.js'
import type { Namespace } from '../../netlink/socket/netns.js'
import { type Sysctls, sysctlPath, sysctlValue } from '../../netlink/socket/sysctl.js'
import { placeKey } from './namespace-log.js'
import type { Recording } from './nl.js'

const NOTE = 'sysctl: '

/** One access, as a line of the head has it in JSON. */
interface Access {
  readonly does: 'get' | 'set'
  readonly name: string
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

const place = (where: Namespace | undefined) => (where === undefined ? {} : { in: placeKey(where) })

export class SysctlLog {
  readonly #accesses: Access[] = []
  #done = 0

  /** What a recording's head has. */
  static of({ notes }: Recording): SysctlLog {
    const log = new SysctlLog()
    for (const line of notes) if (line.startsWith(NOTE)) log.#accesses.push(JSON.parse(line.slice(NOTE.length)))
    return log
  }

  /** Lets everything through to another one and keeps it. */
  tap(inner: Sysctls): Sysctls {
    const keep = <T>(asked: Access, run: () => T, value: (result: T) => string): T => {
      try {
        const result = run()
        this.#accesses.push({ ...asked, value: value(result) })
        return result
      } catch (error) {
        if (error instanceof TransportError) {
          const { code, message, syscall, errno } = error
          const call = syscall === undefined || errno === undefined ? {} : { syscall, errno }
          this.#accesses.push({ ...asked, error: { code, message, ...call } })
        }
        throw error
      }
    }
    return {
      get: (name, where) =>
        keep(
          { does: 'get', name: sysctlPath(name), ...place(where) },
          () => inner.get(name, where),
          (value) => value,
        ),
      set: (name, given, where) => {
        const value = sysctlValue(given)
        const asked: Access = { does: 'set', name: sysctlPath(name), ...place(where), value }
        keep(
          asked,
          () => inner.set(name, given, where),
          () => value,
        )
      },
    }
  }

  /**
   * Answers as it was recorded, and in that order.
   * @param refuse throws what is said of an access that was not recorded
   */
  replay(refuse: (text: string) => never): Sysctls {
    const next = (asked: Access): string => {
      const recorded = this.#accesses[this.#done]
      if (!recorded || !isSame(asked, recorded)) {
        const instead = recorded ? `the recording has: ${show(recorded)}` : 'the recording has no more of them'
        return refuse(`sysctl ${this.#done + 1}: ${show(asked)}; ${instead}`)
      }
      this.#done++
      if (recorded.error) throw new TransportError(recorded.error.code, recorded.error.message, recorded.error)
      return recorded.value!
    }
    return {
      get: (name, where) => next({ does: 'get', name: sysctlPath(name), ...place(where) }),
      set: (name, value, where) => {
        next({ does: 'set', name: sysctlPath(name), ...place(where), value: sysctlValue(value) })
      },
    }
  }

  /** What was recorded and not used. */
  unused(): string[] {
    return this.#accesses.slice(this.#done).map((access) => `never done: sysctl ${show(access)}`)
  }

  /** The lines for the head. @param values names that stand in the place of others, in the sysctls' names too */
  notes(values: Readonly<Record<string, string>> = {}): string[] {
    const renamed = (text: string) => (Object.hasOwn(values, text) ? values[text]! : text)
    return this.#accesses.map((access) => {
      const name = access.name.split('/').map(renamed).join('/')
      const there = access.in === undefined ? {} : { in: renamed(access.in) }
      return NOTE + JSON.stringify({ ...access, name, ...there })
    })
  }
}

const isSame = (asked: Access, recorded: Access): boolean =>
  asked.does === recorded.does &&
  asked.name === recorded.name &&
  asked.in === recorded.in &&
  (asked.does === 'get' || asked.value === recorded.value)

const show = ({ does, name, in: where, value }: Access): string =>
  `${does} ${name}${does === 'set' ? ` to ${JSON.stringify(value)}` : ''}${where === undefined ? '' : ` in ${where}`}`
