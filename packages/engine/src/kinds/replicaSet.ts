import { condition, conditionEvidence } from './conditions';
import { KindId } from './identity';
import { KindDefinition, KubernetesObject } from './kindDefinition';
import { REPLICATION_CONTROLLER, REPLICA_SET } from './kindIds';
import { controllerOf, observation, ownVerdict, parseTime } from './metadata';
import { affinitySelectors } from './affinitySelectors';
import { quotaRefusals } from './quotaRefusals';
import { templateFields } from './templateFields';
import { templateReferences } from './templateReferences';
import { judgeByPods, replicaEvidence, replicaVerdict } from './replicaHealth';
import { Verdict } from './status';
import { verdict } from './verdict';
import { templateProperties } from './workload';

/** ReplicaSets and their forerunners differ in name only (H072). */
function replicaKind(
  id: KindId,
  type: 'replicaset' | 'replicationcontroller',
  plural: string,
): KindDefinition {
  const pods = `${type}-pod`;
  return {
    id,
    type,
    version: 'v1',
    plural,
    namespaced: true,
    observe(object, context) {
      const { desired, ready } = replicas(object);
      const { status = {} } = object;
      const template = object.spec?.template;
      const isOwned = controllerOf(object) !== undefined;
      return observation(id, true, object, context, {
        properties: {
          DesiredReplicas: desired,
          Replicas: status.replicas ?? 0,
          ReadyReplicas: ready,
          AvailableReplicas: status.availableReplicas ?? 0,
          ...templateProperties(object),
          // What a Deployment's revisions are compared by: why the new one does not run.
          Template: isOwned ? templateFields(template) : undefined,
        },
        verdict: ownVerdict(object, replicasVerdict(object)),
        facts: { satisfied: ready >= desired, desired, ready },
        references: [
          ...quotaRefusals(type, object),
          // What a Deployment made says the same as the Deployment.
          ...(isOwned
            ? []
            : templateReferences(type, object.metadata, template)),
        ],
        selectors: isOwned ? [] : affinitySelectors(type, template),
      });
    },
    contextRelations: [pods],
    judgeInContext(node, neighbours) {
      return node.own.rule === 'H050'
        ? judgeByPods(
            node.own,
            { desired: node.facts.desired, ready: node.facts.ready },
            neighbours(pods, 'out'),
            'H050',
            'PartlyReady',
          )
        : undefined;
    },
  };
}

function replicas(object: KubernetesObject) {
  return {
    desired: Number(object.spec?.replicas ?? 1),
    created: Number(object.status?.replicas ?? 0),
    ready: Number(object.status?.readyReplicas ?? 0),
    fields: { desired: 'spec.replicas', ready: 'status.readyReplicas' },
  };
}

function replicasVerdict(object: KubernetesObject): Verdict {
  const counted = replicas(object);
  const evidence = replicaEvidence(counted);
  const failure = condition(object, 'ReplicaFailure');
  if (failure?.status === 'True') {
    const level =
      counted.ready === 0 && counted.desired > 0 ? 'down' : 'degraded';
    return verdict(level, failure.reason ?? 'FailedCreate', {
      rule: 'H048',
      message: failure.message,
      since: failure.since,
      evidence: [conditionEvidence(failure), ...evidence],
    });
  }
  if (counted.desired === 0) {
    return verdict('history', 'OldRevision', { rule: 'H049', evidence });
  }
  return counted.ready < counted.desired
    ? replicaVerdict(
        counted,
        parseTime(object.metadata.creationTimestamp),
        'H050',
        'PartlyReady',
      )
    : verdict('ok', 'Ready', { evidence });
}

export const replicaSetKind = replicaKind(
  REPLICA_SET,
  'replicaset',
  'replicasets',
);

export const replicationControllerKind = replicaKind(
  REPLICATION_CONTROLLER,
  'replicationcontroller',
  'replicationcontrollers',
);
