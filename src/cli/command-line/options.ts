/** The command line: its commands and options, from which help and completion are made. */
import { object, or } from '@optique/core/constructs'
import { message } from '@optique/core/message'
import { multiple, optional, withDefault } from '@optique/core/modifiers'
import { argument, command, constant, option } from '@optique/core/primitives'
import { choice, string } from '@optique/core/valueparser'
import { formats } from '../input/index.js'
import { dockerDriver } from './options-docker.js'
import { monitor, trace } from './options-live.js'
import { network } from './options-network.js'
import { objectParser } from './options-objects.js'
import { on } from './switch.js'

const byteOrder = optional(
  option('--byte-order', choice(['little', 'big'] as const, { metavar: 'ORDER' }), {
    description: message`Byte order of the sender: little or big. Else it is found in the bytes.`,
  }),
)
const reading = {
  from: optional(
    option(
      '--from',
      choice(
        formats.map(({ name }) => name),
        { metavar: 'FORMAT' },
      ),
      {
        description: message`Take the input for this format without looking.`,
      },
    ),
  ),
  protocol: optional(
    option('--protocol', string({ metavar: 'PROTOCOL' }), {
      description: message`The netlink protocol, by name or number, where the input does not tell. Default: route.`,
    }),
  ),
  byteOrder,
}
const input = multiple(
  argument(string({ metavar: 'FILE|HEX' }), {
    description: message`Files, - for standard input, or the bytes themselves. Default: standard input.`,
  }),
)

const decode = command(
  'decode',
  object({
    command: constant('decode'),
    ...reading,
    message: optional(
      option('--message', string({ metavar: 'TYPE' }), {
        description: message`The input is the payload of such messages (RTM_NEWLINK), without their headers.`,
      }),
    ),
    json: on(message`One JSON object a message and line.`, '--json', '-j'),
    tree: on(message`Names and values, no bytes.`, '--tree'),
    cNames: on(message`The kernel's C names as well.`, '--c-names'),
    input,
  }),
  {
    brief: message`What do these bytes say?`,
    description: message`Recognises hex, byte arrays of programs, base64, dumps of xxd, hexdump and od, .nl recordings, output of strace, pcap and pcapng of nlmon, and files of rtmon by itself. Prints annotated bytes, answers below their requests.`,
  },
)

const encode = command(
  'encode',
  object({
    command: constant('encode'),
    to: withDefault(
      option('--to', choice(['hex', 'nl', 'binary', 'pcap'] as const, { metavar: 'FORMAT' }), {
        description: message`hex (one message a line, the default), nl, binary or pcap.`,
      }),
      'hex' as const,
    ),
    protocol: reading.protocol,
    byteOrder,
    input: multiple(
      argument(string({ metavar: 'FILE' }), {
        description: message`Files of JSON, - for standard input. Default: standard input.`,
      }),
    ),
  }),
  {
    brief: message`From JSON to bytes.`,
    description: message`Takes what decode --json prints, one object or many, and gives the same bytes; takes JSON written by hand as well.`,
  },
)

const diff = command(
  'diff',
  object({
    command: constant('diff'),
    ...reading,
    a: argument(string({ metavar: 'A' }), { description: message`A file, or bytes in one argument.` }),
    b: argument(string({ metavar: 'B' }), { description: message`What to compare it with.` }),
  }),
  {
    brief: message`Do two messages or captures say the same?`,
    description: message`Compares by meaning: the same; the same but for order, padding or nested bits; or other values, at which path and bytes (exit status 3). Sequence numbers and ports have no meaning here.`,
  },
)

const explain = command(
  'explain',
  object({
    command: constant('explain'),
    ...reading,
    request: optional(
      option('--request', string({ metavar: 'HEX' }), {
        description: message`The request that failed: hex, or a file in any format that decode reads.`,
      }),
    ),
    what: argument(string({ metavar: 'ERRNO|FILE' }), {
      description: message`An errno (EBUSY, 16), or a capture with an exchange that failed; - for standard input.`,
    }),
  }),
  {
    brief: message`What does an error mean, and what is to be done?`,
    description: message`Explains an errno, together with the request that it answers, or every exchange in a capture that failed.`,
  },
)

/** All of the command line. */
export const parser = or(decode, encode, diff, explain, monitor, trace, network, dockerDriver, objectParser)
