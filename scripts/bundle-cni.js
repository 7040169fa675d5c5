// Makes the CNI plugin one file, dist/cni/nlwire-cni.cjs, with the native shim beside it: a folder that can be copied to
// where a container runtime looks for plugins. In CommonJS: a copy without an extension, far from any package.json, is that.
import { chmodSync, cpSync, existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const outfile = join(root, 'dist/cni/nlwire-cni.cjs')

await build({
  entryPoints: [join(root, 'dist/src/network/cni/main.js')],
  outfile,
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node20.19',
  format: 'cjs',
  // The shim is looked for beside the bundle.
  define: { 'import.meta.url': '__filename' },
  logLevel: 'warning',
})
chmodSync(outfile, 0o755)
if (existsSync(join(root, 'prebuilds')))
  cpSync(join(root, 'prebuilds'), join(root, 'dist/cni/prebuilds'), { recursive: true })
