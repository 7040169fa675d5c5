/** How a monitor prints what it hears: annotated, as a tree, or as JSON lines. */
import { DecodeError } from '../../netlink/index.js'
import { datagramLines, type Showing } from '../messages/annotated.js'
import { messageJson } from '../messages/message-json.js'
import { decodeItem, isDecodable, type Parsed } from '../messages/messages.js'
import { safe } from '../output/escape.js'
import { jsonText } from '../output/json-text.js'
import { colour, comment, print, say } from '../output/output.js'
import { groupName } from './groups.js'
import type { Missed } from './object-cache.js'

/** How to print. */
export interface TellOptions extends Showing {
  readonly json: boolean
  readonly timestamp: boolean
}

/** Where a message comes from. */
export interface Origin {
  /** 0 where it is not known. */
  readonly group: number
  /** -1 for the namespace that is listened in. */
  readonly nsid: number
  readonly netns: string | undefined
  readonly missed?: Missed['what']
}

/** The time, where it is wanted. */
const timeOf = ({ timestamp }: TellOptions): string | undefined => (timestamp ? new Date().toISOString() : undefined)

/** Prints a datagram. @returns whether all of it could be decoded */
export async function tell(parsed: Parsed, origin: Origin, options: TellOptions): Promise<boolean> {
  const { group, nsid, netns, missed } = origin
  const time = timeOf(options)
  const name = group > 0 ? groupName(group) : undefined
  if (options.json) {
    let sound = true
    for (const item of parsed.items) {
      const message = decodeItem(parsed, item, true)
      if (message instanceof DecodeError) sound = false
      const around = { group: name, nsid: nsid < 0 ? undefined : nsid, netns, missed, time }
      await print(messageJson(parsed, item, message, undefined, around))
    }
    return sound
  }
  const where = nsid < 0 ? undefined : `nsid ${nsid}${netns === undefined ? '' : ` "${netns}"`}`
  const conversation = [missed === undefined ? undefined : `missed: ${missed}`, name ?? 'no group', where, time]
  const datagram = { ...parsed.datagram, conversation: conversation.filter(Boolean).join(', ') }
  await print(...datagramLines({ ...parsed, datagram }, options), '')
  return isDecodable(parsed)
}

/** Says that datagrams were lost, and how many where that is known. */
export async function tellLost(lost: number | undefined, options: TellOptions): Promise<void> {
  const time = timeOf(options)
  if (options.json) await print(jsonText({ overrun: true, lost, time }))
  else {
    const when = time === undefined ? '' : `${time}: `
    const what = lost === undefined ? 'messages were' : lost === 1 ? '1 message was' : `${lost} messages were`
    await note(`${when}${what} lost here: the receive buffer was full (--receive-buffer)`)
  }
}

/** Says something about the monitor's work: in JSON it has no place. */
export async function remark(text: string, { json }: TellOptions): Promise<void> {
  if (json) say(safe(text))
  else await note(text)
}

const note = (text: string): Promise<void> => print(...comment(text).map(colour.yellow), '')
