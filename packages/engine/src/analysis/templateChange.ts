import { Evidence } from '../kinds/status';
import { CausalGraph, CausalGraphNode, isKind } from './causalGraph';
import { RootFinding, namespaceFlag } from './finding';

/** One field of a pod template in two revisions: `app.limits.memory`; values of what may be a secret are marks. */
export interface FieldChange {
  field: string;
  was?: string;
  is?: string;
}

/** What a Deployment's rollout changed in its pod template. */
export interface TemplateChange {
  deployment: CausalGraphNode;
  /** The revision of the pod, and the one before it. */
  revision: string;
  former: string;
  /** When the revision began; milliseconds since the epoch. */
  at?: number;
  /** Pods of the former revision that are ready now. */
  serving: number;
  fields: FieldChange[];
}

const REVISION = 'deployment.kubernetes.io/revision';

/**
 * What the pod's revision changed against the one before it: both ReplicaSets stand side by side. `undefined` while
 * they are not loaded, and for pods of no Deployment.
 */
export function templateChange(
  pod: CausalGraphNode,
  graph: CausalGraph,
): TemplateChange | undefined {
  const own = isKind(pod, 'ReplicaSet')
    ? pod
    : controllerOf(pod, graph, 'ReplicaSet');
  const above = own && controllerOf(own, graph, 'Deployment');
  // Reached, so that its other ReplicaSets are loaded, too.
  const deployment = above && graph.reach(above.key);
  const revision = own && revisionOf(own);
  if (!own || !deployment || revision === undefined) {
    return undefined;
  }
  const before = graph
    .dependencies(deployment.key)
    .map(({ node }) => node)
    .filter(node => isKind(node, 'ReplicaSet') && node.key !== own.key)
    .flatMap(node => {
      const number = revisionOf(node);
      return number !== undefined && number < revision
        ? [{ node, number }]
        : [];
    })
    .sort((a, b) => b.number - a.number)[0];
  const [was, is] = [before && fieldsOf(before.node), fieldsOf(own)];
  if (!before || !was || !is) {
    return undefined;
  }
  return {
    deployment,
    revision: String(revision),
    former: String(before.number),
    at: own.createdAt,
    serving: Number(before.node.properties.ReadyReplicas ?? 0),
    fields: [...new Set([...Object.keys(was), ...Object.keys(is)])]
      .filter(field => was[field] !== is[field])
      .map(field => ({ field, was: was[field], is: is[field] })),
  };
}

function controllerOf(
  node: CausalGraphNode,
  graph: CausalGraph,
  kind: string,
): CausalGraphNode | undefined {
  return graph.controllers(node.key).find(one => isKind(one.node, kind))?.node;
}

function revisionOf({ properties }: CausalGraphNode): number | undefined {
  const { Annotations } = properties;
  const text =
    Annotations && typeof Annotations === 'object'
      ? (Annotations as Record<string, unknown>)[REVISION]
      : undefined;
  const number = Number(text);
  return text === undefined || Number.isNaN(number) ? undefined : number;
}

function fieldsOf({
  properties,
}: CausalGraphNode): Record<string, string> | undefined {
  const { Template } = properties;
  return Template && typeof Template === 'object' && !Array.isArray(Template)
    ? (Template as Record<string, string>)
    : undefined;
}

/** The changes to fields of these names; of one container where it is named. */
export function changesOf(
  change: TemplateChange | undefined,
  fields: RegExp,
): FieldChange[] {
  return (change?.fields ?? []).filter(({ field }) => fields.test(field));
}

/** `limits.memory of container app 256Mi → 10Mi`, `env DB_HOST of container app`. */
export function changeText({ field, was, is }: FieldChange): string {
  const match = /^(init )?([^.]+)\.(env\.)?(.+)$/.exec(field);
  const isOfContainer = match && !field.startsWith('volumes.');
  const name = isOfContainer
    ? `${match[3] ? 'env ' : ''}${match[4]} of ${
        match[1] ? 'init container' : 'container'
      } ${match[2]}`
    : field.replace('volumes.', 'volume ');
  if (was === undefined || is === undefined) {
    return `${name} ${is === undefined ? 'taken out' : 'added'}${
      isMark(was ?? is) ? '' : ` (${was ?? is})`
    }`;
  }
  return isMark(was) ? `${name} changed` : `${name} ${was} → ${is}`;
}

function isMark(text: string | undefined): boolean {
  return text === undefined || /^#[0-9a-f]{4}$/.test(text);
}

const CHANGES_TOLD = 4;

/** Which of a rollout's changes could explain the fault, and that the revision before it serves. */
export interface ExplainedBy {
  change: TemplateChange | undefined;
  fields: RegExp;
}

/**
 * The finding with what the rollout changed as further evidence, and the way back. Unchanged where nothing that
 * matters was changed: then the rollout is no suspect.
 */
export function withChange(
  finding: RootFinding,
  { change, fields }: ExplainedBy,
): RootFinding {
  const changes = changesOf(change, fields);
  if (!change || changes.length === 0) {
    return finding;
  }
  const { root } = finding;
  const told = changes.slice(0, CHANGES_TOLD).map(changeText).join(', ');
  const more = changes.length - CHANGES_TOLD;
  const text = `${told}${more > 0 ? ` and ${more} more` : ''}`;
  const serving =
    change.serving > 0
      ? `; revision ${change.former} still serves with ${change.serving} ${
          change.serving === 1 ? 'pod' : 'pods'
        }`
      : '';
  const evidence: Evidence[] = [
    {
      source: 'structure',
      field: `revision ${change.revision}`,
      value: `${text} (against revision ${change.former}${
        change.serving > 0 ? `, which has ${change.serving} ready` : ''
      })`,
      since: change.at,
    },
  ];
  const safetyNet = withoutSafetyNet(change);
  if (safetyNet) {
    evidence.push(safetyNet);
  }
  const undo = `kubectl rollout undo deployment/${
    change.deployment.name
  }${namespaceFlag(change.deployment)} --to-revision=${change.former}`;
  return {
    ...finding,
    root: {
      ...root,
      predicate: `${root.predicate} since revision ${change.revision}: ${text}${serving}`,
      nextStep: root.nextStep.includes('rollout undo')
        ? root.nextStep
        : `${root.nextStep}. Or go back: ${undo}`,
      evidence: [...root.evidence, ...evidence],
      since: change.at ?? root.since,
    },
  };
}

/** No pod of the former revision is left, for the strategy let all of them go at once (S116). */
function withoutSafetyNet({
  deployment,
  serving,
}: TemplateChange): Evidence | undefined {
  const { MaxUnavailable, Strategy } = deployment.properties;
  const atOnce = Strategy === 'Recreate' || MaxUnavailable === '100%';
  return atOnce && serving === 0
    ? {
        source: 'field',
        field: 'spec.strategy',
        value:
          Strategy === 'Recreate'
            ? 'Recreate: all former pods were removed before a new one was ready'
            : 'maxUnavailable 100%: all former pods were removed before a new one was ready',
      }
    : undefined;
}

/** Every field of one container, or of the whole pod. */
export function fieldsOfContainer(
  name: string | undefined,
  fields: string,
): RegExp {
  const container =
    name === undefined ? '[^.]+' : name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^(init )?${container}\\.(${fields})`);
}
