/** The command line of networks. */
import { merge, object, or } from '@optique/core/constructs'
import { type Message, message } from '@optique/core/message'
import { multiple, optional, withDefault } from '@optique/core/modifiers'
import { argument, command, constant, option } from '@optique/core/primitives'
import { choice, integer, string } from '@optique/core/valueparser'
import { on } from './switch.js'

const text = (name: `--${string}`, metavar: Uppercase<string>, description: Message) =>
  optional(option(name, string({ metavar: metavar as 'TEXT' }), { description }))
const texts = (name: `--${string}`, metavar: Uppercase<string>, description: Message) =>
  multiple(option(name, string({ metavar: metavar as 'TEXT' }), { description }))
const number = (name: `--${string}`, metavar: Uppercase<string>, description: Message) =>
  optional(option(name, integer({ min: 0, metavar: metavar as 'N' }), { description }))
const name = argument(string({ metavar: 'NETWORK' }), { description: message`The network's name.` })

/** What a network and an attachment can both say. */
const common = {
  mtu: number('--mtu', 'BYTES', message`At most the parent's.`),
  metric: number('--metric', 'N', message`Of default routes.`),
  gateway: texts('--gateway', 'ADDRESS', message`The router, one for each family.`),
  route: texts(
    '--route',
    'ROUTE',
    message`A further route: 10.50.0.0/16, or with a gateway 10.50.0.0/16,192.168.30.9.`,
  ),
  noDefaultRoute: on(message`No default route.`, '--no-default-route'),
}

const attaching = {
  name,
  where: optional(
    argument(string({ metavar: 'NAMESPACE' }), {
      description: message`The container's: a name, or a path such as /proc/4711/ns/net. Default: the parent's own.`,
    }),
  ),
  id: option('--id', string({ metavar: 'ID' }), { description: message`Who it is: attaching twice is once.` }),
  ifname: text('--ifname', 'NAME', message`The link's name there. Default eth0.`),
  address: texts('--address', 'ADDRESS', message`192.168.30.2, or with a length of its own 192.168.30.2/32.`),
  mac: text('--mac', 'ADDRESS', message`Hardware address (macvlan only).`),
  ...common,
}

const create = {
  name,
  kind: withDefault(
    option('--kind', choice(['ipvlan', 'macvlan'] as const, { metavar: 'KIND' }), {
      description: message`ipvlan (default) or macvlan.`,
    }),
    'ipvlan' as const,
  ),
  parent: text(
    '--parent',
    'NAME',
    message`The link below; eth0.30 is created. Default: the link of the default route.`,
  ),
  noParent: on(message`On a dummy of its own: nothing outside is reached.`, '--no-parent'),
  netns: text('--netns', 'NAME', message`The parent's namespace.`),
  mode: text(
    '--mode',
    'MODE',
    message`ipvlan: l2 (default), l3, l3s. macvlan: bridge (default), private, vepa, passthru.`,
  ),
  flag: texts('--flag', 'FLAG', message`private or vepa (ipvlan only).`),
  subnet: texts('--subnet', 'SUBNET', message`Its addresses: 192.168.30.0/24.`),
  internal: on(message`Containers reach each other only.`, '--internal'),
  hostAccess: on(message`The host reaches containers, from the gateway's addresses.`, '--host-access'),
  hostAddress: texts('--host-address', 'ADDRESS', message`The same from this address.`),
  hostIfname: text('--host-ifname', 'NAME', message`The name of the host's own link.`),
  proxy: on(message`The parent answers ARP and NDP for containers (l3s only).`, '--proxy'),
  noNotify: on(message`Neighbours are not told of new attachments.`, '--no-notify'),
  waitForDad: on(message`Attaching waits until no IPv6 address is tentative.`, '--wait-for-dad'),
  sysctl: texts('--sysctl', 'NAME=VALUE', message`A setting of each link: ipv6/accept_ra=0.`),
  ...common,
}

const keep = texts(
  '--keep',
  'ID',
  message`Who lives. Default: those attached by this command whose namespace is there.`,
)
const ids = multiple(argument(string({ metavar: 'ID' }), { description: message`Attachments. Default: all.` }))

const options = object({
  stateDir: withDefault(
    option('--state-dir', string({ metavar: 'FOLDER' }), { description: message`Where networks are kept.` }),
    '/var/lib/nlwire/networks',
  ),
  json: on(message`JSON, with the names of the library.`, '--json', '-j'),
})

const is = <const V extends string>(verb: V) => ({ command: constant('network'), verb: constant(verb) })
const about = (brief: Message) => ({ brief, description: brief })

/** nlwire network. */
export const network = command(
  'network',
  merge(
    options,
    or(
      command(
        'create',
        object({ ...is('create'), ...create }),
        about(message`Creates a network, and keeps its definition.`),
      ),
      command('attach', object({ ...is('attach'), ...attaching }), about(message`Attaches a namespace.`)),
      command(
        'detach',
        object({ ...is('detach'), name, id: argument(string({ metavar: 'ID' })) }),
        about(message`Detaches it.`),
      ),
      command(
        'ls',
        object({ ...is('ls'), network: optional(name) }),
        about(message`Networks, or the attachments of one.`),
      ),
      command(
        'check',
        object({ ...is('check'), name, ids }),
        about(message`What is not as it was asked for (exit status 3).`),
      ),
      command(
        'gc',
        object({ ...is('gc'), name, keep }),
        about(message`Deletes what was left by programs and containers that have gone.`),
      ),
      command(
        'plan',
        object({ ...is('plan'), ...attaching }),
        about(message`What attach would send, annotated. Sends nothing that changes.`),
      ),
      command('rm', object({ ...is('rm'), name }), about(message`Removes a network, with its attachments.`)),
    ),
  ),
  {
    brief: message`Networks of ipvlans and macvlans.`,
    description: message`Networks as container runtimes make them: several on one parent, marked on their links, checked, and cleaned up.`,
  },
)
