import { Relation } from './relation';
import {
  Family,
  POD_SPEC_TYPES,
  inCluster,
  inNamespace,
  typed,
} from './relationFamily';

const scheduling = (
  rules: readonly string[],
  bitesAt: Relation['bitesAt'],
): Family => ({
  class: 'scheduling',
  rules,
  suffers: 'source',
  strength: 'hard',
  bitesAt,
});
/** Context only: nothing spreads over it. */
const shown = (...rules: readonly string[]): Family => ({
  class: 'scheduling',
  rules,
  suffers: 'none',
  strength: 'soft',
  bitesAt: ['schedule'],
});
/** The rule of a pod, or of a template that the next pods are made from (R038). */
const of = (type: string, rule: string): string[] =>
  type === 'pod' ? [rule] : ['R038', rule];

function podSpecRelations(type: string): Relation[] {
  return [
    typed(type, 'priorityclass', scheduling(of(type, 'R116'), ['admission'])),
    typed(
      type,
      'runtimeclass',
      scheduling(of(type, 'R118'), ['admission', 'start']),
    ),
    typed(
      type,
      'resourceclaim',
      scheduling(
        [...of(type, 'R120'), ...(type === 'pod' ? ['R123'] : [])],
        ['schedule', 'start'],
      ),
    ),
    typed(
      type,
      'resourceclaimtemplate',
      scheduling(of(type, 'R121'), ['start']),
    ),
    typed(type, 'podgroup', scheduling(of(type, 'R125'), ['schedule'])),
    typed(type, 'workload', scheduling(of(type, 'R125'), ['schedule'])),
    typed(type, 'localqueue', scheduling(of(type, 'R125'), ['schedule'])),
    {
      // Not the parent's kind, so that Skydive's queries over `deployment` and the like keep their meaning.
      ...typed(type, 'pod-affinity', {
        ...scheduling(of(type, 'R111'), ['schedule']),
        strength: 'soft',
      }),
      relationType: 'podaffinity',
    },
    {
      ...typed(type, 'pod-antiaffinity', shown(...of(type, 'R112'))),
      relationType: 'podantiaffinity',
    },
  ];
}

/** Section G of `relationships.md`, but for nodes' own kinds. */
export const SCHEDULING_RELATIONS: readonly Relation[] = [
  ...inCluster('priorityclass', 'runtimeclass', 'deviceclass', 'resourceslice'),
  ...inNamespace('lease', 'resourceclaim', 'resourceclaimtemplate'),
  ...POD_SPEC_TYPES.flatMap(podSpecRelations),
  // One pod per matching node: a node that is not well is where a daemon is missing (R010).
  typed('daemonset', 'node', {
    class: 'scheduling',
    rules: ['R010'],
    suffers: 'source',
    strength: 'soft',
    bitesAt: ['schedule'],
  }),
  // A pod that waits for the one node that its spec names.
  typed('pod', 'node-pinned', scheduling(['R108'], ['schedule'])),
  typed('pod', 'node-nominated', shown('R107')),
  typed('runtimeclass', 'node', scheduling(['R119'], ['schedule', 'start'])),
  typed('resourceclaim', 'deviceclass', scheduling(['R122'], ['schedule'])),
  typed(
    'resourceclaimtemplate',
    'deviceclass',
    scheduling(['R122'], ['schedule']),
  ),
  typed('resourceslice', 'node', scheduling(['R124'], ['schedule'])),
  typed('node', 'lease', { ...shown('R126'), suffers: 'source' }),
  {
    ...typed('lease', 'pod', {
      class: 'scheduling',
      rules: ['R127'],
      suffers: 'source',
      strength: 'soft',
      bitesAt: ['run'],
    }),
    inferred: true,
  },
];
