import {
  CLUSTER_OBJECT,
  GENERIC_RELATIONS,
  NAMESPACE_OBJECT,
} from './genericRelations';
import { KindId, kindText } from './identity';
import { kindType } from './kindIds';
import { IDENTITY_RELATIONS } from './identityRelations';
import { ADMISSION_RELATIONS } from './admissionRelations';
import { AUTOSCALING_RELATIONS } from './autoscalingRelations';
import { GATEWAY_RELATIONS } from './gatewayRelations';
import { POLICY_RELATIONS } from './policyRelations';
import { ROUTING_RELATIONS } from './routingRelations';
import { QUOTA_RELATIONS } from './quotaRelations';
import { BitesAt, Relation } from './relation';
import {
  Family,
  inCluster,
  inNamespace,
  ownership,
  typed,
} from './relationFamily';
import { NODE_RELATIONS } from './nodeRelations';
import { SCHEDULING_RELATIONS } from './schedulingRelations';
import { STORAGE_RELATIONS } from './storageRelations';
import { WORKLOAD_OWNER_PAIRS, WORKLOAD_RELATIONS } from './workloadRelations';

/** A broken child rolls up to what manages it. */
const control = (rule: string, bitesAt: readonly BitesAt[]): Family => ({
  class: 'control',
  rules: [rule],
  suffers: 'source',
  strength: 'hard',
  bitesAt,
});
const CONFIG_MAP_RULES = ['R019', 'R020', 'R021', 'R022', 'R027'];
const SECRET_RULES = ['R023', 'R024', 'R025', 'R026', 'R027', 'R035', 'R036'];
const config = (rules: readonly string[]): Family => ({
  class: 'config',
  rules,
  suffers: 'source',
  strength: 'hard',
  bitesAt: ['start'],
});
/** A missing pull secret is only a warning: images that need no credentials are pulled all the same. */
const IMAGE_PULL_SECRET: Family = {
  class: 'config',
  rules: ['R028'],
  suffers: 'source',
  strength: 'soft',
  bitesAt: ['start'],
};
const CLAIM: Family = {
  class: 'storage',
  rules: ['R042', 'R043'],
  suffers: 'source',
  strength: 'hard',
  bitesAt: ['schedule', 'start'],
};

const NAMESPACED_TYPES = [
  'configmap',
  'cronjob',
  'daemonset',
  'deployment',
  'endpoints',
  'endpointslice',
  'ingress',
  'job',
  'networkpolicy',
  'persistentvolumeclaim',
  'pod',
  'replicaset',
  'replicationcontroller',
  'secret',
  'service',
  'statefulset',
] as const;

/** Kinds whose pod template is read for what the next pod will need (R038). */
const TEMPLATE_TYPES = [
  'deployment',
  'statefulset',
  'daemonset',
  'job',
  'cronjob',
] as const;

function templateRelations(): Relation[] {
  return TEMPLATE_TYPES.flatMap(type => [
    typed(type, 'configmap', config(['R038', ...CONFIG_MAP_RULES])),
    typed(type, 'secret', config(['R038', ...SECRET_RULES])),
    typed(type, 'imagepullsecret', {
      ...IMAGE_PULL_SECRET,
      rules: ['R038', 'R028'],
    }),
    typed(type, 'persistentvolumeclaim', {
      ...CLAIM,
      // A StatefulSet also has the claims that its own templates make.
      rules: [...(type === 'statefulset' ? ['R005'] : []), 'R038', 'R042'],
      bitesAt: ['start'],
    }),
  ]);
}

/**
 * Every relation there is. Arrows and `RelationType` are Skydive's where it has the relation
 * (`skydive.md` section 2), otherwise the direction in which the reference is stored.
 */
export const RELATIONS: readonly Relation[] = [
  ...inCluster('namespace', 'node', 'persistentvolume', 'storageclass'),
  ...inNamespace(...NAMESPACED_TYPES),
  ownership('pod', 'container', {
    class: 'ownership',
    rules: ['R014'],
    suffers: 'source',
    strength: 'hard',
    bitesAt: ['start', 'run'],
  }),

  typed('deployment', 'replicaset', control('R002', ['rollout', 'run'])),
  typed('replicaset', 'pod', control('R003', ['run'])),
  typed('replicationcontroller', 'pod', control('R013', ['run'])),
  typed('statefulset', 'pod', control('R004', ['run', 'start'])),
  typed('daemonset', 'pod', control('R008', ['run'])),
  typed('job', 'pod', control('R011', ['run'])),
  typed('cronjob', 'job', { ...control('R012', ['run']), strength: 'soft' }),
  {
    // Any other pair of owner and owned, custom resources included.
    name: 'owner',
    relationType: 'owner',
    class: 'control',
    rules: ['R001'],
    suffers: 'source',
    strength: 'soft',
    bitesAt: ['run', 'delete'],
  },

  typed('pod', 'configmap', config(CONFIG_MAP_RULES)),
  typed('pod', 'secret', config(SECRET_RULES)),
  typed('pod', 'imagepullsecret', IMAGE_PULL_SECRET),
  typed('pod', 'persistentvolumeclaim', CLAIM),
  ...templateRelations(),

  typed('persistentvolumeclaim', 'persistentvolume', {
    class: 'storage',
    rules: ['R044'],
    suffers: 'source',
    strength: 'hard',
    bitesAt: ['start', 'run'],
  }),
  typed('storageclass', 'persistentvolumeclaim', {
    class: 'storage',
    rules: ['R045'],
    suffers: 'target',
    strength: 'hard',
    bitesAt: ['start'],
  }),
  typed('storageclass', 'persistentvolume', {
    class: 'storage',
    rules: ['R048'],
    suffers: 'none',
    strength: 'soft',
    bitesAt: [],
  }),
  typed('persistentvolume', 'secret', {
    class: 'storage',
    rules: ['R050'],
    suffers: 'source',
    strength: 'hard',
    bitesAt: ['start'],
  }),
  typed('persistentvolume', 'node', {
    class: 'storage',
    rules: ['R051'],
    suffers: 'source',
    strength: 'hard',
    bitesAt: ['schedule'],
  }),

  typed('node', 'pod', {
    class: 'scheduling',
    rules: ['R107', 'R015'],
    suffers: 'target',
    strength: 'hard',
    bitesAt: ['run'],
  }),

  typed('service', 'pod', {
    class: 'routing',
    rules: ['R062', 'R067'],
    suffers: 'source',
    strength: 'hard',
    bitesAt: ['run'],
  }),
  typed('service', 'endpoints', {
    class: 'routing',
    rules: ['R066'],
    suffers: 'source',
    strength: 'hard',
    bitesAt: ['run'],
  }),
  typed('service', 'endpointslice', {
    class: 'routing',
    rules: ['R063'],
    suffers: 'source',
    strength: 'hard',
    bitesAt: ['run'],
  }),
  typed('endpointslice', 'pod', {
    class: 'routing',
    rules: ['R064'],
    suffers: 'source',
    strength: 'hard',
    bitesAt: ['run'],
  }),
  typed('ingress', 'service', {
    class: 'routing',
    rules: ['R072'],
    suffers: 'source',
    strength: 'hard',
    bitesAt: ['run'],
  }),
  typed('ingress', 'secret', {
    class: 'routing',
    rules: ['R074'],
    suffers: 'source',
    strength: 'soft',
    bitesAt: ['run'],
  }),
  typed('statefulset', 'service', {
    class: 'routing',
    rules: ['R006'],
    suffers: 'source',
    strength: 'soft',
    bitesAt: ['run'],
  }),
  ...POLICY_RELATIONS,
  ...ROUTING_RELATIONS,
  ...GATEWAY_RELATIONS,
  ...AUTOSCALING_RELATIONS,
  ...ADMISSION_RELATIONS,
  ...GENERIC_RELATIONS,
  ...IDENTITY_RELATIONS,
  ...QUOTA_RELATIONS,
  ...SCHEDULING_RELATIONS,
  ...WORKLOAD_RELATIONS,
  ...STORAGE_RELATIONS,
  ...NODE_RELATIONS,
];

const BY_NAME: ReadonlyMap<string, Relation> = new Map(
  RELATIONS.map(relation => [relation.name, relation]),
);

/** A relation's name that the table does not have: data of a newer version, or a slip of the pen in a kind. */
export class UnknownRelationError extends Error {
  constructor(name: string) {
    super(
      `Unknown relation '${name}': add it to RELATIONS in kinds/relations.ts`,
    );
    this.name = 'UnknownRelationError';
  }
}

/** @throws UnknownRelationError */
export function relationByName(name: string): Relation {
  const relation = BY_NAME.get(name);
  if (!relation) {
    throw new UnknownRelationError(name);
  }
  return relation;
}

const OWNER_PAIRS: ReadonlyMap<string, string> = new Map([
  ['Deployment.apps ReplicaSet.apps', 'deployment-replicaset'],
  ['ReplicaSet.apps Pod', 'replicaset-pod'],
  ['ReplicationController Pod', 'replicationcontroller-pod'],
  ['StatefulSet.apps Pod', 'statefulset-pod'],
  ['DaemonSet.apps Pod', 'daemonset-pod'],
  ['Job.batch Pod', 'job-pod'],
  ['CronJob.batch Job.batch', 'cronjob-job'],
  ...WORKLOAD_OWNER_PAIRS,
]);

/** The relation of an owner reference; the owner is the edge's source. `owner` for pairs without one of their own. */
export function ownerRelation(owner: KindId, owned: KindId): Relation {
  const name = OWNER_PAIRS.get(`${kindText(owner)} ${kindText(owned)}`);
  return relationByName(name ?? 'owner');
}

/**
 * `namespace-<type>` or `cluster-<type>`, whose target the kind is (Skydive section 2.2); `…-object` for kinds that
 * have none of their own.
 */
export function ownershipRelation(kind: KindId, namespaced: boolean): Relation {
  const own = BY_NAME.get(
    `${namespaced ? 'namespace' : 'cluster'}-${kindType(kind)}`,
  );
  return own ?? (namespaced ? NAMESPACE_OBJECT : CLUSTER_OBJECT);
}
