/** Programs that a test runs, and that a machine may lack. */
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Layer, layer } from './layers.js'

/** Whether a program is in the PATH, or where only root looks. A path is looked at as it is. */
export function isInstalled(program: string): boolean {
  const folders = program.startsWith('/') ? [''] : [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin']
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/**
 * Programs, each with the Debian package that has it, as one layer of tests.
 * @example const tools = programs('a DHCP server', { dnsmasq: 'dnsmasq-base' })
 */
export function programs(name: string, packages: Readonly<Record<string, string>>): Layer {
  return layer(name, () => {
    const missing = Object.keys(packages).filter((program) => !isInstalled(program))
    if (missing.length === 0) return undefined
    const install = `apt-get install -y --no-install-recommends ${missing.map((one) => packages[one]).join(' ')}`
    return `there is no ${missing.join(', no ')}; as root: ${install}`
  })
}
