/** The command line of the Docker network driver. */
import { object } from '@optique/core/constructs'
import { message } from '@optique/core/message'
import { withDefault } from '@optique/core/modifiers'
import { command, constant, option } from '@optique/core/primitives'
import { string } from '@optique/core/valueparser'
import { on } from './switch.js'

export const dockerDriver = command(
  'docker-driver',
  object({
    command: constant('docker-driver'),
    socket: withDefault(
      option('--socket', string({ metavar: 'PATH' }), {
        description: message`Where Docker finds the driver: the name of the file is the driver's. Default: /run/docker/plugins/nlwire-ipvlan.sock, or the socket that systemd has opened.`,
      }),
      '/run/docker/plugins/nlwire-ipvlan.sock',
    ),
    stateDir: withDefault(
      option('--state-dir', string({ metavar: 'DIR' }), {
        description: message`Where it keeps what Docker told it. Default: /var/lib/nlwire.`,
      }),
      '/var/lib/nlwire',
    ),
    quiet: on(message`Do not log the calls.`, '--quiet', '-q'),
  }),
  {
    brief: message`ipvlan networks for Docker: docker network create -d nlwire-ipvlan.`,
    description: message`A network driver for Docker that makes ipvlan networks, several on one parent as well. It has to run as root in the network namespace of the Docker daemon.`,
  },
)
