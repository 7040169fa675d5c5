/** A network that needs every kind of step. */
export const description = (netns: string) =>
  ({
    name: 'n30',
    parent: 'eth0.30',
    mode: 'l3',
    netns,
    subnets: ['192.168.30.0/24', 'fd30::/64'],
    hostAccess: { addresses: ['192.168.30.254', 'fd30::254'] },
    routes: [{ dst: '10.50.0.0/16', gateway: '192.168.30.9' }],
  }) as const

export const attachment = { id: 'c1', addresses: ['192.168.30.2', 'fd30::2'] }
