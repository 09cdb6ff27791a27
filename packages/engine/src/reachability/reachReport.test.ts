import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { KubernetesObject } from '../kinds/kindDefinition';
import { cornerCluster } from './__testUtils__/corners/corner';
import { inputOfObjects } from './inputOfObjects';
import { Reachability } from './reachability';
import { ReachabilityInput } from './reachabilityInput';
import { EndName, ReachQuestionError } from './reachQuestion';
import { reachReport } from './reachReport';
import { routePath } from './routePath';
import { routingOfObjects } from './routing';

type Policies = Parameters<typeof cornerCluster>[0];

const pod = (text: string): EndName => {
  const [namespace, name] = text.split('/');
  return { type: 'pod', namespace, name };
};
const TCP_80 = { protocol: 'TCP', port: 80 } as const;

function ask(
  policies: Policies,
  from: EndName,
  to: EndName,
  more: {
    port?: { protocol: 'TCP' | 'UDP'; port: number | string };
    objects?: KubernetesObject[];
    unseen?: ReachabilityInput['unseen'];
  } = {},
) {
  const objects = [...cornerCluster(policies), ...(more.objects ?? [])];
  const { unseen } = more;
  const input = { ...inputOfObjects(objects), ...(unseen && { unseen }) };
  return reachReport(Reachability.create(input), routingOfObjects(objects), {
    from,
    to,
    port: more.port ?? TCP_80,
  });
}

const DENY: Policies = [
  ['x', '{podSelector: {matchLabels: {pod: a}}, policyTypes: [Ingress]}'],
];

describe('the smallest change', () => {
  it.each<[string, Policies, string, string, object]>([
    [
      'a port, where another word of one letter is no misprint',
      [
        [
          'x',
          '{podSelector: {matchLabels: {pod: a}}, ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: y}}, podSelector: {matchLabels: {pod: b}}}]}, {from: [{namespaceSelector: {}, podSelector: {matchLabels: {pod: b}}}], ports: [{port: 81}]}]}',
        ],
      ],
      'z/b',
      'x/a',
      {
        action: 'add',
        field: 'spec.ingress[1].ports',
        value: { protocol: 'TCP', port: 80 },
      },
    ],
    [
      'a peer',
      [
        [
          'x',
          '{podSelector: {matchLabels: {pod: a}}, ingress: [{from: [{podSelector: {matchLabels: {pod: b}}}]}]}',
        ],
      ],
      'y/c',
      'x/a',
      {
        action: 'add',
        field: 'spec.ingress[0].from',
        value: {
          namespaceSelector: {
            matchLabels: { 'kubernetes.io/metadata.name': 'y' },
          },
          podSelector: { matchLabels: { pod: 'c' } },
        },
      },
    ],
    [
      'a policy beside one that denies all',
      DENY,
      'x/b',
      'x/a',
      {
        action: 'create',
        value: {
          spec: {
            podSelector: { matchLabels: { pod: 'a' } },
            policyTypes: ['Ingress'],
            ingress: [
              {
                from: [{ podSelector: { matchLabels: { pod: 'b' } } }],
                ports: [{ protocol: 'TCP', port: 80 }],
              },
            ],
          },
        },
      },
    ],
    [
      'a port of an egress rule',
      [
        [
          'x',
          '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {}}], ports: [{port: 443}]}]}',
        ],
      ],
      'x/a',
      'y/a',
      { action: 'add', field: 'spec.egress[0].ports', direction: 'egress' },
    ],
  ])('%s', (_, policies, from, to, edit) => {
    const { verdict, change } = ask(policies, pod(from), pod(to));
    expect(verdict).toBe('denied');
    expect(change).toMatchObject([edit]);
  });

  it('is one for each side that denies', () => {
    const { change } = ask(
      [...DENY, ['y', '{podSelector: {}, policyTypes: [Egress]}']],
      pod('y/b'),
      pod('x/a'),
    );
    expect(change.map(({ direction }) => direction)).toEqual([
      'egress',
      'ingress',
    ]);
  });

  it('is none for what is allowed', () => {
    expect(ask([], pod('y/b'), pod('x/a')).change).toEqual([]);
  });

  it('is a block for an address', () => {
    const { change } = ask(
      [['x', '{podSelector: {}, policyTypes: [Egress]}']],
      pod('x/a'),
      { type: 'addresses', text: '8.8.8.8' },
    );
    expect(change).toMatchObject([
      {
        action: 'create',
        value: {
          spec: { egress: [{ to: [{ ipBlock: { cidr: '8.8.8.8/32' } }] }] },
        },
      },
    ]);
  });
});

describe('what may be hidden is unknown', () => {
  const ALLOW: Policies = [
    ['x', '{podSelector: {matchLabels: {pod: a}}, ingress: [{}]}'],
  ];
  it.each<[string, Policies, ReachabilityInput['unseen'], string, string]>([
    ['nothing is hidden', [], undefined, 'y/a', 'allowed'],
    ['hidden where the destination is', [], new Set(['x']), 'y/a', 'unknown'],
    ['hidden where the source is', [], new Set(['y']), 'y/a', 'unknown'],
    ['hidden elsewhere', [], new Set(['z']), 'y/a', 'allowed'],
    ['hidden everywhere', [], 'all', 'y/a', 'unknown'],
    [
      'a policy that is seen allows it',
      ALLOW,
      new Set(['x']),
      'y/a',
      'allowed',
    ],
    [
      'a hidden one may allow what others deny',
      DENY,
      new Set(['x']),
      'y/a',
      'unknown',
    ],
    ['the other side may deny', ALLOW, 'all', 'y/a', 'unknown'],
    ['the other side denies for sure', DENY, new Set(['y']), 'y/a', 'denied'],
    ['a pod reaches itself', DENY, 'all', 'x/a', 'allowed'],
  ])('%s', (_, policies, unseen, from, verdict) => {
    const report = ask(policies, pod(from), pod('x/a'), { unseen });
    expect(report).toMatchObject({ verdict, allowed: verdict === 'allowed' });
  });
});

describe('ends', () => {
  const objects = parseAllDocuments(`
{apiVersion: v1, kind: Service, metadata: {name: web, namespace: x}, spec: {clusterIP: 10.96.0.1, selector: {pod: a}, ports: [{name: http, port: 8000, targetPort: serve-80-tcp}, {name: dns, protocol: UDP, port: 53, targetPort: 81}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: sliced, namespace: x}, spec: {ports: [{name: http, port: 8000, targetPort: 80}]}}
---
{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: sliced-1, namespace: x, labels: {kubernetes.io/service-name: sliced}}, addressType: IPv4, ports: [{name: http, port: 81, protocol: TCP}], endpoints: [{addresses: [10.1.1.2], targetRef: {kind: Pod, name: b}}, {addresses: [8.8.8.8]}]}
---
{apiVersion: v1, kind: Service, metadata: {name: empty, namespace: x}, spec: {selector: {pod: nobody}, ports: [{port: 80}]}}
`).map(document => document.toJS() as KubernetesObject);
  const service = (name: string): EndName => ({
    type: 'service',
    namespace: 'x',
    name,
  });
  const ONLY_80: Policies = [
    ['x', '{podSelector: {}, ingress: [{ports: [{port: 80}]}]}'],
  ];
  const port = (number: number | string, protocol: 'TCP' | 'UDP' = 'TCP') => ({
    port: number,
    protocol,
  });

  it.each<[EndName, ReturnType<typeof port>, string, number]>([
    [service('web'), port(8000), 'allowed', 1],
    [service('web'), port('http'), 'allowed', 1],
    [service('web'), port(53, 'UDP'), 'denied', 1],
    [service('web'), port(80), 'denied', 0],
    [service('sliced'), port(8000), 'partly', 2],
    [service('empty'), port(80), 'denied', 0],
    [{ type: 'namespace', name: 'x' }, port(80), 'allowed', 3],
    [{ type: 'workload', namespace: 'x', name: 'a' }, port(81), 'denied', 1],
    [{ type: 'addresses', text: '10.1.1.1' }, port(81), 'denied', 1],
    [{ type: 'addresses', text: '10.1.1.0/24' }, port(81), 'allowed', 1],
    [{ type: 'outside' }, port(81), 'allowed', 1],
  ])('to %j on %j: %s', (to, asked, verdict, count) => {
    const report = ask(ONLY_80, pod('y/a'), to, { port: asked, objects });
    expect([report.verdict, report.pairs.count]).toEqual([verdict, count]);
  });

  it('says why nobody is there', () => {
    const noted = (name: string, asked: ReturnType<typeof port>) =>
      ask([], pod('y/a'), service(name), { port: asked, objects }).notes;
    expect(noted('web', port(80))).toEqual([
      'Service x/web has no port 80/TCP; it has 8000/TCP, 53/UDP',
    ]);
    expect(noted('empty', port(80))).toEqual([
      'Service x/empty has no pods behind it',
    ]);
  });

  it('knows a cluster’s address of a Service', () => {
    const to: EndName = { type: 'addresses', text: '10.96.0.1' };
    expect(ask([], pod('y/a'), to, { objects }).notes).toEqual([
      expect.stringContaining('is an address of Service x/web'),
    ]);
  });

  it.each([
    ['192.168.0.1', 'allowed'],
    ['192.168.0.2', 'denied'],
    ['192.168.0.0/24', 'denied'],
  ])('to its own node, and another: %s %s', (text, verdict) => {
    const there = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'here', namespace: 'x' },
      spec: { nodeName: 'n' },
      status: { podIP: '10.1.1.9', hostIP: '192.168.0.1' },
    };
    const shut: Policies = [['x', '{podSelector: {}, policyTypes: [Egress]}']];
    const to: EndName = { type: 'addresses', text };
    const more = { objects: [there] };
    expect(ask(shut, pod('x/here'), to, more).verdict).toBe(verdict);
  });

  it('tells the ranges of an address block apart', () => {
    const report = ask(
      [
        [
          'x',
          '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 8.0.0.0/8, except: [8.8.0.0/16]}}]}]}',
        ],
      ],
      pod('x/a'),
      { type: 'addresses', text: '8.0.0.0/8' },
    );
    expect(report).toMatchObject({
      verdict: 'partly',
      allowed: false,
      pairs: { count: 3, allowed: 2, denied: 1 },
      pair: { to: '8.8.0.0/16' },
    });
  });

  it.each<[EndName, EndName]>([
    [pod('x/nobody'), pod('x/a')],
    [pod('x/a'), pod('w/a')],
    [pod('x/a'), service('none')],
    [pod('x/a'), { type: 'namespace', name: 'w' }],
    [pod('x/a'), { type: 'addresses', text: '10.0.0.0/99' }],
    [{ type: 'workload', namespace: 'x', name: 'a', kind: 'Job' }, pod('x/a')],
  ])('from %j to %j there is no answer', (from, to) => {
    expect(() => ask([], from, to)).toThrow(ReachQuestionError);
  });
});

describe('from an Ingress to pods', () => {
  const objects = (more: string) => [
    ...cornerCluster([
      [
        'x',
        '{podSelector: {matchLabels: {pod: a}}, ingress: [{from: [{namespaceSelector: {matchLabels: {ns: z}}}], ports: [{port: 80}]}]}',
      ],
    ]),
    ...parseAllDocuments(`
{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: web, namespace: x}, spec: {ingressClassName: nginx, rules: [{http: {paths: [{backend: {service: {name: web, port: {number: 8000}}}}, {backend: {service: {name: gone, port: {number: 80}}}}]}}]}, status: {loadBalancer: {ingress: [{ip: 203.0.113.9}]}}}
---
{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: web, namespace: x}, spec: {parentRefs: [{name: gw, namespace: z}], rules: [{backendRefs: [{name: web, port: 8000}]}]}}
---
{apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: nginx}, spec: {controller: k8s.io/ingress-nginx}}
---
{apiVersion: v1, kind: Service, metadata: {name: web, namespace: x}, spec: {selector: {pod: a}, ports: [{port: 8000, targetPort: 80}]}}
---
${more}`).map(document => document.toJS() as KubernetesObject),
  ];
  const controller = (namespace: string, label: string) =>
    `{apiVersion: v1, kind: Pod, metadata: {name: controller, namespace: ${namespace}, labels: {${label}}}, spec: {}, status: {podIP: 10.9.9.9}}`;

  it.each([
    [
      'controller in z, by its class',
      'Ingress',
      controller('z', 'app.kubernetes.io/name: ingress-nginx'),
      'allowed',
    ],
    [
      'controller in y, by its class',
      'Ingress',
      controller('y', 'app.kubernetes.io/name: ingress-nginx'),
      'denied',
    ],
    [
      'controller by the load balancer’s address',
      'Ingress',
      `${controller(
        'y',
        'some: pod',
      )}\n---\n{apiVersion: v1, kind: Service, metadata: {name: lb, namespace: y}, spec: {selector: {some: pod}, ports: [{port: 443}]}, status: {loadBalancer: {ingress: [{ip: 203.0.113.9}]}}}`,
      'denied',
    ],
    ['nobody knows the controller', 'Ingress', '', 'unknown'],
    [
      'gateway by the label of its pods',
      'HTTPRoute',
      controller('z', 'gateway.networking.k8s.io/gateway-name: gw'),
      'allowed',
    ],
    [
      'a gateway of another namespace',
      'HTTPRoute',
      controller('y', 'gateway.networking.k8s.io/gateway-name: gw'),
      'unknown',
    ],
  ])('%s (%s)', (_, kind, more, verdict) => {
    const all = objects(more).filter(Boolean);
    const found = routePath(
      Reachability.create(inputOfObjects(all)),
      routingOfObjects(all),
      { kind, namespace: 'x', name: 'web' },
    )!;
    expect(found.backends[0]).toMatchObject({
      service: 'x/web',
      endpoints: ['x/a:80/TCP'],
      verdict,
    });
  });

  it('names the Service that is not there', () => {
    const all = objects('').filter(Boolean);
    const found = routePath(
      Reachability.create(inputOfObjects(all)),
      routingOfObjects(all),
      { kind: 'Ingress', namespace: 'x', name: 'web' },
    )!;
    expect(found.backends[1]).toMatchObject({
      service: 'x/gone',
      verdict: 'denied',
      endpoints: [],
      field: 'spec.rules[0].http.paths[1]',
    });
  });

  it('knows no other', () => {
    const all = objects('');
    expect(
      routePath(
        Reachability.create(inputOfObjects(all.filter(Boolean))),
        routingOfObjects(all.filter(Boolean)),
        { namespace: 'x', name: 'other' },
      ),
    ).toBeUndefined();
  });
});

describe('a captured cluster', () => {
  const folder = path.resolve(__dirname, '../../../../test/fixtures/clusters');
  const read = (file: string) =>
    JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
  const { items } = read('bookinfo-networkpolicy.json');
  // A list of kubectl's: its items have a kind.
  const model = Reachability.create(inputOfObjects(items));
  const { reachability } = read('bookinfo-networkpolicy.truth.json');
  const keyed = (key: string) => pod(key.replace('Pod/', ''));

  it.each(
    reachability.flatMap(({ from, to, port, allowed }: any) =>
      from.flatMap((source: string) =>
        to.map((target: string) => [source, target, port, allowed]),
      ),
    ) as [string, string, string, boolean][],
  )('%s → %s on %s: %s', (from, to, port, allowed) => {
    const [protocol, number] = port.split('/');
    const report = reachReport(
      model,
      { services: [], routes: [] },
      {
        from: keyed(from),
        to: keyed(to),
        port: { protocol: protocol as 'TCP', port: Number(number) },
      },
    );
    expect(report.allowed).toBe(allowed);
  });

  it('names the selector that is mistyped', () => {
    const report = reachReport(
      model,
      { services: [], routes: [] },
      {
        from: keyed('Pod/bookinfo/reviews-v2-577d8fbb77-qx4rj'),
        to: keyed('Pod/bookinfo/ratings-v1-5b896f8544-h6rdr'),
        port: { protocol: 'TCP', port: 9080 },
      },
    );
    expect(report.change).toMatchObject([
      {
        action: 'replace',
        policy: { namespace: 'bookinfo', name: 'ratings-from-reviews' },
        field: 'spec.ingress[0].from[0].podSelector.matchLabels.app',
        instead: 'review',
        value: 'reviews',
      },
    ]);
  });
});

it('tells which policies are not applied', () => {
  const objects = [
    ...cornerCluster([]),
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'bad', namespace: 'x' },
      spec: parse('{podSelector: {}, ingress: [{ports: [{port: 70000}]}]}'),
    },
  ];
  const report = reachReport(
    Reachability.create(inputOfObjects(objects)),
    routingOfObjects(objects),
    { from: pod('x/a'), to: pod('x/b'), port: TCP_80 },
  );
  expect(report).toMatchObject({
    allowed: true,
    invalidPolicies: [
      {
        name: 'bad',
        faults: [{ field: 'spec.ingress[0].ports[0].port' }],
      },
    ],
  });
});
