/** JSON as people and programs write it: one object a line, objects over several lines, or one array. */
import { Failure } from '../process/failure.js'
import { type InputSource, linesOf } from './source.js'

/** All objects of an input, with the line on which each begins. @throws Failure for what is no JSON */
export async function* jsonObjects(source: InputSource): AsyncGenerator<readonly [value: unknown, where: string]> {
  let text = ''
  let from = 0
  let depth = 0
  let inString = false
  for await (const [line, number] of linesOf(source)) {
    if (text === '') from = number
    // Brackets are counted, so that each character is looked at once, whatever the input is.
    for (let i = 0; i < line.length; i++) {
      const character = line[i]
      if (inString) {
        if (character === '\\') i++
        else if (character === '"') inString = false
      } else if (character === '"') inString = true
      else if (character === '{' || character === '[') depth++
      else if (character === '}' || character === ']') depth--
    }
    text += text === '' ? line : `\n${line}`
    if (depth > 0) continue
    if (text.trim() !== '') yield* parsed(text, `${source.name}: line ${from}`)
    text = ''
    depth = 0
    inString = false
  }
  if (text.trim() !== '') yield* parsed(text, `${source.name}: line ${from}`)
}

function* parsed(text: string, where: string): Generator<readonly [unknown, string]> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new Failure(`${where}: this is no JSON: ${(error as Error).message}`)
  }
  if (Array.isArray(value)) for (const one of value) yield [one, where]
  else yield [value, where]
}
