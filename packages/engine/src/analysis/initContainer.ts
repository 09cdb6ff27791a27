import { CausalGraph, CausalGraphNode } from './causalGraph';
import { containerRoot } from './container';
import { lastEnd } from './containerEnding';
import { bareName, isInit } from './containers';
import { Explainer, Finding, called } from './finding';
import { Symptom, symptomsOf } from './symptom';
import { changesOf, fieldsOfContainer, templateChange } from './templateChange';

/** An init container that ends badly again and again, or that does not end. */
const REASONS: ReadonlySet<string> = new Set([
  'CrashLoopBackOff',
  'InitFailing',
  'InitHanging',
]);

/**
 * An init container that fails or hangs (S018, S019). Its command names the Service that it waits for (R081): one that
 * does not exist, or behind which nobody answers, explains it. Else what a rollout changed of it does. One that hangs is
 * the template's own; one that fails waits for something that Kubernetes does not know of, and is left to others.
 */
export const initContainer: Explainer = (pod, graph) => {
  const symptoms = symptomsOf(pod, graph).filter(
    one => REASONS.has(one.reason) && isInit(one),
  );
  const symptom = symptoms.find(({ container }) => container) ?? symptoms[0];
  if (!symptom) {
    return undefined;
  }
  const end = lastEnd(symptom.evidence);
  if (/^(OOMKilled|StartError|ContainerCannotRun)/.test(end)) {
    return undefined;
  }
  const awaited = graph
    .dependencies(pod.key)
    .filter(({ edge }) => edge.relation.name === 'pod-service-awaited')
    .filter(({ node }) => answersNobody(node));
  if (awaited.length > 0) {
    return awaited.map(
      ({ node, edge }): Finding => ({
        type: 'dependency',
        on: node.key,
        edge,
        weighed: true,
        confidence: 'likely',
        says: `${called(pod)} cannot start: init container ${nameOf(
          symptom,
        )} ${doing(symptom, end)}, and its command names Service ${node.name}.`,
        evidence: [
          ...symptom.evidence,
          {
            source: 'structure',
            field: `initContainers[${nameOf(symptom)}]`,
            value: `${doing(symptom, end)}; its command names Service ${
              node.name
            }`,
          },
        ],
      }),
    );
  }
  return ownFault(pod, symptom, end, graph);
};

function answersNobody({ verdict }: CausalGraphNode): boolean {
  return (
    verdict.level === 'missing' ||
    verdict.level === 'down' ||
    /NoMatchingPods|NoEndpoints|NoReadyEndpoints|BackendScaledToZero/.test(
      verdict.reason,
    )
  );
}

function ownFault(
  pod: CausalGraphNode,
  symptom: Symptom,
  end: string,
  graph: CausalGraph,
): Finding[] | undefined {
  const hangs = symptom.reason === 'InitHanging';
  const fields = 'image|command|args|env|envFrom|volumeMounts|securityContext';
  const name = symptom.container && bareName(symptom.container);
  const changed = changesOf(
    templateChange(pod, graph),
    fieldsOfContainer(name, fields),
  );
  if (!hangs && changed.length === 0) {
    return undefined;
  }
  const running = symptom.since === undefined ? '' : ' since its start';
  return [
    containerRoot(
      pod,
      symptom,
      {
        fault: hangs ? 'InitHangs' : 'InitFails',
        says: hangs
          ? `is an init container and does not end${running}`
          : 'is an init container and keeps failing',
        words: end || 'it runs',
        proven: false,
        nextStep: hangs
          ? `See what it waits for: kubectl logs -n ${pod.namespace} ${
              pod.name
            } -c ${name ?? '<init container>'}`
          : undefined,
        fields,
      },
      graph,
    ),
  ];
}

function nameOf({ container }: Symptom): string {
  return container ? bareName(container) : '(unnamed)';
}

function doing({ reason }: Symptom, end: string): string {
  return reason === 'InitHanging' ? 'does not end' : `keeps failing (${end})`;
}
