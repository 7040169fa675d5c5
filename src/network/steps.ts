/**
 * What is done to the kernel, as a list that is made before anything is sent: it is carried out, undone in reverse when
 * a step fails, or only shown.
 */
import { encode } from '../netlink/codec/message.js'
import { KernelError } from '../netlink/conversation/kernel-error.js'
import { annotate } from '../netlink/dissect/annotate.js'
import { dissect } from '../netlink/dissect/message.js'
import type { Sysctls } from '../netlink/socket/sysctl.js'
import type { Rtnl } from '../rtnl/client/rtnl.js'
import { explain } from '../rtnl/explain.js'
import { route } from '../rtnl/protocol.js'
import { NetworkError } from './errors.js'

/** Links whose indexes are known only when the kernel has created them, by what they are to the network. */
export type Role = 'parent' | 'link' | 'host'
/** Their indexes. In a plan 0 stands for those that the kernel will give. */
export type Indexes = Readonly<Record<Role, number>>

/** A change, as rtnetlink has it. */
export interface ChangeRequest {
  readonly type: keyof typeof route.messages & string
  readonly body: object
  readonly flags?: readonly string[]
}

/** Where a step is carried out: in the parent's namespace, or in the container's. */
export type StepSide = 'parent' | 'container'

/** One change. */
export interface NetworkStep {
  /** What it does, for people: `create the ipvlan on eth0`. */
  readonly title: string
  readonly side: StepSide
  /** What is sent. */
  readonly request?: (indexes: Indexes) => ChangeRequest
  /** A setting below /proc/sys that is written: netlink has no message for it. */
  readonly sysctl?: { readonly name: string; readonly value: string }
  /** What is waited for, with nothing sent. */
  readonly wait?: (rtnl: Rtnl, indexes: Indexes) => Promise<void>
  /** The link that it creates, and the name and the side where its index is found. Undoing is done there as well. */
  readonly creates?: { readonly role: Role; readonly ifname: string; readonly side: StepSide }
  /** It deletes, and is content when there is nothing to delete. */
  readonly mayBeGone?: boolean
  /** Takes it back. That there is nothing to take back is no error. */
  readonly undo?: (indexes: Indexes) => ChangeRequest
}

/** What steps are carried out with: the clients of both namespaces. */
export interface Sides {
  readonly parent: SideClient
  readonly container: SideClient
}

/** A namespace: its client, and its settings. */
export interface SideClient {
  readonly rtnl: Rtnl
  readonly sysctl: Pick<Sysctls, 'get' | 'set'>
}

/**
 * Carries out steps, one after another.
 * @throws NetworkError when one fails: those before it are undone, in reverse
 */
export async function carryOut(
  steps: readonly NetworkStep[],
  sides: Sides,
  known: Partial<Indexes>,
  about: { readonly network: string; readonly id?: string | undefined },
): Promise<Indexes> {
  const indexes = { parent: 0, link: 0, host: 0, ...known }
  const done: NetworkStep[] = []
  for (const step of steps) {
    const { rtnl, sysctl } = sides[step.side]
    let sent = false
    try {
      if (step.sysctl !== undefined) sysctl.set(step.sysctl.name, step.sysctl.value)
      if (step.request !== undefined) await send(rtnl, step.request(indexes))
      if (step.wait !== undefined) await step.wait(rtnl, indexes)
      sent = true
      if (step.creates !== undefined) {
        const { role, ifname, side } = step.creates
        indexes[role] = await indexOf(sides[side].rtnl, ifname)
      }
      done.push(step)
    } catch (error) {
      if (step.mayBeGone && isGone(error)) continue
      // What the kernel refused has changed nothing. After any other error, a timeout, it may have been carried out.
      if (sent || !(error instanceof KernelError)) done.push(step)
      const suppressed = await undo(done.reverse(), sides, indexes)
      if (error instanceof NetworkError)
        throw new NetworkError(error.code, error.network, error.reason, { id: error.id, suppressed })
      const why = error instanceof KernelError ? explain(error) : undefined
      const reason = `cannot ${step.title}: ${(error as Error).message}${why === undefined ? '' : `. ${why}`}`
      throw new NetworkError('ERR_NETWORK_STEP', about.network, reason, { id: about.id, cause: error, suppressed })
    }
  }
  return indexes
}

const indexOf = async (rtnl: Rtnl, ifname: string): Promise<number> =>
  (await rtnl.links.get(ifname, { only: ['ifiIndex'] })).ifiIndex!

/** Deletes a link. */
export const linkDeletion = (ifiIndex: number): ChangeRequest => ({ type: 'RTM_DELLINK', body: { ifiIndex } })

/** Deletes a link that was created under a name, and whose index may not be known yet: 0. */
export const undoCreation = (ifiIndex: number, ifname: string): ChangeRequest =>
  ifiIndex === 0 ? { type: 'RTM_DELLINK', body: { ifname } } : linkDeletion(ifiIndex)

/** Whether a setting has its value already. */
export const isSet = (sysctl: Pick<Sysctls, 'get'>, { name, value }: { name: string; value: string }): boolean =>
  sysctl.get(name) === value

/** Sends one change. */
export const send = (rtnl: Rtnl, { type, body, flags = [] }: ChangeRequest): Promise<unknown> =>
  rtnl.conversation.request(type, body as never, { flags: flags as never })

/** Undoes what was done, whatever becomes of each part. @returns the errors */
async function undo(done: readonly NetworkStep[], sides: Sides, indexes: Indexes): Promise<Error[]> {
  const errors: Error[] = []
  for (const step of done) {
    if (step.undo === undefined) continue
    try {
      await send(sides[step.creates?.side ?? step.side].rtnl, step.undo(indexes))
    } catch (error) {
      if (!isGone(error)) errors.push(error as Error)
    }
  }
  return errors
}

const gone = ['ENODEV', 'ENOENT', 'ESRCH', 'EADDRNOTAVAIL', 'ENXIO']

/** Whether what was to be deleted is not there: with a link its addresses and routes have gone as well. */
export const isGone = (error: unknown): boolean => error instanceof KernelError && gone.includes(error.errnoName)

/** A step of a plan. */
export interface PlannedStep {
  /** What it does: `create the ipvlan on eth0`. */
  readonly title: string
  /** In which namespace it would be sent: the link itself is created from the parent's. */
  readonly side: StepSide
  /** The request. Where it has the index of a link that is not there yet, 0 stands for it. */
  readonly request?: Uint8Array
  /** The request's bytes, each with what it says. */
  readonly annotated: readonly string[]
  /** A setting that would be written. */
  readonly sysctl?: { readonly name: string; readonly value: string }
}

/** What would be sent, for people and for tests. */
export function planned(steps: readonly NetworkStep[], known: Partial<Indexes>): PlannedStep[] {
  const indexes = { parent: 0, link: 0, host: 0, ...known }
  return steps.map(({ title, side, request, sysctl, wait }) => {
    if (wait !== undefined) return { title, side, annotated: [] }
    if (sysctl !== undefined) return { title, side, sysctl, annotated: [`${sysctl.name} = ${sysctl.value}`] }
    const { type, body, flags = [] } = request!(indexes)
    const bytes = encode(route, [{ type, flags: ['request', 'ack', ...flags], body } as never])
    return { title, side, request: bytes, annotated: annotate(bytes, dissect(route, bytes)) }
  })
}
