/** Definitions of networks, and of what is attached to them, on disk: for programs that run anew for each thing they do. */
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { isObject } from '../netlink/bytes/equal.js'
import { NetlinkError } from '../netlink/errors.js'
import { putInPlace, syncFolder } from './durable.js'
import type { AttachOptions, IpvlanNetworkOptions, MacvlanNetworkOptions } from './options.js'
import type { NetworkKind } from './spec.js'

/** An attachment as it was asked for. */
export type StoredAttachment = AttachOptions & { readonly netns?: string | undefined }

/** A network as it was asked for, with its attachments by their ids. */
export interface StoredNetwork {
  readonly kind: NetworkKind
  readonly options: Omit<IpvlanNetworkOptions, 'host' | 'mode'> &
    Pick<IpvlanNetworkOptions | MacvlanNetworkOptions, 'mode'>
  readonly attachments: Readonly<Record<string, StoredAttachment>>
}

/** A file of the store cannot be read or written. */
export class StoreError extends NetlinkError {
  override readonly name = 'StoreError'
  readonly code = 'ERR_NETWORK_STORE'
  readonly file: string
  constructor(file: string, reason: string, cause?: unknown) {
    super(`${file}: ${reason}`, cause === undefined ? {} : { cause })
    this.file = file
  }
}

const EXTENSION = '.json'
/** How long another may take to write. One that was killed while it wrote leaves its file: it counts no longer then. */
const PATIENCE_MS = 2000

/** A folder with one JSON file a network. Each is written anew under another name, and renamed when it is on the disk. */
export class NetworkStore {
  readonly folder: string
  constructor(folder: string) {
    this.folder = folder
  }

  /** The file of a network. */
  file(name: string): string {
    return join(this.folder, fileName(name))
  }

  /** The names of all networks. */
  names(): string[] {
    try {
      const files = readdirSync(this.folder).filter((file) => file.endsWith(EXTENSION) && !file.startsWith('.'))
      return files.map((file) => decodeURIComponent(file.slice(0, -EXTENSION.length))).sort()
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
      throw new StoreError(this.folder, (error as Error).message, error)
    }
  }

  /** @returns undefined when there is none of this name. @throws StoreError when its file is broken */
  read(name: string): StoredNetwork | undefined {
    const file = this.file(name)
    let text: string
    try {
      text = readFileSync(file, 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw new StoreError(file, `cannot be read (${(error as NodeJS.ErrnoException).code})`, error)
    }
    return parsed(file, name, text)
  }

  /**
   * Changes what is known of a network, while no other program does.
   * @param change given what there is; undefined removes it
   * @throws StoreError
   */
  update(name: string, change: (before: StoredNetwork | undefined) => StoredNetwork | undefined): void {
    const file = this.file(name)
    const fresh = join(this.folder, `.${fileName(name)}.new`)
    let fd: number | undefined
    try {
      mkdirSync(this.folder, { recursive: true, mode: 0o700 })
      fd = create(fresh)
      const after = change(this.read(name))
      if (after === undefined) {
        unlinkIfThere(file)
        unlinkSync(fresh)
        syncFolder(this.folder)
      } else {
        putInPlace(fd, fresh, file, `${JSON.stringify({ version: 1, ...after }, undefined, 2)}\n`)
      }
    } catch (error) {
      if (fd !== undefined) unlinkIfThere(fresh)
      if (error instanceof NetlinkError || (error as NodeJS.ErrnoException).code === undefined) throw error
      throw new StoreError(file, `cannot be written (${(error as NodeJS.ErrnoException).code})`, error)
    } finally {
      if (fd !== undefined) closeSync(fd)
    }
  }
}

/** A name without what a file's name cannot have; none is hidden. */
const fileName = (name: string): string =>
  `${name.replace(/[%/\0]|^\./g, (one) => `%${one.charCodeAt(0).toString(16).padStart(2, '0')}`)}${EXTENSION}`

/** The new file is the lock as well. */
function create(fresh: string): number {
  const sleeping = new Int32Array(new SharedArrayBuffer(4))
  for (let waited = 0; ; waited += 10)
    try {
      return openSync(fresh, 'wx', 0o600)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      if (waited >= PATIENCE_MS) unlinkIfThere(fresh)
      else Atomics.wait(sleeping, 0, 0, 10)
    }
}

function unlinkIfThere(file: string): void {
  try {
    unlinkSync(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

function parsed(file: string, name: string, text: string): StoredNetwork {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new StoreError(file, `is no JSON (${(error as Error).message})`, error)
  }
  const { version, kind, options, attachments } = Object(value) as Record<string, unknown>
  if (version !== 1) throw new StoreError(file, `version is ${JSON.stringify(version)}: expected 1`)
  if (kind !== 'ipvlan' && kind !== 'macvlan')
    throw new StoreError(file, `kind is ${JSON.stringify(kind)}: expected "ipvlan" or "macvlan"`)
  if (!isObject(options) || (options as { name?: unknown }).name !== name)
    throw new StoreError(file, `options.name is not ${JSON.stringify(name)}`)
  if (!isObject(attachments) || !Object.values(attachments).every(isObject))
    throw new StoreError(file, 'attachments is no object of objects')
  return { kind, options: options as never, attachments: attachments as never }
}
