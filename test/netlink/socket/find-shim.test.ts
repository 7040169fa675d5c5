/** Where the native shim is taken from, and what is said where it cannot be had. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect } from 'chai'
import { NetlinkError, OptionError } from '../../../src/netlink/errors.js'
import { setShim, sysctl } from '../../../src/netlink/index.js'
import { loadShim } from '../../../src/netlink/socket/shim.js'
import { builtShim, putShim, withFolder } from '../../support/bundles.js'
import { runScript } from '../../support/child.js'
import { needs, shim } from '../../support/layers.js'
import { withoutShim } from '../../support/without-shim.js'

const own = `linux-${process.arch}`
const other = process.arch === 'arm64' ? 'x64' : 'arm64'
const BUILD = 'With a C compiler, run: node node_modules/nlwire/native/build.js'

/** The message of what is thrown, which has this code. */
function failure(run: () => unknown, code = 'ERR_NETLINK_NO_SHIM'): string {
  try {
    run()
  } catch (error) {
    expect(error).to.be.instanceOf(NetlinkError).with.property('code', code)
    return (error as Error).message
  }
  throw new Error('nothing was thrown')
}

describe('the native shim', () => {
  const env = process.env.NLWIRE_SHIM
  const setEnv = (value: string | undefined) => {
    if (value === undefined) delete process.env.NLWIRE_SHIM
    else process.env.NLWIRE_SHIM = value
    setShim(undefined)
  }
  before(function () {
    needs(this, shim)
  })
  afterEach(() => setEnv(env))

  /** Loads a file in both ways to name one, and gives the message, which but for that is the same. */
  const refused = (file: string): string => {
    setEnv(undefined)
    setShim(file)
    const first = failure(loadShim)
    setEnv(file)
    expect(failure(loadShim)).to.equal(first.replace('setShim', 'NLWIRE_SHIM'))
    return first
  }
  /** The built one with other bytes. */
  const changed = (folder: string, from: string, to: string): string => {
    const bytes = readFileSync(builtShim).toString('latin1')
    expect(bytes).to.contain(from)
    const file = join(folder, 'changed.node')
    writeFileSync(file, Buffer.from(bytes.replaceAll(from, to), 'latin1'))
    return file
  }

  it('is the file of setShim, else that of NLWIRE_SHIM, else found', () =>
    withFolder((folder) => {
      const file = putShim(join(folder, 'one.node'))
      const works = () => expect(sysctl.get('net/ipv4/ip_forward')).to.match(/^\d$/)
      setEnv('/nowhere/a.node')
      expect(failure(works)).to.contain('/nowhere/a.node')
      for (const path of [file, relative(process.cwd(), file), pathToFileURL(file)]) {
        setShim(path)
        works()
      }
      setShim('/nowhere/b.node')
      expect(failure(works)).to.contain('/nowhere/b.node')
      setEnv(file)
      works()
      setEnv('')
      works()
      setEnv(undefined)
      works()
    }))

  it('setShim takes a path or the URL of a file', () => {
    for (const wrong of ['', 'a\0', null, 1, {}, new URL('https://example.org/nlwire.node')] as never[]) {
      const said = failure(() => setShim(wrong), 'ERR_NETLINK_OPTION')
      expect(said).to.match(/^setShim: expected a path, or a file's URL, got /)
      expect(() => setShim(wrong)).to.throw(OptionError)
    }
  })

  it('that is not where it is said to be', () =>
    withFolder((folder) => {
      const missing = join(folder, 'nlwire.node')
      const advice = 'give the path of nlwire.node, the file itself'
      expect(refused(missing)).to.equal(`the native shim ${missing}, which setShim names, does not exist: ${advice}`)
      expect(refused(folder)).to.equal(`the native shim ${folder}, which setShim names, is no file: ${advice}`)
    }))

  it('that is nothing to load, or for another machine or C library', () =>
    withFolder((folder) => {
      const text = join(folder, 'text.node')
      for (const content of ['', 'module.exports = {}\n'.repeat(9)]) {
        writeFileSync(text, content)
        expect(refused(text)).to.match(/cannot be loaded: it is no shared library\. This is Node for linux-/)
      }
      const bytes = readFileSync(builtShim)
      new DataView(bytes.buffer, bytes.byteOffset).setUint16(18, other === 'x64' ? 62 : 183, bytes[5] === 1)
      const foreign = join(folder, 'foreign.node')
      writeFileSync(foreign, bytes)
      const said = refused(foreign)
      expect(said).to.contain(
        `the native shim ${foreign}, which setShim names, cannot be loaded: it is built for ${other}`,
      )
      expect(said).to.contain(`This is Node for ${own} with `).and.contain(BUILD)
      const libc = changed(folder, 'libc.so', 'libX.so')
      expect(refused(libc)).to.match(/cannot be loaded: .*libX\.so.*\. This is Node for linux-\w+ with (glibc|musl)/)
      const half = join(folder, 'half.node')
      writeFileSync(half, readFileSync(builtShim).subarray(0, 1000))
      expect(refused(half)).to.match(/cannot be loaded: it is cut short: it has 1000 bytes of \d+\. This is Node for/)
      const stranger = changed(folder, 'napi_register_module_v1', 'napi_register_module_vX')
      expect(refused(stranger)).to.match(/cannot be loaded: .*did not self-register.*\. This is Node for/)
    }))

  it('of another version: the functions that it lacks', () =>
    withFolder((folder) => {
      const said = refused(changed(folder, '\0sysctlRead\0', '\0sysctlReaX\0'))
      expect(said).to.contain(
        'is of another version of nlwire: it has no sysctlRead. Take the file that came with this',
      )
      expect(said).to.contain(BUILD)
    }))

  it('that is not built for this machine: where it was looked for, and for which it is', () =>
    withoutShim(['src'], async (folder) => {
      const load = async () => {
        const index = JSON.stringify(pathToFileURL(join(folder, 'dist/src/netlink/index.js')).href)
        const script = `
          import { openKernel } from ${index}
          try {
            openKernel({ protocol: 0 }).close()
            console.log('opened')
          } catch (error) {
            console.log(error.code, error.message)
          }`
        return (await runScript(script, { env: { NLWIRE_SHIM: '' } })).stdout
      }
      const none = await load()
      expect(none).to.match(
        /^ERR_NETLINK_NO_SHIM the native shim is not built for linux-\w+ with \w+, or is elsewhere: /,
      )
      expect(none).to.contain(`there is no nlwire.node in ${folder}/prebuilds/${own}, `).and.contain(BUILD)
      expect(none)
        .to.match(/give the path of the file by NLWIRE_SHIM or setShim\(path\)\n$/)
        .and.not.match(/another/)
      mkdirSync(join(folder, `prebuilds/linux-${other}`), { recursive: true })
      expect(await load()).to.contain(`There is one for another machine: ${folder}/prebuilds/linux-${other}. `)
      mkdirSync(join(folder, 'prebuilds', own))
      writeFileSync(join(folder, 'prebuilds', own, 'nlwire.node'), 'broken')
      expect(await load()).to.contain(`${own}/nlwire.node cannot be loaded: it is no shared library`)
      putShim(join(folder, 'prebuilds', own, 'nlwire.musl.node'))
      expect(await load()).to.equal('opened\n')
    }))

  it('that there cannot be: this is no Linux', async () => {
    const index = new URL('../../../src/netlink/index.js', import.meta.url).href
    const { stdout } = await runScript(`
      Object.defineProperty(process, 'platform', { value: 'darwin' })
      const { openKernel, setShim } = await import(${JSON.stringify(index)})
      for (const path of [undefined, '/nowhere']) {
        setShim(path)
        try {
          openKernel({ protocol: 0 })
        } catch (error) {
          console.log(error.code, error.message)
        }
      }`)
    const said = 'ERR_NETLINK_UNSUPPORTED there is no netlink on darwin: it is an interface of Linux. '
    expect(stdout).to.equal(`${said}The codec and replay work here.\n`.repeat(2))
  })
})
