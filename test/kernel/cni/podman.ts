/** podman with its CNI back end, all in /run: a machine of its own for one test. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../support/fixtures.js'
import { referencePlugins } from './lab.js'

const home = '/run/podman'
const binaries = `${home}/cni`
const networks = `${home}/networks`

/** Makes the plugins, an image `bb` of busybox, and all that podman needs to be told. */
export function preparePodman(): void {
  for (const folder of [home, binaries, networks, `${home}/image/bin`]) mkdirSync(folder, { recursive: true })
  // The disk is that of the machine which runs the tests: what podman keeps elsewhere is not to stay there.
  run('mount', '-t', 'tmpfs', 'tmpfs', '/var/lib')
  run('mount', '-t', 'cgroup2', 'cgroup2', '/sys/fs/cgroup')
  for (const name of readdirSync(referencePlugins)) symlinkSync(join(referencePlugins, name), join(binaries, name))
  symlinkSync(join(root, 'dist/cni/nlwire-cni.cjs'), join(binaries, 'nlwire-ipvlan'))
  writeFileSync(`${home}/containers.conf`, configuration)
  writeFileSync(`${home}/storage.conf`, `[storage]\ndriver = "vfs"\nrunroot = "${home}/r"\ngraphroot = "${home}/g"\n`)
  writeFileSync(`${home}/policy.json`, '{"default": [{"type": "insecureAcceptAnything"}]}')
  run('cp', '/bin/busybox', `${home}/image/bin`)
  for (const name of ['sh', 'ping', 'ip', 'sleep']) symlinkSync('busybox', `${home}/image/bin/${name}`)
  run('tar', '-c', '-f', `${home}/image.tar`, '-C', `${home}/image`, '.')
  podman('import', '--signature-policy', `${home}/policy.json`, `${home}/image.tar`, 'bb')
}

const configuration = `[network]
network_backend = "cni"
cni_plugin_dirs = ["${binaries}"]
network_config_dir = "${networks}"
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime = "runc"
tmp_dir = "${home}/tmp"
`

/** Writes a network's list of plugins. */
export function writeNetwork(name: string, text: string): void {
  writeFileSync(`${networks}/${name}.conflist`, text)
}

/** Runs podman; what it prints. */
export const podman = (...words: string[]): string => run('podman', '--log-level', 'error', ...words)

const env = {
  ...process.env,
  HOME: home,
  CONTAINERS_CONF: `${home}/containers.conf`,
  CONTAINERS_STORAGE_CONF: `${home}/storage.conf`,
}

const run = (file: string, ...words: string[]): string =>
  execFileSync(file, words, { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'pipe'] })
