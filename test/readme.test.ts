/** What the README shows is what happens. */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import { root } from './support/fixtures.js'

const readme = readFileSync(join(root, 'README.md'), 'utf8')

describe('the documents', () => {
  it("the README's dissection prints what the README says", () => {
    const [, program, expected] = /```js\n(.*?)```\n\n```\n(.*?)```/s.exec(readme)!
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', program!], {
      cwd: root,
      encoding: 'utf8',
    })
    expect(output).to.equal(expected)
  })

  it('every link to a file leads to one', () => {
    const documents = [
      'README.md',
      'CHANGELOG.md',
      'bench/README.md',
      ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`),
    ]
    for (const document of documents) {
      const text = readFileSync(join(root, document), 'utf8')
      for (const [, target] of text.matchAll(/\]\(([^)#:]+)\)/g))
        expect(existsSync(join(root, dirname(document), target!)), `${document}: ${target}`).to.equal(true)
    }
  })

  it('every script that the README names exists', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>
    }
    for (const [, name] of readme.matchAll(/npm run ([a-z:]+)/g)) expect(scripts, name).to.have.property(name!)
  })
})
