/** Changes to links that networks share: one after another in this program, and again where another program was faster. */
import { KernelError } from '../netlink/conversation/kernel-error.js'
import { NetworkError } from './errors.js'
import { unusedParents } from './gc.js'
import { isCreated, type Parent } from './parent.js'
import type { Prepared } from './prepare.js'
import { SerialQueue } from './serial-queue.js'
import { type Inside, type Site, sides } from './site.js'
import { carryOut, isGone } from './steps.js'

const all = new SerialQueue()

/** Waits for the changes of all networks of this program: two of one parent have to see each other's links. */
export const inTurn = <T>(work: () => Promise<T>): Promise<T> => all.run(work)

/** How often it is tried when other programs change the same links. */
const ATTEMPTS = 4

/** Looks again when something goes away while it is looked at. */
export async function steadily<T>(look: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++)
    try {
      return await look()
    } catch (error) {
      if (attempt === ATTEMPTS || !isGone(error)) throw error
    }
}

/**
 * Carries out what is prepared. When it fails because another program has created or deleted the same link in between,
 * there is something else to be done then: that is prepared, and tried.
 * @throws NetworkError
 */
export async function carryOutPrepared(
  site: Site,
  here: Inside,
  inside: Inside,
  prepare: () => Promise<Prepared & { readonly parent: Parent }>,
  about: { readonly network: string; readonly id?: string },
): Promise<void> {
  let prepared = await steadily(prepare)
  for (let attempt = 1; ; attempt++)
    try {
      await carryOut(prepared.steps, sides(here, inside), prepared.known, about)
      return
    } catch (thrown) {
      const error = isCreated(prepared.parent) ? await undoParent(site, here, thrown) : thrown
      const now = attempt < ATTEMPTS && isRace(error) ? await steadily(prepare).catch(() => undefined) : undefined
      if (now === undefined || sameWork(now, prepared)) throw error
      prepared = now
    }
}

const sameWork = (...both: readonly [Prepared, Prepared]): boolean => {
  const [a, b] = both.map(({ steps, known }) => JSON.stringify([steps.map(({ title }) => title), known]))
  return a === b
}

/** What the kernel says when another program has done the same, or has deleted what was there. */
const races = ['EEXIST', 'ENODEV', 'EBUSY']

const isRace = (error: unknown): boolean =>
  error instanceof NetworkError &&
  error.suppressed.length === 0 &&
  error.cause instanceof KernelError &&
  races.includes(error.cause.errnoName)

/** Deletes the parent that was created, unless another network uses it by now. @returns the error to throw */
async function undoParent(site: Site, here: Inside, error: unknown): Promise<unknown> {
  try {
    await unusedParents(site, here)
    return error
  } catch (failed) {
    if (!(error instanceof NetworkError)) return error
    return error.withSuppressed(failed as Error)
  }
}
