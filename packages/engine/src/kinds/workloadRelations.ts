import { Relation } from './relation';
import { Family, inNamespace, typed } from './relationFamily';

/** What a controller keeps to be able to roll back: no failure comes from it. */
const history = (rule: string): Family => ({
  class: 'control',
  rules: [rule],
  suffers: 'none',
  strength: 'soft',
  bitesAt: ['rollout'],
});
const podSet: Family = {
  class: 'control',
  rules: ['R018'],
  suffers: 'source',
  strength: 'hard',
  bitesAt: ['run'],
};
const configUse = (...rules: readonly string[]): Family => ({
  class: 'config',
  rules,
  suffers: 'source',
  strength: 'hard',
  bitesAt: ['start'],
});
const CONFIG_MAP_RULES = ['R019', 'R020', 'R021', 'R022', 'R027'];
const SECRET_RULES = ['R023', 'R024', 'R025', 'R026', 'R027', 'R035', 'R036'];

/** Carriers of a pod template whose references `relations.ts` does not have. */
const FURTHER_CARRIERS = [
  'replicaset',
  'replicationcontroller',
  'podtemplate',
] as const;
const ALL_CARRIERS = [
  'deployment',
  'statefulset',
  'daemonset',
  'job',
  'cronjob',
  ...FURTHER_CARRIERS,
] as const;

/** Sections A and B of `relationships.md`, as far as they are not in `relations.ts`. */
export const WORKLOAD_RELATIONS: readonly Relation[] = [
  ...inNamespace('controllerrevision', 'podtemplate'),
  typed('statefulset', 'controllerrevision', history('R007')),
  typed('daemonset', 'controllerrevision', history('R009')),
  typed('jobset', 'job', podSet),
  typed('leaderworkerset', 'statefulset', podSet),
  ...FURTHER_CARRIERS.flatMap(type => [
    typed(type, 'configmap', configUse('R038', ...CONFIG_MAP_RULES)),
    typed(type, 'secret', configUse('R038', ...SECRET_RULES)),
    typed(type, 'imagepullsecret', {
      ...configUse('R038', 'R028'),
      strength: 'soft',
    }),
    typed(type, 'persistentvolumeclaim', {
      ...configUse('R038', 'R042'),
      class: 'storage',
    }),
  ]),
  ...['pod', ...ALL_CARRIERS].flatMap(type => {
    const carried = type === 'pod' ? [] : ['R038'];
    return [
      typed(type, 'clustertrustbundle', configUse('R032', ...carried)),
      typed(type, 'secretproviderclass', configUse('R037', ...carried)),
    ];
  }),
  // A rollout starts when the object changes; nothing breaks by it.
  ...['deployment', 'statefulset', 'daemonset', 'cronjob'].flatMap(type =>
    ['configmap', 'secret'].map(target => ({
      ...typed(type, `${target}-reload`, {
        ...configUse('R041'),
        suffers: 'none',
        strength: 'soft',
        bitesAt: ['rollout'],
      }),
    })),
  ),
];

/** Owner and owned, by `kindText`, and the relation of their edge; all others are `owner`. */
export const WORKLOAD_OWNER_PAIRS: readonly (readonly [string, string])[] = [
  [
    'StatefulSet.apps ControllerRevision.apps',
    'statefulset-controllerrevision',
  ],
  ['DaemonSet.apps ControllerRevision.apps', 'daemonset-controllerrevision'],
  ['JobSet.jobset.x-k8s.io Job.batch', 'jobset-job'],
  [
    'LeaderWorkerSet.leaderworkerset.x-k8s.io StatefulSet.apps',
    'leaderworkerset-statefulset',
  ],
];
