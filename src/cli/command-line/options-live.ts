/** The command line of what is seen live: monitor and trace. */
import { object } from '@optique/core/constructs'
import { message } from '@optique/core/message'
import { multiple, optional } from '@optique/core/modifiers'
import { argument, command, constant, option } from '@optique/core/primitives'
import { integer, string } from '@optique/core/valueparser'
import { on } from './switch.js'

const showing = {
  json: on(message`One JSON object a message and line, as of decode.`, '--json', '-j'),
  tree: on(message`Names and values, no bytes.`, '--tree'),
  cNames: on(message`The kernel's C names as well.`, '--c-names'),
}

export const monitor = command(
  'monitor',
  object({
    command: constant('monitor'),
    ...showing,
    timestamp: on(message`When each message was read.`, '--timestamp', '-t'),
    netns: optional(
      option('--netns', '-n', string({ metavar: 'NAME' }), { description: message`Listen in this network namespace.` }),
    ),
    allNamespaces: on(message`Hear also all namespaces that have an id here, and say which.`, '--all-namespaces'),
    count: optional(
      option('--count', integer({ min: 1, metavar: 'N' }), { description: message`End after so many messages.` }),
    ),
    noResync: on(message`Do not keep what is known, and do not say what was missed.`, '--no-resync'),
    // The kernel doubles it, and keeps it in an int.
    receiveBuffer: optional(
      option('--receive-buffer', integer({ min: 1, max: 0x3fffffff, metavar: 'BYTES' }), {
        description: message`How much may wait to be read. Default: 32 MiB.`,
      }),
    ),
    record: optional(
      option('--record', string({ metavar: 'FILE' }), { description: message`Save all that passes as a .nl file.` }),
    ),
    replay: optional(
      option('--replay', string({ metavar: 'FILE' }), {
        description: message`Hear a .nl recording in place of the kernel.`,
      }),
    ),
    groups: multiple(
      argument(string({ metavar: 'GROUP' }), {
        description: message`link, address, route, nsid, neigh, all, or a multicast group by name (nexthop) or number. Default: link address route nsid.`,
      }),
    ),
  }),
  {
    brief: message`What happens in the kernel, live.`,
    description: message`Prints each change as the kernel tells it, until it is stopped. When changes were lost it says so, reads everything again, and says what was missed.`,
  },
)

export const trace = command(
  'trace',
  object({
    command: constant('trace'),
    ...showing,
    output: optional(
      option('--output', '-o', string({ metavar: 'FILE' }), {
        description: message`Where the conversation is printed, - for standard output. Default: standard error.`,
      }),
    ),
    pid: optional(
      option('-p', '--pid', integer({ min: 1, metavar: 'PID' }), {
        description: message`Attach to a process that runs already.`,
      }),
    ),
    program: multiple(
      argument(string({ metavar: 'COMMAND' }), { description: message`The command and its arguments, after --.` }),
    ),
  }),
  {
    brief: message`What does a command say to the kernel?`,
    description: message`Runs a command under strace and prints its netlink conversation. Its input, its output and its exit status are its own.`,
  },
)
