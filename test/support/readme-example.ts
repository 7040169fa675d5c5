/** The README's first example as a function of its host. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Host, openRtnl } from '../../src/index.js'
import { root } from './fixtures.js'

export async function readmeExample(host: Host): Promise<void> {
  // begin
  await using rtnl = await openRtnl({ host })
  rtnl.netns.create('net1')
  await rtnl.links.add({
    ifname: 'ipv1',
    link: 'eth0',
    netns: 'net1',
    linkinfo: { kind: 'ipvlan', data: { mode: 'l3' } },
  })

  await using inside = await openRtnl({ host, netns: 'net1' })
  await inside.links.set('ipv1', { up: true })
  await inside.addresses.add({ dev: 'ipv1', address: '10.0.1.10/24' })
  await inside.routes.add({ dst: 'default', dev: 'ipv1' })
  // end
}

/** The example's words, however they are laid out: [of the README, of the function above without its host]. */
export function bothExamples(): [string, string] {
  const words = (text: string) => text.replace(/,(?=\s*[})])/g, '').replace(/\s+/g, ' ')
  const [, readme] = /```ts\nimport [^\n]*\n(.*?)```/s.exec(readFileSync(join(root, 'README.md'), 'utf8'))!
  const source = readFileSync(join(root, 'test/support/readme-example.ts'), 'utf8')
  const [, run] = /\/\/ begin\n(.*)\/\/ end/s.exec(source)!
  return [words(readme!).trim(), words(run!.replace('{ host }', '').replace('host, ', '')).trim()]
}
