/** What a request cannot set: the kernel ignores it without a word, so it is refused before anything is sent. */
import type { Issue } from '../../netlink/bytes/failure.js'
import { EncodeError } from '../../netlink/errors.js'
import type { KeysByAccess } from '../../netlink/schema/marks.js'
import type { Access } from '../../netlink/schema/meaning.js'
import { memberOf } from '../../netlink/schema/member.js'
import { type AnyType, issueOf, join, type Owner, resolved } from '../../netlink/schema/type.js'

/** Whether a request makes a new object, or changes one. */
export type Purpose = 'new' | 'change'

const refusedIn: { readonly [P in Purpose]: ReadonlySet<Access> } = {
  new: new Set<Ignored['new']>(['read-only', 'query-only', 'change-only']),
  change: new Set<Ignored['change']>(['read-only', 'query-only', 'create-only']),
}

interface Ignored {
  readonly new: 'read-only' | 'query-only' | 'change-only'
  readonly change: 'read-only' | 'query-only' | 'create-only'
}

/** The names in a body that the kernel ignores in a request for this purpose. */
export type IgnoredIn<P extends Purpose, D> = D extends { readonly members: infer M; readonly entries: infer E }
  ? KeysByAccess<M, Ignored[P]> | KeysByAccess<E, Ignored[P]>
  : never

/**
 * Refuses what the kernel would ignore in a request.
 * @param type the request's, for the error
 * @param body the definition of the body
 * @throws EncodeError with the path of each member that cannot be set
 */
export function refuseIgnored(type: string, body: AnyType, value: object, purpose: Purpose): void {
  const issues: Issue[] = []
  const refused = { access: refusedIn[purpose], made: purpose === 'new' ? value : undefined }
  visit(body, value, '', issues, refused, undefined)
  if (issues.length > 0) throw new EncodeError(type, issues)
}

interface Refused {
  readonly access: ReadonlySet<Access>
  /** The new object: its client sends what has a message of its own, but not for an object inside, such as a pair's other end. */
  readonly made: object | undefined
}

function visit(given: AnyType, value: unknown, path: string, issues: Issue[], refused: Refused, owner: Owner): void {
  const type = resolved(given, owner)
  if (value === undefined) return
  const access = given.access ?? type.access
  if (access !== undefined && access !== 'write-only' && refused.access.has(access)) {
    issues.push(issueOf(path, undefined, { kind: 'absent', access }))
    return
  }
  const { made } = refused
  if (made !== undefined && owner !== undefined && owner !== made && (given.setBy ?? type.setBy) !== undefined) {
    issues.push(issueOf(path, undefined, { kind: 'absent', access: 'change-only' }))
    return
  }
  if (typeof value !== 'object' || value === null) return
  if (Array.isArray(value)) {
    // What is no list where one is expected is for the encoder to refuse.
    const { items } = type
    if (items) for (const [i, one] of value.entries()) visit(items, one, `${path}[${i}]`, issues, refused, owner)
    return
  }
  const object = value as Record<string, unknown>
  for (const [name, one] of Object.entries(object)) {
    const inside = memberOf(type, name, object)
    if (inside) visit(inside, one, join(path, name), issues, refused, object)
  }
}
