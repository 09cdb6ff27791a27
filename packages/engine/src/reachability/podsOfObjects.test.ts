import { parseAllDocuments } from 'yaml';
import { inputOfObjects } from './inputOfObjects';
import { podMatrix } from './podMatrix';
import { Reachability } from './reachability';
import { workloadConnections } from './workloadConnections';

function modelOf(yaml: string): Reachability {
  const objects = parseAllDocuments(yaml).map(document => document.toJS());
  return Reachability.create(inputOfObjects(objects.filter(Boolean)));
}

function reaches(model: Reachability, from: string, to: string, port: string) {
  const [number, protocol] = port.split('/');
  const { pods, allowed } = podMatrix(model, [
    {
      port: /^\d+$/.test(number) ? Number(number) : number,
      protocol: protocol as 'TCP',
    },
  ]);
  return allowed[0][pods.indexOf(from)][pods.indexOf(to)];
}

const CLUSTER = `
{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: x, labels: {app: web}}, spec: {nodeName: n1, containers: [{ports: [{name: http, containerPort: 8080}]}], initContainers: [{restartPolicy: Always, ports: [{name: mesh, containerPort: 15001}]}, {ports: [{name: once, containerPort: 1}]}]}, status: {phase: Running, podIPs: [{ip: 10.1.0.1}, {ip: 'fd00::1'}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: old, namespace: x, labels: {app: web}}, spec: {nodeName: n2, containers: [{ports: [{name: http, containerPort: 80}]}]}, status: {phase: Pending}}
---
{apiVersion: v1, kind: Pod, metadata: {name: agent, namespace: x, labels: {app: agent}}, spec: {hostNetwork: true, nodeName: n1}, status: {phase: Running, podIP: 192.168.0.1}}
---
{apiVersion: v1, kind: Pod, metadata: {name: agent2, namespace: x, labels: {app: agent}}, spec: {hostNetwork: true, nodeName: n2}, status: {phase: Running, podIP: 192.168.0.2}}
---
{apiVersion: v1, kind: Pod, metadata: {name: done, namespace: x, labels: {app: job}}, spec: {}, status: {phase: Succeeded}}
---
{apiVersion: v1, kind: Pod, metadata: {name: dead, namespace: x, labels: {app: job}}, spec: {}, status: {phase: Failed}}
---
{apiVersion: v1, kind: Pod, metadata: {name: client, namespace: y, labels: {app: client}}, spec: {nodeName: n1}, status: {phase: Running, podIP: 10.1.0.9}}
`;

function withPolicy(spec: string): Reachability {
  return modelOf(
    `${CLUSTER}---\n{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: x}, spec: ${spec}}`,
  );
}

const WEB = 'podSelector: {matchLabels: {app: web}}';
const ALL = 'podSelector: {}';

describe('pods', () => {
  it('that have ended are none', () => {
    const { pods } = podMatrix(modelOf(CLUSTER), []);
    expect(pods).toEqual([
      ...['x/agent', 'x/agent2', 'x/old', 'x/web', 'y/client'],
    ]);
  });

  it.each([
    // In its host's network nothing governs it.
    [`{${ALL}, policyTypes: [Ingress]}`, 'y/client', 'x/agent', '80/TCP', true],
    [`{${ALL}, policyTypes: [Egress]}`, 'x/agent', 'y/client', '80/TCP', true],
    [
      `{${ALL}, policyTypes: [Egress]}`,
      ...(['x/agent2', 'y/client', '80/TCP', true] as const),
    ],
    // To and from the own node all passes.
    [`{${WEB}}`, 'x/agent', 'x/web', '80/TCP', true],
    [`{${WEB}, policyTypes: [Egress]}`, 'x/web', 'x/agent', '80/TCP', true],
    [`{${WEB}}`, 'x/agent2', 'x/web', '80/TCP', false],
    [`{${WEB}, policyTypes: [Egress]}`, 'x/web', 'x/agent2', '80/TCP', false],
    // Selectors do not mean it, its address does.
    [
      `{${WEB}, ingress: [{from: [{podSelector: {}}]}]}`,
      ...(['x/agent2', 'x/web', '80/TCP', false] as const),
    ],
    [
      `{${WEB}, ingress: [{from: [{namespaceSelector: {}}]}]}`,
      ...(['x/agent2', 'x/web', '80/TCP', false] as const),
    ],
    [
      `{${WEB}, ingress: [{from: [{ipBlock: {cidr: 192.168.0.2/32}}]}]}`,
      ...(['x/agent2', 'x/web', '80/TCP', true] as const),
    ],
    [`{${WEB}, ingress: [{}]}`, 'x/agent2', 'x/web', '80/TCP', true],
    // Another pod of the node is no node.
    [`{${WEB}}`, 'y/client', 'x/web', '80/TCP', false],
    // By an address of either family.
    [
      `{${WEB}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 10.1.0.0/29}}]}]}`,
      ...(['x/old', 'x/web', '80/TCP', true] as const),
    ],
    [
      `{${WEB}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 'fd00::/64'}}]}]}`,
      ...(['x/old', 'x/web', '80/TCP', true] as const),
    ],
    // Without an address no block means it.
    [
      `{${ALL}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}`,
      ...(['x/old', 'x/web', '80/TCP', false] as const),
    ],
    // A name is another number at another pod.
    [
      `{${WEB}, ingress: [{ports: [{port: http}]}]}`,
      'y/client',
      'x/web',
      '8080/TCP',
      true,
    ],
    [
      `{${WEB}, ingress: [{ports: [{port: http}]}]}`,
      'y/client',
      'x/old',
      '8080/TCP',
      false,
    ],
    [
      `{${WEB}, ingress: [{ports: [{port: http}]}]}`,
      'y/client',
      'x/old',
      '80/TCP',
      true,
    ],
    [
      `{${WEB}, ingress: [{ports: [{port: 8080}]}]}`,
      'y/client',
      'x/web',
      'http/TCP',
      true,
    ],
    [
      `{${WEB}, ingress: [{ports: [{port: 8080}]}]}`,
      'y/client',
      'x/old',
      'http/TCP',
      false,
    ],
    // A sidecar's counts, an init container's does not.
    [
      `{${WEB}, ingress: [{ports: [{port: mesh}]}]}`,
      'y/client',
      'x/web',
      '15001/TCP',
      true,
    ],
    [
      `{${WEB}, ingress: [{ports: [{port: once}]}]}`,
      'y/client',
      'x/web',
      '1/TCP',
      false,
    ],
  ])('%s: %s → %s on %s: %s', (spec, from, to, port, expected) => {
    expect(reaches(withPolicy(spec), from, to, port)).toBe(expected);
  });
});

const WEB_TEMPLATE =
  'template: {metadata: {labels: {app: web}}, spec: {containers: [{ports: [{name: http, containerPort: 80}]}]}}';

describe('workloads', () => {
  it.each([
    ['apps/v1', 'Deployment', `{${WEB_TEMPLATE}}`],
    ['apps/v1', 'StatefulSet', `{${WEB_TEMPLATE}}`],
    ['apps/v1', 'DaemonSet', `{${WEB_TEMPLATE}}`],
    ['apps/v1', 'ReplicaSet', `{${WEB_TEMPLATE}}`],
    ['v1', 'ReplicationController', `{${WEB_TEMPLATE}}`],
    ['batch/v1', 'Job', `{${WEB_TEMPLATE}}`],
    ['batch/v1', 'CronJob', `{jobTemplate: {spec: {${WEB_TEMPLATE}}}}`],
  ])('a manifest of %s %s stands for its pods', (apiVersion, kind, spec) => {
    const model = modelOf(
      `{apiVersion: ${apiVersion}, kind: ${kind}, metadata: {name: web}, spec: ${spec}}
---
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p}, spec: {podSelector: {matchLabels: {app: web}}, ingress: [{ports: [{port: http}]}]}}`,
    );
    expect(workloadConnections(model).connections).toEqual([
      {
        source: '0.0.0.0-255.255.255.255',
        destination: `default/web[${kind}]`,
        ports: [{ protocol: 'TCP', from: 80, to: 80 }],
      },
      {
        source: `default/web[${kind}]`,
        destination: '0.0.0.0-255.255.255.255',
        ports: [
          { protocol: 'TCP', from: 1, to: 65_535 },
          { protocol: 'UDP', from: 1, to: 65_535 },
          { protocol: 'SCTP', from: 1, to: 65_535 },
        ],
      },
    ]);
  });

  const POD = (name: string, owner: string) =>
    `{apiVersion: v1, kind: Pod, metadata: {name: ${name}, namespace: x, labels: {app: web}, ownerReferences: [${owner}]}, spec: {}, status: {phase: Running}}`;
  const owner = (kind: string, name: string) =>
    `{apiVersion: apps/v1, kind: ${kind}, name: ${name}, uid: u, controller: true}`;
  const DEPLOYMENT = (uid: string) =>
    `{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: x${uid}}, spec: {selector: {matchLabels: {app: web}}, ${WEB_TEMPLATE}}}`;
  const REPLICA_SET = `{apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: web-1, namespace: x, uid: r, ownerReferences: [${owner(
    'Deployment',
    'web',
  )}]}, spec: {replicas: 1, ${WEB_TEMPLATE}}}`;

  it.each([
    ['a bare pod', POD('a', ''), ['x/a x/a[Pod]']],
    [
      'a pod of a replica set that is not there',
      POD('a', owner('ReplicaSet', 'web-1')),
      ['x/a x/web-1[ReplicaSet]'],
    ],
    [
      'a pod of a deployment',
      [
        POD('a', owner('ReplicaSet', 'web-1')),
        REPLICA_SET,
        DEPLOYMENT(', uid: d'),
      ].join('\n---\n'),
      ['x/a x/web[Deployment]'],
    ],
    [
      'a static pod is its own',
      POD('a', owner('Node', 'n1')),
      ['x/a x/a[Pod]'],
    ],
    [
      'a deployment of a folder whose pods are there is not counted twice',
      [POD('a', owner('ReplicaSet', 'web-1')), DEPLOYMENT('')].join('\n---\n'),
      ['x/a x/web-1[ReplicaSet]'],
    ],
    [
      'a deployment that is scaled to zero in a dump has no pods',
      [
        POD('a', ''),
        DEPLOYMENT(', uid: d').replace(/app: web/g, 'app: other'),
      ].join('\n---\n'),
      ['x/a x/a[Pod]'],
    ],
    [
      'a dump without any pods is read by its templates',
      [DEPLOYMENT(', uid: d'), REPLICA_SET].join('\n---\n'),
      ['x/web x/web[Deployment]'],
    ],
    [
      'a bare pod that is called as a deployment is',
      [POD('web', '').replace('app: web', 'app: b'), DEPLOYMENT('')].join(
        '\n---\n',
      ),
      ['x/web x/web[Pod]', 'x/web[Deployment] x/web[Deployment]'],
    ],
    [
      'owners in a circle',
      [
        `{apiVersion: batch/v1, kind: Job, metadata: {name: j, namespace: x, uid: u, ownerReferences: [${owner(
          'ReplicaSet',
          'r',
        )}]}}`,
        `{apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: r, namespace: x, uid: u, ownerReferences: [${owner(
          'Job',
          'j',
        )}]}}`,
        POD('a', owner('Job', 'j')),
      ].join('\n---\n'),
      ['x/a x/j[Job]'],
    ],
  ])('%s', (_, yaml, expected) => {
    expect(
      modelOf(yaml).pods.map(
        ({ namespace, name, workload }) =>
          `${namespace}/${name} ${namespace}/${workload.name}[${workload.kind}]`,
      ),
    ).toEqual(expected);
  });

  it('of which only some pods pass are told so', () => {
    const model = modelOf(`
${POD('a', owner('StatefulSet', 'db')).replace(
  'app: web',
  'app: db, role: primary',
)}
---
${POD('b', owner('StatefulSet', 'db')).replace('app: web', 'app: db')}
---
${POD('c', '')}
---
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: x}, spec: {podSelector: {matchLabels: {role: primary}}}}`);
    expect(
      workloadConnections(model).connections.find(
        ({ source, destination }) =>
          source === 'x/c[Pod]' && destination === 'x/db[StatefulSet]',
      ),
    ).toMatchObject({ ports: [{}, {}, {}], always: [] });
  });
});

it.each([
  '{apiVersion: v1, kind: Pod, metadata: {name: a}}',
  '{apiVersion: v1, kind: Pod, metadata: {name: a, labels: [x], ownerReferences: {}}, spec: {containers: {}, initContainers: [1]}, status: {podIPs: [1, {ip: 2}]}}',
  '{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: null, status: null}',
  '{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: null}',
  '{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {selector: [], template: {metadata: null}}}',
  '{apiVersion: v1, kind: Namespace, metadata: {name: a, labels: null}}',
  '{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a}}',
  '{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a}, spec: 3}',
])('does not stumble over %s', yaml => {
  expect(() => workloadConnections(modelOf(yaml))).not.toThrow();
});
