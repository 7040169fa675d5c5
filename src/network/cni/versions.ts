/** Versions of the CNI specification. */
import { CniError, written } from './errors.js'

/** Those that configurations can have, oldest first. */
export const cniVersions = ['0.3.0', '0.3.1', '0.4.0', '1.0.0', '1.1.0'] as const

/** A version of the specification that the plugin speaks. */
export type CniVersion = (typeof cniVersions)[number]

/** What results and errors say where the configuration has no version. */
export const newestVersion: CniVersion = '1.1.0'

/** The commands, and the version that brought them; no version: it is as old as all that are supported. */
export const cniCommands = {
  ADD: undefined,
  DEL: undefined,
  VERSION: undefined,
  CHECK: '0.4.0',
  STATUS: '1.1.0',
  GC: '1.1.0',
} as const satisfies Record<string, CniVersion | undefined>

/** A command of the specification (CNI_COMMAND). */
export type CniCommand = keyof typeof cniCommands

/** Whether a version is another one or newer. */
export const isAtLeast = (version: CniVersion, other: CniVersion): boolean =>
  cniVersions.indexOf(version) >= cniVersions.indexOf(other)

/** The version of a configuration. @throws CniError when it is not supported */
export function versionOf(value: unknown): CniVersion {
  const version = cniVersions.find((one) => one === value)
  if (version) return version
  const supported = `supported are ${cniVersions.join(', ')}`
  if (value === undefined || value === null || value === '')
    throw new CniError('incompatibleVersion', 'cniVersion is missing, which means 0.1.0', supported)
  throw new CniError('incompatibleVersion', `cniVersion ${written(value)} is not supported`, supported)
}

/** @throws CniError when a version does not have a command */
export function checkCommand(command: CniCommand, version: CniVersion): void {
  const since = cniCommands[command]
  if (since === undefined || isAtLeast(version, since)) return
  throw new CniError('incompatibleVersion', `cniVersion ${version} has no ${command}, which came with ${since}`)
}

/** The answer to VERSION. */
export const versionAnswer = (): object => ({ cniVersion: newestVersion, supportedVersions: cniVersions })
