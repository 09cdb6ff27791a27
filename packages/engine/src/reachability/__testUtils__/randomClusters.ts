import fc from 'fast-check';
import { KubernetesObject } from '../../kinds/kindDefinition';

const NAMESPACES = ['red', 'green'];
/** Most in one, so that policies meet. */
const namespaceName = fc.constantFrom('red', 'red', 'red', 'green');
const KEYS = ['app', 'tier', 'team'];
const VALUES = ['a', 'b', 'c', ''];
const PORTS = [80, 81, 443, 8080, 53];
const PORT_NAMES = ['http', 'dns', 'admin'];
const PROTOCOLS = ['TCP', 'UDP', 'SCTP'];
const V4_CIDRS = [
  '0.0.0.0/0',
  '10.0.0.0/8',
  '10.1.0.0/16',
  '10.1.1.0/24',
  '10.1.1.7/24',
  '10.1.1.2/32',
  '192.168.0.0/16',
];
const V6_CIDRS = ['::/0', 'fd00::/8', 'fd00:1::/32', 'fd00:1::2/128'];
const V4_EXCEPTS = ['10.1.1.0/25', '10.1.1.3/32', '10.0.0.0/9'];
const V6_EXCEPTS = ['fd00:1::/64', 'fd00:1::3/128'];
export const OUTSIDE = [
  '10.1.1.3',
  '10.1.1.200',
  '10.200.0.1',
  '192.168.1.1',
  '8.8.8.8',
  'fd00:1::3',
  'fd00:2::1',
  '2001:db8::1',
];

const labels = fc.dictionary(
  fc.constantFrom(...KEYS),
  fc.constantFrom(...VALUES),
  { maxKeys: 3, noNullPrototype: true },
);

const expression = fc
  .record({
    key: fc.constantFrom(...KEYS),
    operator: fc.constantFrom('In', 'NotIn', 'Exists', 'DoesNotExist'),
    values: fc.subarray(VALUES, { minLength: 1 }),
  })
  .map(({ key, operator, values }) =>
    operator === 'In' || operator === 'NotIn'
      ? { key, operator, values }
      : { key, operator },
  );

const selector = fc.oneof(
  { weight: 1, arbitrary: fc.constant({}) },
  {
    weight: 4,
    arbitrary: fc.record(
      {
        matchLabels: fc.dictionary(
          fc.constantFrom(...KEYS),
          fc.constantFrom(...VALUES),
          { maxKeys: 1, noNullPrototype: true },
        ),
        matchExpressions: fc.array(expression, { maxLength: 1 }),
      },
      { requiredKeys: [], noNullPrototype: true },
    ),
  },
);

const namespaceSelector = fc.oneof(
  selector,
  fc
    .constantFrom(...NAMESPACES)
    .map(name => ({ matchLabels: { 'kubernetes.io/metadata.name': name } })),
);

/** Strictly within its block, as the API server wants it. */
function cutsOf(cidr: string, cuts: readonly string[]): string[] {
  const within: Record<string, readonly string[]> = {
    '0.0.0.0/0': V4_EXCEPTS,
    '10.0.0.0/8': V4_EXCEPTS,
    '10.1.0.0/16': ['10.1.1.0/25', '10.1.1.3/32'],
    '10.1.1.0/24': ['10.1.1.0/25', '10.1.1.3/32'],
    '10.1.1.7/24': ['10.1.1.0/25', '10.1.1.3/32'],
    '::/0': V6_EXCEPTS,
    'fd00::/8': V6_EXCEPTS,
    'fd00:1::/32': V6_EXCEPTS,
  };
  return cuts.filter(cut => within[cidr]?.includes(cut));
}

const ipBlock = fc
  .record({
    cidr: fc.constantFrom(...V4_CIDRS, ...V6_CIDRS),
    cuts: fc.subarray([...V4_EXCEPTS, ...V6_EXCEPTS], { maxLength: 2 }),
  })
  .map(({ cidr, cuts }) => {
    const except = cutsOf(cidr, cuts);
    return { ipBlock: except.length > 0 ? { cidr, except } : { cidr } };
  });

const peer: fc.Arbitrary<KubernetesObject> = fc.oneof(
  selector.map(podSelector => ({ podSelector })),
  namespaceSelector.map(one => ({ namespaceSelector: one })),
  fc.record({ podSelector: selector, namespaceSelector }),
  ipBlock,
);

const protocol = fc.option(fc.constantFrom(...PROTOCOLS), { nil: undefined });
const portEntry: fc.Arbitrary<KubernetesObject> = fc.oneof(
  fc.record({ protocol, port: fc.constantFrom(...PORTS) }),
  fc.record({ protocol, port: fc.constantFrom(...PORT_NAMES) }),
  fc.record({ protocol }),
  fc
    .record({ protocol, port: fc.constantFrom(...PORTS), more: fc.nat(8000) })
    .map(({ more, ...entry }) => ({ ...entry, endPort: entry.port + more })),
);

function rule(side: 'from' | 'to'): fc.Arbitrary<KubernetesObject> {
  return fc.record(
    {
      [side]: fc.array(peer, { maxLength: 2 }),
      ports: fc.array(portEntry, { maxLength: 2 }),
    },
    { requiredKeys: [], noNullPrototype: true },
  );
}

const policySpec = fc.record(
  {
    podSelector: selector,
    policyTypes: fc.subarray(['Ingress', 'Egress']),
    ingress: fc.array(rule('from'), { maxLength: 2 }),
    egress: fc.array(rule('to'), { maxLength: 2 }),
  },
  { requiredKeys: ['podSelector'], noNullPrototype: true },
);

const containerPort = fc.record(
  {
    name: fc.constantFrom(...PORT_NAMES),
    protocol: fc.constantFrom(...PROTOCOLS),
    containerPort: fc.constantFrom(...PORTS),
  },
  { requiredKeys: ['containerPort'], noNullPrototype: true },
);

const podShape = fc.record({
  namespace: namespaceName,
  labels,
  hostNetwork: fc.oneof(
    { weight: 6, arbitrary: fc.constant(false) },
    { weight: 1, arbitrary: fc.constant(true) },
  ),
  node: fc.constantFrom('node-1', 'node-2', ''),
  families: fc.constantFrom('4', '6', '46', ''),
  phase: fc.constantFrom(
    'Running',
    'Running',
    'Running',
    'Pending',
    'Failed',
    'Succeeded',
  ),
  ports: fc.array(containerPort, { maxLength: 2 }),
  sidecar: fc.option(containerPort, { nil: undefined }),
  initial: fc.option(containerPort, { nil: undefined }),
});

/** Namespaces, pods and policies that an API server would take. */
export const randomCluster: fc.Arbitrary<KubernetesObject[]> = fc
  .record({
    namespaces: fc.tuple(
      ...NAMESPACES.map(() => fc.option(labels, { nil: undefined })),
    ),
    pods: fc.array(podShape, { minLength: 2, maxLength: 8, size: 'max' }),
    policies: fc.array(
      fc.record({
        namespace: namespaceName,
        spec: policySpec,
      }),
      { minLength: 1, maxLength: 8, size: 'max' },
    ),
  })
  .map(({ namespaces, pods, policies }) => [
    ...NAMESPACES.flatMap((name, index) =>
      namespaces[index]
        ? {
            apiVersion: 'v1',
            kind: 'Namespace',
            metadata: { name, labels: namespaces[index] },
          }
        : [],
    ),
    ...pods.map((pod, index) => podObject(pod, index)),
    ...policies.map(({ namespace, spec }, index) => ({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: `policy-${index}`, namespace },
      spec,
    })),
  ]);

type PodShape = typeof podShape extends fc.Arbitrary<infer Shape>
  ? Shape
  : never;

function podObject(shape: PodShape, index: number): KubernetesObject {
  const { namespace, families, sidecar, initial } = shape;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `pod-${index}`, namespace, labels: shape.labels },
    spec: {
      ...(shape.hostNetwork && { hostNetwork: true }),
      ...(shape.node && { nodeName: shape.node }),
      containers: [{ name: 'main', ports: shape.ports }],
      initContainers: [
        ...(sidecar
          ? [{ name: 'side', restartPolicy: 'Always', ports: [sidecar] }]
          : []),
        ...(initial ? [{ name: 'first', ports: [initial] }] : []),
      ],
    },
    status: {
      phase: shape.phase,
      podIPs: [
        ...(families.includes('4') ? [{ ip: `10.1.1.${index + 1}` }] : []),
        ...(families.includes('6') ? [{ ip: `fd00:1::${index + 1}` }] : []),
      ],
    },
  };
}
