// The packaging check: what npm would publish, installed into an empty project, works for a consumer: with import and
// with require, with types, without a compiler and without any install script; and without the native shim the codec
// works, and opening a socket says what is missing.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const project = mkdtempSync(join(tmpdir(), 'nlwire-package-'))
const run = (file, args, options = {}) =>
  execFileSync(file, args, { cwd: project, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], ...options })
const node = (...args) => run(process.execPath, args)

const decodeSample = `
  const { decode } = netlink, { route } = rtnl
  const bytes = netlink.encode(route, [{ type: 'RTM_NEWLINK', body: { ifname: 'ipv1', linkinfo: { kind: 'ipvlan', data: { mode: 'l3' } } } }])
  if (decode(route, bytes)[0].body.linkinfo.data.mode !== 'l3') throw new Error('decoded wrongly')
  if (typeof main.openRtnl !== 'function' || typeof generic.openGeneric !== 'function' || typeof network.ipvlanNetwork !== 'function' || typeof testing.parseNl !== 'function' || typeof chai.nlwireChai !== 'function') throw new Error('an export is missing')
`
const noShim = `
  const error = await (await import('nlwire')).openRtnl().then(() => undefined, (error) => error)
  if (error?.code !== 'ERR_NETLINK_NO_SHIM' || !/build\\.js/.test(error.message)) throw error ?? new Error('it opened')
`
const types = `
  import { openRtnl } from 'nlwire'
  import type { Link } from 'nlwire/rtnl'
  import { decode } from 'nlwire/netlink'
  import { parseNl } from 'nlwire/testing'
  export async function mode(): Promise<string | number | undefined> {
    await using rtnl = await openRtnl()
    const link: Link = await rtnl.links.get('ipv1')
    void decode, parseNl
    return link.linkinfo?.kind === 'ipvlan' ? link.linkinfo.data?.mode : undefined
  }
`

/** The CNI plugin as the package installs it, by its command: it answers, and finds the shim that is beside it. */
function checkCni(installed) {
  const plugin = join(installed, '../.bin/nlwire-cni')
  const call = (command, input) =>
    JSON.parse(
      spawnSync(plugin, {
        input,
        env: { PATH: dirname(process.execPath), CNI_COMMAND: command },
        encoding: 'utf8',
      }).stdout,
    )
  if (!call('VERSION', '').supportedVersions.includes('1.1.0')) throw new Error('nlwire-cni does not answer VERSION')
  const { msg } = call('STATUS', '{"cniVersion": "1.1.0", "name": "n", "type": "ipvlan", "master": "lo"}')
  if (process.platform === 'linux' && !msg.includes('loopback')) throw new Error(`nlwire-cni: ${msg}`)
}

try {
  const [packed] = JSON.parse(
    run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', project], { cwd: root }),
  )
  const unwanted = packed.files
    .map(({ path }) => path)
    .filter((path) => /^(test|fixtures|bench|dist\/(test|examples))/.test(path))
  if (unwanted.length > 0) throw new Error(`these should not be published: ${unwanted.join(', ')}`)
  writeFileSync(join(project, 'package.json'), '{ "private": true }')
  const { scripts = {} } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  for (const name of ['preinstall', 'install', 'postinstall'])
    if (scripts[name]) throw new Error(`a consumer would run "${name}"`)
  // A PATH with node alone: there is no compiler to find.
  run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', join(project, packed.filename)])
  const installed = join(project, 'node_modules/nlwire')
  const names = ['', '/netlink', '/rtnl', '/generic', '/network', '/testing', '/testing/chai']
  const [main, ...rest] = ['main', 'netlink', 'rtnl', 'generic', 'network', 'testing', 'chai']
  const all = [main, ...rest]
  writeFileSync(
    join(project, 'esm.mjs'),
    `${all.map((name, i) => `import * as ${name} from 'nlwire${names[i]}'`).join('\n')}${decodeSample}`,
  )
  writeFileSync(
    join(project, 'cjs.cjs'),
    `${all.map((name, i) => `const ${name} = require('nlwire${names[i]}')`).join('\n')}\nrequire('nlwire/package.json')${decodeSample}`,
  )
  writeFileSync(join(project, 'no-shim.mjs'), noShim)
  writeFileSync(join(project, 'types.mts'), types)
  node('esm.mjs')
  node('cjs.cjs')
  if (!existsSync(join(installed, 'prebuilds')) && process.platform === 'linux')
    throw new Error('no prebuilt shim was packed')
  const options = ['--strict', '--target', 'es2022', '--module', 'nodenext', '--lib', 'es2023,dom,esnext.disposable']
  node(
    join(root, 'node_modules/typescript/bin/tsc'),
    '--noEmit',
    ...options,
    '--exactOptionalPropertyTypes',
    'types.mts',
  )
  rmSync(join(installed, 'prebuilds'), { recursive: true, force: true })
  checkCni(installed)
  node('esm.mjs')
  if (process.platform === 'linux') node('no-shim.mjs')
  console.log(`the package is good: ${packed.files.length} files, ${(packed.size / 1024).toFixed(0)} KiB`)
} catch (error) {
  console.error(error.stdout ?? '', error.stderr ?? '', error.message)
  process.exitCode = 1
} finally {
  rmSync(project, { recursive: true, force: true })
}
