/** What a command does once its words are understood. */
import type { Link, Rtnl } from '../../../index.js'
import type { Host } from '../../../rtnl/client/host.js'
import { jsonText } from '../../output/json-text.js'
import { print } from '../../output/output.js'
import type { AddressFamily } from '../grammar/family.js'
import type { ShowOptions } from '../show/names.js'

/** What actions work with. */
export interface Session {
  /** The client, opened on the first call. */
  rtnl(): Promise<Rtnl>
  readonly host: Host
  readonly out: Output
  /** -4 or -6. */
  readonly family: AddressFamily
  /** --switch-siblings. */
  readonly siblings: 'refuse' | 'switch'
}

/** A command, understood. */
export type Action = (session: Session) => Promise<void>

/** How to print what is shown. */
export interface OutputOptions {
  readonly json: boolean
  readonly details: boolean
  /** Something else is printed: the messages themselves. */
  readonly silent: boolean
}

/** What is shown: lines for people, or one JSON array with an object a line. */
export class Output {
  readonly #options: OutputOptions
  #names = new Map<number, string>()
  #count = 0
  constructor(options: OutputOptions) {
    this.#options = options
  }

  /**
   * Learns the names of links, for lines that name them. It asks for them whatever is printed: a recording answers then
   * with any options.
   * @param links all links, where they are known already
   */
  async learn(rtnl: Rtnl, links?: readonly Link[]): Promise<void> {
    const all = links ?? (await rtnl.links.list({}, { only: ['ifiIndex', 'ifname'] }).toArray())
    for (const { ifiIndex, ifname } of all) if (ifname !== undefined) this.#names.set(ifiIndex ?? 0, ifname)
  }

  /** One object. @param lines its lines for people */
  add(value: unknown, lines: (options: ShowOptions) => string[]): Promise<void> {
    return this.addAll([value], lines)
  }

  /** Several objects that people see together. */
  async addAll(values: readonly unknown[], lines: (options: ShowOptions) => string[]): Promise<void> {
    const { json, details, silent } = this.#options
    if (silent) return
    if (json) for (const value of values) await print(`${this.#count++ === 0 ? '[' : ','}${jsonText(value)}`)
    else await print(...lines({ details, nameOf: (index) => this.#names.get(index) }))
  }

  /** The end of what is shown. */
  async end(): Promise<void> {
    if (this.#options.json && !this.#options.silent) await print(this.#count === 0 ? '[]' : ']')
  }
}
