/**
 * Makes a link. The kernel ignores some members of a new one, and refuses others: the definition says of these which
 * message sets them (`setBy`). That message is sent next, where the link then is. When it fails, the link is deleted again.
 */
import { check } from '../../netlink/codec/message.js'
import { KernelError } from '../../netlink/conversation/kernel-error.js'
import { EncodeError, TransportError } from '../../netlink/errors.js'
import { suppress } from '../errors.js'
import type { Link, LinkMessage } from '../link/index.js'
import { type Context, named, pass } from './context.js'
import {
  checkFlags,
  checkNew,
  type GivenLink,
  type LinkChangeOptions,
  linkBody,
  type Place,
  placeOf,
} from './link-body.js'
import { type LinkFilter, listLinks } from './link-list.js'
import { nameOf } from './nsid.js'
import { guard } from './siblings.js'
import { refuseIgnored } from './writable.js'

const type = 'RTM_NEWLINK'

/** A message that sets what RTM_NEWLINK cannot. */
interface Step {
  readonly type: 'RTM_SETLINK' | 'RTM_NEWLINKPROP'
  readonly body: Link
}

/**
 * Makes a link.
 * @param excl whether there must be none of its name yet; else one that is there is changed
 * @returns the link as it is then
 * @throws EncodeError before anything is sent; SiblingError, KernelError, CreatedButUnreadError
 */
export async function createLink(
  context: Context,
  given: GivenLink,
  excl: boolean,
  options: LinkChangeOptions,
): Promise<Link> {
  return context.within(given.netns, async (opened) => {
    refuseIgnored(type, context.linkMessage, given, 'new')
    const whole = await linkBody(context, type, given, opened, options)
    checkNew(type, whole, context.linkMessage)
    checkFlags(type, whole)
    return new Creation(context, whole, options).run(excl)
  })
}

class Creation {
  readonly #context: Context
  readonly #options: LinkChangeOptions
  /** All that the link is to have. */
  readonly #whole: Link
  /** What RTM_NEWLINK takes of it, and what other messages do. */
  readonly #body: Link
  readonly #steps: readonly Step[]
  readonly #place: Place | undefined

  constructor(context: Context, whole: Link, options: LinkChangeOptions) {
    this.#context = context
    this.#options = options
    this.#whole = whole
    const { body, steps } = divided(context.linkMessage, whole)
    this.#body = body
    this.#steps = steps
    this.#place = placeOf(body)
  }

  async run(excl: boolean): Promise<Link> {
    const { ifname } = this.#body
    const there = await this.#reach()
    const same = excl ? undefined : await this.#found()
    if (this.#options.siblings !== 'switch') await guard(this.#context, type, this.#body, same, this.#options)
    const before = isDefinite(ifname) ? undefined : await this.#indexes()
    const { echo, created } = await this.#send(excl, same !== undefined)
    const what = ifname === undefined ? 'the link' : `the link ${ifname}`
    const read = () => this.#readBack(before)
    if (this.#steps.length === 0) return echo ?? this.#context.readBack(what, read)
    const which = await this.#which(echo, what, read)
    try {
      await this.#inside(there, (context) => this.#finish(context, which, !created))
    } catch (error) {
      if (created) await this.#undo(which, error)
      throw error
    }
    const get = { ...which, ...(this.#place?.nsid === undefined ? {} : { targetNetnsid: this.#place.nsid }) }
    return this.#context.readBack(what, () =>
      this.#inside(this.#place, ({ conversation }) => conversation.get('RTM_GETLINK', get, pass(this.#options))),
    )
  }

  /** Where the further messages are to be sent: RTM_SETLINK takes the id of another namespace for one to move to. */
  async #reach(): Promise<Place | undefined> {
    const nsid = this.#place?.nsid
    if (this.#steps.length === 0) return undefined
    const issues = check(this.#context.conversation.family, type, this.#whole)
    if (issues.length > 0) throw new EncodeError(type, issues)
    if (nsid === undefined) return this.#place
    const netns = await nameOf(this.#context, nsid, this.#options)
    if (netns !== undefined) return { netns }
    const names = this.#steps.flatMap(({ body }) => Object.keys(body)).join(', ')
    const message = `${names} can only be set from within the namespace, and none with a name has this id: give netns`
    throw new EncodeError(type, [{ path: 'targetNetnsid', value: nsid, message }])
  }

  /** The index of the link that has the name already. */
  async #found(): Promise<number | undefined> {
    const { ifname } = this.#body
    const how = { only: ['ifiIndex', 'ifname'], ...pass(this.#options) } as const
    const all = await listLinks(this.#context, {}, how).toArray()
    return all.find((link) => link.ifname === ifname)?.ifiIndex
  }

  /** @returns what the kernel echoes of it, and whether the link is certainly a new one: only such a one is ours to delete */
  async #send(excl: boolean, there: boolean): Promise<{ echo: Link | undefined; created: boolean }> {
    const { conversation } = this.#context
    const request = async (flags: readonly ('create' | 'excl')[]) => {
      const how = { ...pass(this.#options), flags: [...flags, 'echo'] as const }
      const answer = this.#context.warn(type, await conversation.request(type, this.#body, how))
      // An echo tells of the link as it was before it went to its place.
      if (this.#place === undefined)
        for (const message of answer.messages) if (message.type === type) return message.body
      return undefined
    }
    if (excl) return { echo: await request(['create', 'excl']), created: true }
    if (there || this.#steps.length === 0) return { echo: await request(['create']), created: false }
    try {
      return { echo: await request(['create', 'excl']), created: true }
    } catch (error) {
      if (!(error instanceof KernelError) || error.errnoName !== 'EEXIST') throw error
      return { echo: await request(['create']), created: false }
    }
  }

  /** How the further messages name the link. */
  async #which(echo: Link | undefined, what: string, read: () => Promise<Link>): Promise<Link> {
    if (echo !== undefined) return { ifiIndex: echo.ifiIndex! }
    if (isDefinite(this.#body.ifname)) return named(this.#body.ifname!)
    return { ifiIndex: (await this.#context.readBack(what, read)).ifiIndex! }
  }

  async #finish(context: Context, which: Link, wasThere: boolean): Promise<void> {
    const { conversation } = context
    const how = pass(this.#options)
    for (const step of this.#steps) {
      let body: Link = { ...which, ...step.body }
      if (step.type === 'RTM_NEWLINKPROP') {
        const missing = wasThere ? await this.#newNames(context, which, body) : body.propList?.altIfname
        if (missing === undefined || missing.length === 0) continue
        body = { ...body, propList: { altIfname: missing } }
      }
      const flags = step.type === 'RTM_NEWLINKPROP' ? (['create', 'excl', 'append'] as const) : []
      context.warn(step.type, await conversation.request(step.type, body, { ...how, flags }))
    }
  }

  /** The further names that a link does not have yet: the kernel refuses those that it has. */
  async #newNames({ conversation }: Context, which: Link, { propList }: Link): Promise<string[] | undefined> {
    const how = { ...pass(this.#options), only: ['propList'] } as const
    const has = (await conversation.get('RTM_GETLINK', which, how)).propList?.altIfname ?? []
    return propList?.altIfname?.filter((name) => !has.includes(name))
  }

  /** Deletes what was made, and tells with the error what fails then. The signal may be what ended the first. */
  async #undo(which: Link, error: unknown): Promise<void> {
    const { timeout } = this.#options
    const { nsid } = this.#place ?? {}
    const body = { ...which, ...(nsid === undefined ? {} : { targetNetnsid: nsid }) }
    try {
      await this.#inside(this.#place, ({ conversation }) =>
        conversation.request('RTM_DELLINK', body, timeout === undefined ? {} : { timeout }),
      )
    } catch (failed) {
      suppress(error, failed)
    }
  }

  /** Kernels before 6.2, and every kernel for a link in another namespace, do not echo. */
  async #readBack(before: Set<number> | undefined): Promise<Link> {
    const { ifname, linkinfo } = this.#body
    const kind = linkinfo?.kind as string | undefined
    const how = pass(this.#options)
    return this.#inside(this.#place, async (context) => {
      const there = this.#place?.nsid === undefined ? {} : { targetNetnsid: this.#place.nsid }
      if (before === undefined) return context.conversation.get('RTM_GETLINK', { ...there, ...named(ifname!) }, how)
      const filter = { ...(kind === undefined ? {} : { kind }), ...nsidOf(this.#place) }
      const all = await listLinks(context, filter, how).toArray()
      const made = all.filter((link) => !before.has(link.ifiIndex!))
      if (made.length === 1) return made[0]!
      const text = `which of ${made.length} new links it is cannot be told: give it a name`
      throw new TransportError('ERR_NETLINK_UNEXPECTED', text)
    })
  }

  async #indexes(): Promise<Set<number>> {
    const how = { only: ['ifiIndex'], ...pass(this.#options) } as const
    const all = await this.#inside(this.#place, (context) => listLinks(context, nsidOf(this.#place), how).toArray())
    return new Set(all.map(({ ifiIndex }) => ifiIndex!))
  }

  /** Speaks to the kernel where the link is: in another namespace through a socket of its own. */
  async #inside<T>(place: Place | undefined, use: (context: Context) => Promise<T>): Promise<T> {
    return place?.netns === undefined ? use(this.#context) : this.#context.elsewhere(place.netns, use)
  }
}

/** What RTM_NEWLINK takes of a new link, and the messages for the rest, in the order in which the definition has them. */
function divided(message: LinkMessage, whole: Link): { body: Link; steps: Step[] } {
  const first: Record<string, unknown> = {}
  const later = new Map<string, Record<string, unknown>>()
  for (const [name, value] of Object.entries(whole)) {
    const by = value === undefined ? undefined : message.attribute(name)?.type.setBy
    if (by === undefined) first[name] = value
    else later.set(by, { ...later.get(by), [name]: value })
  }
  return { body: first, steps: [...later].map(([by, body]) => ({ type: by as Step['type'], body })) }
}

/** Whether the kernel makes the link under exactly this name: it fills in a number for %d. */
// What is no text is for the encoder to refuse.
const isDefinite = (name: unknown): boolean => typeof name === 'string' && !name.includes('%')

const nsidOf = (place: Place | undefined): LinkFilter => (place?.nsid === undefined ? {} : { nsid: place.nsid })
