/** Files that are either the old or the new one, whenever a program or a machine stops. */
import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Writes a new file, which then takes the place of another.
 * @param fd the new file, open for writing; the caller's to close
 * @param fresh its name, in the folder of the other
 */
export function putInPlace(fd: number, fresh: string, file: string, text: string): void {
  writeFileSync(fd, text)
  fsyncSync(fd)
  renameSync(fresh, file)
  syncFolder(dirname(file))
}

/** What names a folder has is to outlive a loss of power. */
export function syncFolder(folder: string): void {
  const fd = openSync(folder, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}
