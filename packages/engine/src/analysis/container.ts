import { Evidence } from '../kinds/status';
import { CausalGraph, CausalGraphNode } from './causalGraph';
import { Explainer, Finding, called, namespaceFlag } from './finding';
import { Symptom, symptomsOf, textsOf } from './symptom';
import { templateCarrier } from './templateCarrier';

/** The kubelet cannot even start the container: only the template can be wrong. */
const START_REASONS: ReadonlySet<string> = new Set([
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'PreCreateHookError',
  'PreStartHookError',
  'PostStartHookError',
]);

/** The container starts and ends again. */
const END_REASONS: ReadonlySet<string> = new Set([
  'CrashLoopBackOff',
  'OOMKilled',
  'Restarting',
  'ContainerFailed',
  'InitFailing',
]);

/**
 * A container that cannot start or keeps ending (S013–S021, S026). The workload that carries the template is named:
 * as proven where Kubernetes says why (out of memory, no such command), as likely where only the application knows.
 */
export const containerFault: Explainer = (pod, graph) => {
  const symptoms = symptomsOf(pod, graph);
  const ends = symptoms.filter(
    ({ reason }) => START_REASONS.has(reason) || END_REASONS.has(reason),
  );
  const symptom = ends.find(({ container }) => container) ?? ends[0];
  return symptom && [faultOf(pod, symptom, graph)];
};

function faultOf(
  pod: CausalGraphNode,
  symptom: Symptom,
  graph: CausalGraph,
): Finding {
  const container = symptom.container
    ? `container ${bareName(symptom.container)}`
    : 'a container';
  const how = howItEnds(symptom);
  const words = how.words === '' ? symptom.reason : how.words;
  // An init container that ends badly most often waits for something that Kubernetes does not know of (S018).
  if (isInit(symptom) && !how.proven) {
    return {
      type: 'silent',
      because: `Init ${container} of ${called(
        pod,
      )} does not succeed (${words}); what it waits for is not in Kubernetes' state.`,
    };
  }
  const carrier = templateCarrier(pod, graph);
  const logs = `kubectl logs${namespaceFlag(pod)} ${pod.name}${
    symptom.container ? ` -c ${bareName(symptom.container)}` : ''
  } --previous`;
  return {
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
      evidence: symptom.evidence,
      since: symptom.since ?? pod.verdict.since,
    },
  };
}

interface Ending {
  fault: string;
  says: string;
  /** How Kubernetes records the end: `Error: exit code 1: …`. */
  words: string;
  proven: boolean;
  nextStep?: string;
}

function howItEnds(symptom: Symptom): Ending {
  const words = lastEnd(symptom.evidence);
  if (symptom.reason === 'OOMKilled' || words.startsWith('OOMKilled')) {
    return {
      fault: 'OutOfMemory',
      says: 'is killed because it needs more memory than its limit',
      words,
      proven: true,
      nextStep:
        'Raise resources.limits.memory of the container, or find what it needs the memory for',
    };
  }
  if (START_REASONS.has(symptom.reason)) {
    return {
      fault: symptom.reason,
      says: 'cannot be started',
      words: symptom.message || words,
      proven: true,
      nextStep: 'Correct the container in the pod template as the message says',
    };
  }
  if (/^(StartError|ContainerCannotRun)/.test(words)) {
    return {
      fault: 'CommandNotRunnable',
      says: 'cannot run its command',
      words,
      proven: true,
      nextStep: 'Correct command and args of the container, or its image',
    };
  }
  const completes = /^Completed/.test(words);
  return {
    fault: completes ? 'ContainerExits' : 'ContainerCrashes',
    says: completes ? 'ends although it should stay up' : 'keeps crashing',
    words,
    proven: false,
  };
}

/** `Error: exit code 1: FATAL: …` from the last or present end. */
function lastEnd(evidence: readonly Evidence[]): string {
  return (
    evidence.find(({ field }) => field.endsWith('lastState.terminated'))
      ?.value ??
    evidence.find(({ field }) => field.endsWith('state.terminated'))?.value ??
    ''
  );
}

function isInit({ reason, container }: Symptom): boolean {
  return reason === 'InitFailing' || container?.properties.Role === 'init';
}

/** A container's node name is the bare one; in its key it stands behind the pod's. */
function bareName(container: CausalGraphNode): string {
  return container.name.split('/').pop()!;
}

/**
 * A pod that runs and is not ready (S022–S025, S090): the probe's words are all that Kubernetes has. Which of the
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
