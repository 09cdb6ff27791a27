import {
  judged,
  neighbour,
  object,
  observe,
  verdictText,
} from './__testUtils__/objects';
import { ingressKind } from './ingress';
import { ContextNode } from './kindDefinition';

describe('an Ingress', () => {
  const path = (name: string, port: {}) => ({
    path: `/${name}`,
    backend: { service: { name, port } },
  });
  const item = object({
    spec: {
      tls: [{ hosts: ['shop.example'], secretName: 'tls' }],
      defaultBackend: { resource: { kind: 'Bucket', name: 'b' } },
      rules: [
        {
          host: 'shop.example',
          http: {
            paths: [
              path('cart', { name: 'http' }),
              path('pay', { number: 81 }),
            ],
          },
        },
      ],
    },
    status: { loadBalancer: { ingress: [{ ip: '203.0.113.1' }] } },
  });
  const backend = (
    name: string,
    level: any,
    port: {} = { name: 'http', port: 81 },
  ) => neighbour('Service', name, level, { ports: [port] });
  const tls = (level: any) => neighbour('Secret', 'tls', level);

  it('refers to Services, certificates and other backends (R072–R074)', () => {
    expect(
      observe(ingressKind, item).references.map(
        ({ relation, other, details }) => [relation, other.name, details],
      ),
    ).toEqual([
      [
        'ingress-service',
        'cart',
        { paths: [{ host: 'shop.example', path: '/cart', port: 'http' }] },
      ],
      [
        'ingress-service',
        'pay',
        { paths: [{ host: 'shop.example', path: '/pay', port: 81 }] },
      ],
      ['ingress-secret', 'tls', { hosts: ['shop.example'] }],
      ['ingress-object', 'b', undefined],
      ['namespace-ingress', 'shop', undefined],
    ]);
  });

  it.each<[string, ContextNode[], ContextNode[], string]>([
    [
      'all of whose backends are well',
      [backend('cart', 'ok'), backend('pay', 'ok')],
      [tls('ok')],
      'keeps its own',
    ],
    [
      'one of whose backends does not exist',
      [neighbour('Service', 'cart', 'missing'), backend('pay', 'ok')],
      [],
      'degraded BackendMissing H082',
    ],
    [
      'none of whose backends exists',
      [
        neighbour('Service', 'cart', 'missing'),
        neighbour('Service', 'pay', 'missing'),
      ],
      [],
      'down BackendMissing H082',
    ],
    [
      'whose backends may not be read',
      [
        neighbour('Service', 'cart', 'unknown'),
        neighbour('Service', 'pay', 'unknown'),
      ],
      [],
      'keeps its own',
    ],
    [
      'one of whose backends lacks the port',
      [backend('cart', 'ok'), backend('pay', 'ok', { name: 'http', port: 80 })],
      [],
      'degraded BackendMissing H082',
    ],
    [
      'one of whose backends is down',
      [backend('cart', 'down'), backend('pay', 'ok')],
      [],
      'degraded BackendDown H083',
    ],
    [
      'all of whose backends are down',
      [backend('cart', 'down'), backend('pay', 'down')],
      [],
      'down BackendDown H083',
    ],
    [
      'one of whose backends is degraded',
      [backend('cart', 'degraded'), backend('pay', 'ok')],
      [],
      'keeps its own',
    ],
    [
      'whose certificate does not exist',
      [backend('cart', 'ok'), backend('pay', 'ok')],
      [tls('missing')],
      'degraded TLSMissing H085',
    ],
    [
      'whose certificate may not be read',
      [backend('cart', 'ok'), backend('pay', 'ok')],
      [tls('unknown')],
      'keeps its own',
    ],
  ])('%s', (_, services, secrets, expected) => {
    const around = {
      'ingress-service out': services,
      'ingress-secret out': secrets,
    };
    expect(verdictText(judged(ingressKind, item, around))).toBe(expected);
  });

  it('works without an address (C13)', () => {
    expect(
      verdictText(
        observe(ingressKind, object({ spec: { ingressClassName: 'nginx' } }))
          .verdict,
      ),
    ).toBe('ok NoAddress H086');
  });
});
