import { readdirSync, readFileSync } from 'fs';
import path from 'path';
import { RELATIONS } from './relations';

/**
 * Sections A, B, G, H and the quotas of K of `relationships.md`; "Pod and containers", "Workloads" and the quota rules of
 * `health.md`: where each number is built, or why it is not. Storage and nodes are in `storageAndNodesCovered.test.ts`.
 */
type Covered =
  /** Relations that cite the number. */
  | { relations: string[] }
  /** Files here that do: what is no edge. */
  | { files: string[] }
  /** A file of `rules/`. */
  | { shipped: string }
  | { not: string };

const RELATION_NUMBERS: Record<string, Covered> = {
  R001: { relations: ['owner'] },
  R002: { relations: ['deployment-replicaset'] },
  R003: { relations: ['replicaset-pod'] },
  // That a pod holds up the next one is said of the set: no pod tells of its neighbour.
  R004: { relations: ['statefulset-pod'] },
  R005: { relations: ['statefulset-persistentvolumeclaim'] },
  R006: { relations: ['statefulset-service'] },
  R007: { relations: ['statefulset-controllerrevision'] },
  R008: { relations: ['daemonset-pod'] },
  R009: { relations: ['daemonset-controllerrevision'] },
  R010: { relations: ['daemonset-node'] },
  R011: { relations: ['job-pod'] },
  R012: { relations: ['cronjob-job'] },
  R013: { relations: ['replicationcontroller-pod'] },
  R014: { relations: ['pod-container'] },
  R015: { relations: ['node-pod'] },
  R016: { relations: ['namespace-pod', 'namespace-serviceaccount'] },
  R017: {
    not: 'what a definition defines is told by the kind of the objects: an edge to each would repeat it',
  },
  R018: { relations: ['jobset-job', 'leaderworkerset-statefulset'] },
  R019: { relations: ['pod-configmap', 'deployment-configmap'] },
  R020: { relations: ['pod-configmap', 'replicaset-configmap'] },
  R021: { relations: ['pod-configmap', 'podtemplate-configmap'] },
  R022: { relations: ['pod-configmap'] },
  R023: { relations: ['pod-secret', 'deployment-secret'] },
  R024: { relations: ['pod-secret'] },
  R025: { relations: ['pod-secret'] },
  R026: { relations: ['pod-secret'] },
  R027: { relations: ['pod-configmap', 'pod-secret'] },
  R028: { relations: ['pod-imagepullsecret', 'deployment-imagepullsecret'] },
  R029: {
    not: 'the file is in a volume of the pod itself, which is no object',
  },
  R030: { not: 'the pod refers to itself' },
  R031: { relations: ['pod-serviceaccount'] },
  // By name. A bundle that is chosen by its signer is not: a selector reads labels, and the signer is none.
  R032: { relations: ['pod-clustertrustbundle'] },
  R033: { shipped: 'pod-certificates.yaml' },
  R034: {
    not: 'an image is no object of the cluster; one that cannot be pulled shows at the container (H017)',
  },
  R035: { relations: ['pod-secret'] },
  R036: { relations: ['pod-secret'] },
  R037: { relations: ['pod-secretproviderclass'] },
  R038: {
    relations: [
      'cronjob-serviceaccount',
      'daemonset-priorityclass',
      'deployment-runtimeclass',
      'job-secret',
      'podtemplate-configmap',
      'replicaset-secret',
      'replicationcontroller-configmap',
      'statefulset-resourceclaimtemplate',
    ],
  },
  R039: {
    relations: ['serviceaccount-secret', 'serviceaccount-imagepullsecret'],
  },
  R040: { relations: ['secret-serviceaccount'] },
  // By Reloader's annotations. A checksum names nothing, and a hash of a Secret's value must not be kept.
  R041: { relations: ['deployment-configmap-reload'] },

  R107: { relations: ['node-pod', 'pod-node-nominated'] },
  // Nodes by name. By labels a waiting pod may match thousands: its selector is shown, not drawn.
  R108: { relations: ['pod-node-pinned'] },
  R109: { files: ['podPlacement.ts'] },
  R110: { files: ['podPlacement.ts', 'daemonNodes.ts'] },
  R111: { relations: ['deployment-pod-affinity', 'pod-pod-affinity'] },
  R112: { relations: ['deployment-pod-antiaffinity'] },
  R113: { files: ['podPlacement.ts'] },
  R114: { files: ['podPlacement.ts'] },
  R115: { files: ['podPlacement.ts'] },
  R116: { relations: ['pod-priorityclass', 'deployment-priorityclass'] },
  R117: {
    not: 'only an event names the preemptor, by uid; the victim itself tells that it was preempted (H033)',
  },
  R118: { relations: ['pod-runtimeclass'] },
  R119: { relations: ['runtimeclass-node'] },
  R120: { relations: ['pod-resourceclaim'] },
  R121: { relations: ['pod-resourceclaimtemplate'] },
  R122: {
    relations: [
      'resourceclaim-deviceclass',
      'resourceclaimtemplate-deviceclass',
    ],
  },
  // Who has reserved it. An allocation names a driver, a pool and a device, but no slice.
  R123: { relations: ['pod-resourceclaim'] },
  R124: { relations: ['resourceslice-node'] },
  R125: { relations: ['pod-podgroup', 'job-localqueue', 'pod-workload'] },
  R129: { shipped: 'karpenter.yaml' },
  R131: {
    not: 'an image is no object of the cluster; pods have their images as a property, to group by',
  },

  R132: { relations: ['pod-serviceaccount', 'deployment-serviceaccount'] },
  R133: { relations: ['rolebinding-role'] },
  R134: { relations: ['rolebinding-clusterrole'] },
  R135: { relations: ['clusterrolebinding-clusterrole'] },
  R136: {
    relations: [
      'rolebinding-serviceaccount',
      'clusterrolebinding-serviceaccount',
    ],
  },
  R137: { relations: ['rolebinding-user', 'clusterrolebinding-group'] },
  R138: { relations: ['clusterrole-clusterrole'] },
  R139: { files: ['role.ts'] },
  R140: { files: ['serviceAccount.ts'] },
  R141: { not: 'every node has it, and nothing follows from it' },
  R142: { files: ['certificateSigningRequest.ts'] },
  R143: { not: 'reachability for an attacker, not health' },
  R164: {
    relations: [
      'resourcequota-namespace',
      'resourcequota-replicaset',
      'resourcequota-deployment',
      'resourcequota-priorityclass',
    ],
  },
  R165: { relations: ['limitrange-namespace'] },
};

const BY_THE_GRAPH =
  'what is referred to and absent is `missing` (graph/ghostVerdict.ts), and who waits for it tells so itself';

const HEALTH_NUMBERS: Record<string, Covered> = {
  ...Object.fromEntries(
    [...numbers('H', 1, 38)].map(number => [number, podFile(number)]),
  ),
  H039: { files: ['deployment.ts', 'statefulSet.ts'] },
  ...files('deployment.ts', 'H040'),
  H041: { files: ['workload.ts'] },
  ...files('deployment.ts', 'H042', 'H043', 'H044', 'H045', 'H046', 'H047'),
  ...files('replicaSet.ts', 'H048', 'H049', 'H050'),
  ...files('statefulSet.ts', 'H051', 'H052', 'H053', 'H054', 'H055'),
  ...files('daemonSet.ts', 'H056', 'H057', 'H058', 'H059', 'H060'),
  ...files('job.ts', 'H061', 'H062', 'H063', 'H064', 'H065', 'H066'),
  ...files('cronJob.ts', 'H067', 'H068', 'H069', 'H070', 'H071'),
  ...files('replicaSet.ts', 'H072'),
  H143: { files: ['resourceQuota.ts'] },
  H148: { not: BY_THE_GRAPH },
  H149: {
    not: 'a certificate is a value of a Secret, and values are never read',
  },
  H150: { not: BY_THE_GRAPH },
  H151: { files: ['roleBinding.ts'] },
  H152: { not: BY_THE_GRAPH },
  H153: { files: ['resourceClaim.ts'] },
};

function podFile(number: string): Covered {
  const places: Record<string, string[]> = {
    'pod.ts': ['H002', 'H009', 'H015', 'H027'],
    'podScheduling.ts': ['H008', 'H010', 'H011', 'H012', 'H013'],
    'containerWaiting.ts': ['H014', 'H016', 'H017', 'H018', 'H019', 'H020'],
    'containerHealth.ts': ['H021', 'H022', 'H023', 'H024', 'H030', 'H037'],
  };
  const [file = 'podHealth.ts'] =
    Object.entries(places).find(([, all]) => all.includes(number)) ?? [];
  return { files: [file] };
}

function files(file: string, ...all: string[]): Record<string, Covered> {
  return Object.fromEntries(all.map(number => [number, { files: [file] }]));
}

function numbers(letter: string, first: number, last: number): string[] {
  return Array.from(
    { length: last - first + 1 },
    (_, nth) => `${letter}${String(first + nth).padStart(3, '0')}`,
  );
}

/** Nodes' own numbers of section G. */
const OF_NODES = new Set(['R126', 'R127', 'R128', 'R130']);

it('leaves no number out', () => {
  expect(Object.keys(RELATION_NUMBERS).sort()).toEqual([
    ...numbers('R', 1, 41),
    ...numbers('R', 107, 143).filter(number => !OF_NODES.has(number)),
    'R164',
    'R165',
  ]);
  expect(Object.keys(HEALTH_NUMBERS)).toEqual([
    ...numbers('H', 1, 72),
    'H143',
    ...numbers('H', 148, 153),
  ]);
});

const read = (file: string) => readFileSync(path.join(__dirname, file), 'utf8');
const COVERING = /Covered\.test\.ts$/;
const tests = readdirSync(__dirname)
  .filter(file => file.endsWith('.test.ts') && !COVERING.test(file))
  .map(read)
  .join('\n');

/** What does not cite the number though the table says so, or does though it says not. */
function unfounded(number: string, covered: Covered): string[] {
  const citing = RELATIONS.filter(({ rules }) => rules.includes(number)).map(
    ({ name }) => name,
  );
  if ('relations' in covered) {
    return covered.relations.filter(name => !citing.includes(name));
  }
  if ('shipped' in covered) {
    const file = `../../rules/${covered.shipped}`;
    return citedIn(read(file)).includes(number) ? [] : [file];
  }
  return 'files' in covered
    ? covered.files.filter(file => !citedIn(read(file)).includes(number))
    : citing;
}

it.each(Object.entries(RELATION_NUMBERS))('%s', (number, covered) => {
  expect(unfounded(number, covered)).toEqual([]);
});

it.each(Object.entries(HEALTH_NUMBERS))('%s', (number, covered) => {
  expect(unfounded(number, covered)).toEqual([]);
  expect(citedIn(tests).includes(number)).toBe('files' in covered);
});

/** The numbers of a text, with those between the ends of a range: `H061–H066`. */
function citedIn(text: string): string[] {
  return [...text.matchAll(/\b([RH])(\d{3})(?:–[RH](\d{3}))?/g)].flatMap(
    ([, letter, first, last = first]) =>
      numbers(letter, Number(first), Number(last)),
  );
}
