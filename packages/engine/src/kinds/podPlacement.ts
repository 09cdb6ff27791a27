import { affinitySelectors } from './affinitySelectors';
import { addGangReferences } from './gangReferences';
import { KubernetesObject } from './kindDefinition';
import { NODE, RESOURCE_CLAIM } from './kindIds';
import { pinnedNodes } from './nodeSelectors';
import { Json, Reference, SelectorReference } from './observation';
import { addPlacementReferences } from './placementReferences';

const DEFAULT_SCHEDULER = 'default-scheduler';

/** Who a pod runs as and what it needs to be scheduled (sections G and H), added to `references`. */
export function addPodPlacement(
  references: Reference[],
  pod: KubernetesObject,
): void {
  const { metadata, spec, status } = pod;
  if (!spec) {
    return;
  }
  const { namespace } = metadata;
  addPlacementReferences(references, 'pod', namespace, spec);
  addGangReferences(references, 'pod', namespace, metadata, spec);
  for (const claim of status?.resourceClaimStatuses ?? []) {
    // Made from a template, under a name that only the status tells.
    if (claim.resourceClaimName) {
      references.push({
        relation: 'pod-resourceclaim',
        end: 'source',
        other: {
          kind: RESOURCE_CLAIM,
          namespace,
          name: String(claim.resourceClaimName),
        },
        required: true,
      });
    }
  }
  if (!spec.nodeName) {
    addAwaitedNodes(references, pod);
  }
}

/** The nodes that a pod without one names: those it may run on only, and that for which others are put out. */
function addAwaitedNodes(
  references: Reference[],
  { spec, status }: KubernetesObject,
): void {
  const add = (relation: string, name: string, required: boolean) =>
    references.push({
      relation,
      end: 'source',
      other: { kind: NODE, namespace: '', name },
      required,
    });
  for (const { name, required } of pinnedNodes(spec)) {
    add('pod-node-pinned', name, required);
  }
  if (status?.nominatedNodeName) {
    add('pod-node-nominated', String(status.nominatedNodeName), false);
  }
}

/** Of pods that nobody controls; those of a workload are drawn once, from its template. */
export function barePodSelectors(pod: KubernetesObject): SelectorReference[] {
  return pod.spec?.affinity && !pod.metadata.ownerReferences?.length
    ? affinitySelectors('pod', pod)
    : [];
}

/** What the scheduler weighs, of a pod that it has found no node for yet (R108–R110, R113–R115). */
export function placementProperties({ spec }: KubernetesObject): {
  [name: string]: Json | undefined;
} {
  if (!spec || spec.nodeName) {
    return {};
  }
  const gates: any[] = spec.schedulingGates ?? [];
  const spread: any[] = spec.topologySpreadConstraints ?? [];
  return {
    SchedulerName:
      spec.schedulerName === DEFAULT_SCHEDULER ? undefined : spec.schedulerName,
    SchedulingGates:
      gates.length > 0 ? gates.map(gate => String(gate.name)) : undefined,
    NodeSelector: spec.nodeSelector,
    NodeAffinity: spec.affinity?.nodeAffinity,
    Tolerations: spec.tolerations,
    AntiAffinity: antiAffinityKeys(spec),
    TopologySpread:
      spread.length > 0
        ? spread.map(
            one =>
              `${one.topologyKey}: at most ${one.maxSkew}, ${one.whenUnsatisfiable}`,
          )
        : undefined,
  };
}

/** Of what there may be only one pod each: the topology keys of required anti-affinity. */
function antiAffinityKeys(spec: KubernetesObject): Json | undefined {
  const terms: any[] =
    spec.affinity?.podAntiAffinity
      ?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  return terms.length > 0
    ? terms.map(term => String(term.topologyKey))
    : undefined;
}
