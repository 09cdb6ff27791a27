import { CausalGraph, CausalGraphNode } from './causalGraph';
import {
  END_REASONS,
  Ending,
  howItEnds,
  POST_START,
  START_REASONS,
} from './containerEnding';
import { bareName, isInit } from './containers';
import {
  Explainer,
  Finding,
  RootFinding,
  called,
  namespaceFlag,
} from './finding';
import { parseQuantity } from './quantity';
import { Symptom, symptomsOf, textsOf } from './symptom';
import { templateCarrier, waitingInOrder } from './templateCarrier';
import {
  changesOf,
  fieldsOfContainer,
  templateChange,
  withChange,
} from './templateChange';

/**
 * A container that cannot start or keeps ending (S013–S017, S021, S026). The workload that carries the template is
 * named: as proven where Kubernetes says why (no such command), as likely where only the application knows.
 */
export const containerFault: Explainer = (pod, graph) => {
  const symptom = failingContainer(pod, graph);
  return symptom && [faultOf(pod, symptom, graph)];
};

/** What a container of the pod shows that cannot start or keeps ending. */
export function failingContainer(
  pod: CausalGraphNode,
  graph: CausalGraph,
): Symptom | undefined {
  const ends = symptomsOf(pod, graph).filter(
    ({ reason }) => START_REASONS.has(reason) || END_REASONS.has(reason),
  );
  return ends.find(({ container }) => container) ?? ends[0];
}

function faultOf(
  pod: CausalGraphNode,
  symptom: Symptom,
  graph: CausalGraph,
): Finding {
  const how = endingOf(pod, symptom, graph);
  // An init container that ends badly most often waits for something that Kubernetes does not know of (S018).
  if (isInit(symptom) && !how.proven && how.fault !== 'OutOfMemory') {
    return {
      type: 'silent',
      because: `Init ${nameOf(symptom)} of ${called(pod)} does not succeed (${
        how.words || symptom.reason
      }); what it waits for is not in Kubernetes' state.`,
    };
  }
  return containerRoot(pod, symptom, how, graph);
}

function nameOf({ container }: Symptom): string {
  return container ? `container ${bareName(container)}` : 'a container';
}

/** The workload whose container it is as the root, with what a rollout changed about it. */
export function containerRoot(
  pod: CausalGraphNode,
  symptom: Symptom,
  how: Ending,
  graph: CausalGraph,
): RootFinding {
  const container = nameOf(symptom);
  const words = how.words === '' ? symptom.reason : how.words;
  const carrier = templateCarrier(pod, graph);
  const logs = `kubectl logs${namespaceFlag(pod)} ${pod.name}${
    symptom.container ? ` -c ${bareName(symptom.container)}` : ''
  } --previous`;
  const finding: RootFinding = {
    type: 'root',
    confidence: how.proven ? 'proven' : 'likely',
    says: `${called(pod)}: ${container} ${how.says} (${symptom.reason}).`,
    evidence: symptom.evidence,
    quote: symptom.message
      ? {
          who: how.proven ? 'the kubelet' : 'the container',
          text: symptom.message,
        }
      : undefined,
    rootEdge: carrier.edge,
    above: carrier.above,
    root: {
      node: carrier.node,
      fault: how.fault,
      predicate: `has ${container} that ${how.says} (${words})`,
      nextStep: how.nextStep ?? `Read what it said last: ${logs}`,
      evidence: [...symptom.evidence, ...waitingInOrder(carrier.node)],
      since: symptom.since ?? pod.verdict.since,
    },
  };
  if (carrier.node.key === pod.key) {
    return finding;
  }
  const change = templateChange(pod, graph);
  const name = symptom.container && bareName(symptom.container);
  const lessMemory =
    how.fault === 'OutOfMemory' &&
    changesOf(change, fieldsOfContainer(name, 'limits\\.memory$')).some(
      ({ was, is }) =>
        (parseQuantity(is) ?? Infinity) < (parseQuantity(was) ?? Infinity),
    );
  return withChange(
    // The counterfactual stands beside it: with more memory it ran.
    lessMemory ? { ...finding, confidence: 'proven' } : finding,
    { change, fields: fieldsOf(name, how) },
  );
}

/** What a process reads is its container's, and what is mounted into it, the pod's. */
function fieldsOf(name: string | undefined, { fields }: Ending): RegExp {
  const own = fieldsOfContainer(name, `(?:${fields})`);
  return fields.includes('volumeMounts')
    ? new RegExp(
        `${own.source}|^volumes\\.|^serviceAccountName$|^securityContext$`,
      )
    : own;
}

function endingOf(
  pod: CausalGraphNode,
  symptom: Symptom,
  graph: CausalGraph,
): Ending {
  const how = howItEnds(symptom);
  const hook = graph
    .events(pod.key)
    .find(
      ({ reason, message }) =>
        reason === 'FailedPostStartHook' || message === 'FailedPostStartHook',
    );
  return hook && how.fault === 'ContainerCrashes'
    ? { ...POST_START, words: hook.message, proven: true }
    : how;
}

/**
 * A pod that runs and is not ready (S024, S090): the probe's words are all that Kubernetes has. Which of the
 * application's dependencies fails is not in its state, so nothing is claimed.
 */
export const notReady: Explainer = (pod, graph) => {
  const symptom = symptomsOf(pod, graph).find(({ reason }) =>
    /ReadinessFailing|StartupFailing|LivenessKilling|ReadinessGate/.test(
      reason,
    ),
  );
  if (!symptom) {
    return undefined;
  }
  const probe = graph
    .events(pod.key)
    .find(({ reason }) => reason === 'Unhealthy')?.message;
  const words =
    probe ?? textsOf(symptom).find(text => text.includes('probe failed'));
  return [
    {
      type: 'silent',
      because: `${called(pod)} runs but is not ready${
        words ? `: "${words}"` : ''
      }. Why its probe fails is not in Kubernetes' state: see kubectl logs${namespaceFlag(
        pod,
      )} ${pod.name}`,
    },
  ];
};

/** A container is a part of its pod: it is down for what its pod is down for. */
export const partOfPod: Explainer = (container, graph) => {
  const pod = graph
    .dependents(container.key)
    .find(({ node }) => node.kind.kind === 'Pod');
  if (!pod) {
    return undefined;
  }
  return [
    {
      type: 'dependency',
      on: pod.node.key,
      edge: pod.edge,
      confidence: 'proven',
      says: `Container ${bareName(container)} ${
        container.verdict.message ?? container.verdict.reason
      }.`,
      evidence: container.verdict.evidence,
    },
  ];
};
