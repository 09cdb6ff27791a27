// How long reachability takes: 5,000 pods of 500 workloads and 500 policies in one namespace. Goals: the matrix of
// workloads in 1 s, one question in 5 ms.  node test/bench/reachability.mjs [pods] [policies] [workloads]
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

const require = createRequire(import.meta.url);
require('@backstage/cli/config/nodeTransform.cjs');

const engine = path.resolve(
  path.dirname(fileURLToPath(import.meta.url)),
  '../../packages/engine/src/reachability',
);
const {
  inputOfObjects,
  podMatrix,
  policyChange,
  Reachability,
  reachReport,
  workloadConnections,
} = require(engine);

const [pods = 5_000, policies = 500, workloads = 500] = process.argv
  .slice(2)
  .map(Number);

/** The same each time. */
let seed = 42;
function random(below) {
  seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
  return Math.floor((seed / 2_147_483_648) * below);
}

const appOf = index => `app-${index % workloads}`;
const objects = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'big' } },
  ...Array.from({ length: pods }, (_, index) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `pod-${index}`,
      namespace: 'big',
      labels: {
        app: appOf(index),
        tier: `tier-${(index % workloads) % 10}`,
        'pod-template-hash': `h${index}`,
      },
      ownerReferences: [
        { kind: 'ReplicaSet', name: appOf(index), controller: true },
      ],
    },
    spec: {
      nodeName: `node-${index % 100}`,
      containers: [{ ports: [{ name: 'http', containerPort: 8080 }] }],
    },
    status: {
      phase: 'Running',
      podIP: `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`,
    },
  })),
  ...Array.from({ length: policies }, (_, index) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: `policy-${index}`, namespace: 'big' },
    spec: {
      podSelector:
        index % 50 === 0
          ? { matchLabels: { tier: `tier-${random(10)}` } }
          : { matchLabels: { app: `app-${index % workloads}` } },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [
        {
          from: Array.from({ length: 3 }, () => ({
            podSelector: { matchLabels: { app: `app-${random(workloads)}` } },
          })),
          ports: [{ port: 'http' }, { port: 9000 + random(5), endPort: 9100 }],
        },
        { from: [{ ipBlock: { cidr: `10.0.${random(20)}.0/24` } }] },
      ],
      egress: [
        {
          to: [
            { podSelector: { matchLabels: { tier: `tier-${random(10)}` } } },
          ],
        },
        { ports: [{ port: 53, protocol: 'UDP' }] },
        {
          to: [{ ipBlock: { cidr: '0.0.0.0/0', except: ['10.0.0.0/8'] } }],
          ports: [{ port: 443 }],
        },
      ],
    },
  })),
];

/** On a busy machine the processor's time is what counts. */
function timed(what, work) {
  const from = performance.now();
  const before = process.cpuUsage();
  const result = work();
  const took = performance.now() - from;
  const { user, system } = process.cpuUsage(before);
  console.log(
    `${what}: ${took.toFixed(1)} ms, of the processor ${(
      (user + system) /
      1_000
    ).toFixed(1)} ms`,
  );
  return result;
}

console.log(`${pods} pods, ${policies} policies, ${workloads} workloads`);
const input = timed('objects read', () => inputOfObjects(objects));
const model = timed('model compiled', () => Reachability.create(input));
console.log(`  classes of pods: ${model.classes.length}`);
const { connections } = timed('workload matrix', () =>
  workloadConnections(model),
);
console.log(`  connections: ${connections.length}`);
const routing = { services: [], routes: [] };
const ask = index =>
  reachReport(model, routing, {
    from: { type: 'pod', namespace: 'big', name: `pod-${index}` },
    to: { type: 'pod', namespace: 'big', name: `pod-${pods - 1 - index}` },
    port: { protocol: 'TCP', port: 8080 },
  });
const times = Array.from({ length: 100 }, (_, index) => {
  const from = performance.now();
  ask(index * 7);
  return performance.now() - from;
}).sort((a, b) => a - b);
console.log(
  `one question: median ${times[50].toFixed(2)} ms, slowest ${times[99].toFixed(
    2,
  )} ms`,
);
const matrix = timed('pod matrix of one port', () =>
  podMatrix(model, [{ protocol: 'TCP', port: 8080 }]),
);
console.log(`  cells: ${matrix.pods.length ** 2}`);
timed('a policy taken away', () =>
  policyChange(model, { remove: [{ namespace: 'big', name: 'policy-7' }] }),
);
