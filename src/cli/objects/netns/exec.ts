/** nlwire netns exec: a program in a network namespace, in the place of this process. */
import { execIn } from '../../../netlink/socket/netns-exec.js'
import { safe } from '../../output/escape.js'
import { flush, print } from '../../output/output.js'
import { Failure, status } from '../../process/failure.js'
import type { Words } from '../grammar/words.js'

/** What is to run, and where. */
export interface Exec {
  readonly name: string
  readonly command: readonly string[]
}

/** Whether a word is the verb, which may be shortened as others are. */
export const isExec = (word: string | undefined): boolean => !!word && 'exec'.startsWith(word)

/** The rest of the words: all that follows the name is the command's. @throws Failure where something is missing */
export function execWords(words: Words): Exec {
  words.command = 'netns exec'
  const name = words.next('the name of the namespace')
  const command = [words.next('the command')]
  while (!words.done) command.push(words.next('a word'))
  return { name, command }
}

/** The options that mean nothing here, by their names; undefined for those that were not given. */
export interface NoExecOptions {
  readonly [option: string]: boolean | string | object | undefined
}

/**
 * Runs it: where that succeeds, this process is the command from then on.
 * @returns the exit status of a dry run
 * @throws Failure for options that mean nothing here; TransportError
 */
export async function execCommand({ name, command }: Exec, dryRun: boolean, others: NoExecOptions): Promise<number> {
  for (const [option, value] of Object.entries(others))
    if (value !== undefined && value !== false)
      throw new Failure(
        `netns exec: ${option} means nothing here: the command is run, and what it says to the kernel nlwire trace shows`,
      )
  if (dryRun)
    await print(safe(`# no message: the system calls setns, unshare, mount and execve run ${command.join(' ')}`))
  await flush()
  return dryRun ? status.done : execIn(name, command)
}
