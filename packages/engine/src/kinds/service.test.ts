import {
  NOW,
  ago,
  judged,
  neighbour,
  object,
  observe,
  verdictText,
} from './__testUtils__/objects';
import { endpointSliceKind } from './endpointSlice';
import { endpointsKind } from './endpoints';
import { judgeByEvents } from './eventRules';
import { ContextNode, KubernetesObject } from './kindDefinition';
import { serviceKind } from './service';

const service = (spec: {} = {}, metadata: {} = {}, status: {} = {}) =>
  object({
    metadata: { name: 'cart', ...metadata },
    spec: {
      type: 'ClusterIP',
      selector: { app: 'cart' },
      ports: [{ name: 'http', port: 80, targetPort: 'web' }],
      ...spec,
    },
    status: { loadBalancer: {}, ...status },
  });

const sliceObject = (parts: { [field: string]: unknown }) =>
  object({
    metadata: { name: 's', labels: { 'kubernetes.io/service-name': 'cart' } },
    addressType: 'IPv4',
    ports: [{ name: 'http', port: 8080 }],
    ...parts,
  });

/** A neighbour made of a real slice, so that its facts are real ones. */
function slice(parts: { [field: string]: unknown }, name = 's'): ContextNode {
  const observed = observe(endpointSliceKind, sliceObject(parts));
  return neighbour('EndpointSlice', name, 'ok', observed.facts);
}

const endpoint = (ready: boolean | undefined, pod = 'p') => ({
  conditions: ready === undefined ? {} : { ready },
  targetRef: { kind: 'Pod', namespace: 'shop', name: pod },
});
const some = (ready: number, unready: number) =>
  slice({
    endpoints: [
      ...Array.from({ length: ready }, () => endpoint(true)),
      ...Array.from({ length: unready }, () => endpoint(false)),
    ],
  });

const ready = neighbour('Pod', 'a', 'ok', { ready: true });
const starting = neighbour('Pod', 'b', 'progressing', { ready: false });
const broken = (secondsAgo: number) =>
  neighbour(
    'Pod',
    'c',
    'down',
    { ready: false },
    { since: NOW - secondsAgo * 1000 },
  );
const lost = neighbour('Pod', 'd', 'unknown', { ready: false });
const done = neighbour('Pod', 'e', 'ok', { ready: false, terminal: true });

describe('a Service', () => {
  const ingress = neighbour('Ingress', 'web', 'ok');
  it.each<
    [
      string,
      KubernetesObject,
      ContextNode[],
      ContextNode[],
      ContextNode[],
      string,
    ]
  >([
    [
      'of an external name (H073)',
      service({ type: 'ExternalName' }),
      [],
      [],
      [],
      'keeps its own',
    ],
    [
      'without a selector (C15)',
      service({ selector: undefined }),
      [some(0, 0)],
      [],
      [],
      'keeps its own',
    ],
    [
      'with an empty selector',
      service({ selector: {} }),
      [some(0, 0)],
      [],
      [],
      'keeps its own',
    ],
    [
      'whose slices are not in view',
      service(),
      [],
      [ready],
      [],
      'keeps its own',
    ],
    [
      'whose slices are not in view, and whose pods are all broken',
      service(),
      [],
      [broken(9), broken(400)],
      [],
      'down NoReadyEndpoints H075',
    ],
    [
      'whose slices are not in view, and one of whose pods is ready',
      service(),
      [],
      [broken(9), ready],
      [],
      'keeps its own',
    ],
    [
      'whose slices are not in view, and of whose pods nothing is known',
      service(),
      [],
      [lost],
      [],
      'keeps its own',
    ],
    [
      'whose slices are not in view, and whose pods all start',
      service(),
      [],
      [starting],
      [],
      'progressing NoReadyEndpoints H075',
    ],
    [
      'with slices that may not be read',
      service(),
      [neighbour('EndpointSlice', 's', 'unknown')],
      [],
      [],
      'ok NobodyInView H074',
    ],
    [
      'that matches nobody and that nobody asks',
      service(),
      [slice({ endpoints: null, ports: null })],
      [],
      [],
      'idle NoMatchingPods H074',
    ],
    [
      'that matches nobody, with an Ingress in front',
      service(),
      [slice({ endpoints: null, ports: null })],
      [],
      [ingress],
      'down NoMatchingPods H074',
    ],
    [
      'that matches only finished pods',
      service(),
      [slice({ endpoints: null, ports: null })],
      [done],
      [],
      'idle NoMatchingPods H074',
    ],
    [
      'whose pods are broken',
      service(),
      [some(0, 2)],
      [broken(9), starting],
      [],
      'down NoReadyEndpoints H075',
    ],
    [
      'whose pods are on lost nodes',
      service(),
      [some(0, 1)],
      [lost],
      [],
      'down NoReadyEndpoints H075',
    ],
    [
      'whose pods are starting',
      service(),
      [some(0, 1)],
      [starting],
      [],
      'progressing NoReadyEndpoints H075',
    ],
    [
      'whose pods have no address yet',
      service(),
      [slice({ endpoints: null, ports: null })],
      [starting],
      [],
      'progressing NoReadyEndpoints H075',
    ],
    [
      'most of whose pods are ready',
      service(),
      [some(2, 1)],
      [ready, broken(9)],
      [],
      'ok Serving > 291: degraded PartlyReady H077',
    ],
    [
      'one of whose pods is broken for long',
      service(),
      [some(2, 1)],
      [ready, broken(400)],
      [],
      'degraded PartlyReady H077',
    ],
    [
      'most of whose pods are broken',
      service(),
      [some(1, 2)],
      [ready, broken(9)],
      [],
      'degraded PartlyReady H077',
    ],
    [
      'one of whose pods is starting',
      service(),
      [some(1, 2)],
      [ready, starting],
      [],
      'ok Serving',
    ],
    [
      'all of whose pods are ready',
      service(),
      [some(2, 0)],
      [ready],
      [],
      'ok Serving',
    ],
    [
      'whose endpoints say nothing of readiness (nil is ready)',
      service(),
      [slice({ endpoints: [endpoint(undefined)] })],
      [ready],
      [],
      'ok Serving',
    ],
    [
      'in two address families (C22)',
      service(),
      [
        some(2, 0),
        slice({ addressType: 'IPv6', endpoints: null, ports: null }),
      ],
      [ready],
      [],
      'ok Serving',
    ],
    [
      'whose port name no pod has: ready addresses, no ports',
      service(),
      [slice({ endpoints: [endpoint(true)], ports: null })],
      [ready],
      [],
      'down PortNameMissing H078',
    ],
    [
      'one of whose two port names no pod has',
      service({
        ports: [
          { name: 'http', port: 80 },
          { name: 'admin', port: 81, targetPort: 'adm' },
        ],
      }),
      [some(1, 0)],
      [ready],
      [],
      'degraded PortNameMissing H078',
    ],
    [
      'with one port without a name',
      service({ ports: [{ port: 80 }] }),
      [slice({ endpoints: [endpoint(true)], ports: [{ name: '', port: 80 }] })],
      [ready],
      [],
      'ok Serving',
    ],
    [
      'whose load balancer is late, pods ready',
      service({ type: 'LoadBalancer' }),
      [some(1, 0)],
      [ready],
      [],
      'degraded LoadBalancerPending H079',
    ],
  ])('%s', (_, item, slices, pods, ingresses, expected) => {
    const around = {
      'service-endpointslice out': slices,
      'service-pod out': pods,
      'ingress-service in': ingresses,
    };
    expect(verdictText(judged(serviceKind, item, around))).toBe(expected);
  });

  it('is judged by Endpoints where there are no slices', () => {
    const { facts } = observe(
      endpointsKind,
      object({
        subsets: [
          {
            notReadyAddresses: [{ ip: '10.0.0.1' }],
            ports: [{ name: 'http' }],
          },
        ],
      }),
    );
    const around = {
      'service-endpoints out': [neighbour('Endpoints', 'cart', 'ok', facts)],
      'service-pod out': [broken(9)],
    };
    expect(verdictText(judged(serviceKind, service(), around))).toBe(
      'down NoReadyEndpoints H075',
    );
  });

  it.each([
    [
      60,
      'progressing LoadBalancerPending H079 > 240: degraded LoadBalancerPending H079',
    ],
    [301, 'degraded LoadBalancerPending H079'],
  ])('waits %d s for its load balancer', (secondsOld, expected) => {
    const item = service(
      { type: 'LoadBalancer' },
      { creationTimestamp: ago(secondsOld) },
    );
    expect(verdictText(observe(serviceKind, item).verdict)).toBe(expected);
  });

  it('hears at once that its load balancer failed', () => {
    const item = service(
      { type: 'LoadBalancer' },
      { creationTimestamp: ago(60) },
    );
    const said = {
      reason: 'SyncLoadBalancerFailed',
      message: 'no quota',
      count: 1,
      firstAt: NOW,
      lastAt: NOW,
    };
    const found = judgeByEvents(
      serviceKind.eventRules!,
      observe(serviceKind, item).verdict,
      [said],
      NOW,
    );
    expect(verdictText(found)).toBe('degraded LoadBalancerPending H079');
    expect(found.message).toBe('no quota');
  });

  it('shows the fields of Skydive', () => {
    const item = service({
      clusterIP: '10.1.2.3',
      sessionAffinity: 'None',
      ports: [
        {
          name: 'http',
          protocol: 'TCP',
          port: 80,
          targetPort: 8080,
          nodePort: 0,
        },
      ],
    });
    expect(observe(serviceKind, item).properties).toMatchObject({
      Ports: [{ Name: 'http', Protocol: 'TCP', Port: 80, TargetPort: '8080' }],
      ClusterIP: '10.1.2.3',
      ServiceType: 'ClusterIP',
      SessionAffinity: 'None',
      LoadBalancerIP: '',
      ExternalName: '',
    });
  });

  it.each<[string, {}, string[]]>([
    [
      'a selector',
      {},
      [
        'service-pod by labels',
        'service-deployment by podLabels',
        'service-statefulset by podLabels',
      ],
    ],
    ['an empty one', { selector: {} }, []],
    ['none', { selector: undefined }, []],
    ['an external name', { type: 'ExternalName' }, []],
  ])('selects pods and who makes them by %s', (_, spec, expected) => {
    expect(
      observe(serviceKind, service(spec)).selectors.map(
        ({ relation, by = 'labels' }) => `${relation} by ${by}`,
      ),
    ).toEqual(expected);
  });
});

describe('an EndpointSlice', () => {
  it('refers to its Service and, as facts, to its pods', () => {
    const observed = observe(
      endpointSliceKind,
      sliceObject({
        endpoints: [
          endpoint(true, 'a'),
          endpoint(false, 'b'),
          { addresses: ['10.0.0.1'] },
        ],
      }),
    );
    expect(
      observed.references.map(({ relation, end, other, required, details }) =>
        [relation, end, other.name, required, details?.ready].join(' '),
      ),
    ).toEqual([
      'service-endpointslice target cart false ',
      'endpointslice-pod source a false true',
      'endpointslice-pod source b false false',
      'namespace-endpointslice target shop true ',
    ]);
  });
});

describe('Endpoints', () => {
  it.each<[string, {} | undefined, string[]]>([
    [
      'belong to the Service of their name',
      undefined,
      ['service-endpoints', 'namespace-endpoints'],
    ],
    [
      'of a leader election belong to none',
      { 'control-plane.alpha.kubernetes.io/leader': '{}' },
      ['namespace-endpoints'],
    ],
  ])('%s', (_, annotations, expected) => {
    const observed = observe(
      endpointsKind,
      object({ metadata: { annotations } }),
    );
    expect(observed.references.map(({ relation }) => relation)).toEqual(
      expected,
    );
  });
});

describe('a Service that serves, with a doubt', () => {
  const pod = (ports: string | undefined, name = 'a') =>
    neighbour('Pod', name, 'ok', {
      ready: true,
      ...(ports === undefined ? {} : { ports }),
    });
  const two = [
    neighbour('Deployment', 'x', 'ok', { desired: 1 }),
    neighbour('Deployment', 'y', 'ok', { desired: 1 }),
  ];
  const to = (...targets: (string | number)[]) => ({
    ports: targets.map((targetPort, nth) => ({
      name: nth === 0 ? 'http' : `p${nth}`,
      port: 80,
      targetPort,
    })),
  });
  const serving = slice({
    endpoints: [endpoint(true)],
    ports: [{ name: 'http' }, { name: 'p1' }],
  });
  it.each<[string, {}, ContextNode[], ContextNode[], string]>([
    [
      'no pod declares its port (S078)',
      to(9999),
      [pod(' 8080 http ')],
      [],
      'ok PortUndeclared',
    ],
    ['a pod declares it', to(8080), [pod(' 8080 http ')], [], 'ok Serving'],
    [
      'a pod declares a longer number only',
      to(808),
      [pod(' 8080 http ')],
      [],
      'ok PortUndeclared',
    ],
    ['by name', to('http'), [pod(' 8080 http ')], [], 'ok Serving'],
    [
      'one of its ports is declared',
      to(8080, 9999),
      [pod(' 8080 http ')],
      [],
      'ok Serving',
    ],
    [
      'a pod declares nothing',
      to(9999),
      [pod(' 8080 http '), pod(undefined, 'b')],
      [],
      'ok Serving',
    ],
    [
      'pods of two workloads, one without the port (S077)',
      to(8080),
      [pod(' 8080 http '), pod(' 9100 ', 'b')],
      two,
      'ok MixedBackends',
    ],
    [
      'pods of two revisions, one without the port',
      to(8080),
      [pod(' 8080 http '), pod(' 9100 ', 'b')],
      [],
      'ok Serving',
    ],
    [
      'pods of two workloads that both have it',
      to(8080),
      [pod(' 8080 '), pod(' 8080 ', 'b')],
      two,
      'ok Serving',
    ],
    [
      'for its own node only (S091)',
      { ...to(8080), internalTrafficPolicy: 'Local' },
      [pod(' 8080 ')],
      [],
      'ok ServingLocally',
    ],
  ])('%s', (_, spec, pods, workloads, expected) => {
    const found = judged(serviceKind, service(spec), {
      'service-pod out': pods,
      'service-endpointslice out': [serving],
      'service-deployment out': workloads,
    });
    expect(`${found?.level} ${found?.reason}`).toBe(expected);
  });
});
