import { Json } from '../kinds/observation';
import { CausalGraph, CausalGraphNode, isKind } from './causalGraph';
import { failingContainer } from './container';
import { howItEnds } from './containerEnding';
import { Explainer, called, namespaceFlag } from './finding';
import { symptomsOf } from './symptom';
import { templateCarrier } from './templateCarrier';
import { changesOf, templateChange } from './templateChange';

/** A variable that a template defines twice: only one of the two values counts. */
interface Shadowed {
  container: string;
  name: string;
  /** What its value hides. */
  hides: string;
}

/**
 * A container that crashes, or is not ready since a rollout of its variables, while its template defines a variable
 * twice (S141): the later value counts, or `env` over `envFrom`. Both may be meant so: a suspect.
 */
export const shadowedEnvironment: Explainer = (pod, graph) => {
  const crash = failingContainer(pod, graph);
  const isCrash =
    crash !== undefined && howItEnds(crash).fault === 'ContainerCrashes';
  const symptom = isCrash
    ? crash
    : symptomsOf(pod, graph).find(
        ({ reason }) => reason === 'ReadinessFailing',
      );
  const carrier = symptom && templateCarrier(pod, graph);
  if (!symptom || !carrier) {
    return undefined;
  }
  const change = templateChange(pod, graph);
  const shadowed = shadowedOf(carrier.node, pod, graph).filter(
    ({ container, name }) =>
      isCrash ||
      changesOf(change, /\.env\./).some(
        ({ field }) => field === `${container}.env.${name}`,
      ),
  );
  if (shadowed.length === 0) {
    return undefined;
  }
  const told = shadowed
    .slice(0, 5)
    .map(
      ({ container, name, hides }) =>
        `${name} of container ${container} hides ${hides}`,
    )
    .join('; ');
  return [
    {
      type: 'root',
      confidence: 'likely',
      says: `${called(pod)} runs with variables that are defined twice.`,
      evidence: symptom.evidence,
      rootEdge: carrier.edge,
      above: carrier.above,
      root: {
        node: carrier.node,
        fault: 'EnvironmentShadowed',
        predicate: `defines variables twice, so that only one value of each counts: ${told}`,
        nextStep: `Take out the definition that is not meant: kubectl set env ${carrier.node.kind.kind.toLowerCase()}/${
          carrier.node.name
        }${namespaceFlag(carrier.node)} --list`,
        evidence: shadowed.slice(0, 5).map(({ container, name, hides }) => ({
          source: 'field',
          field: `spec.template.spec.containers[${container}].env[${name}]`,
          value: `hides ${hides}`,
        })),
        since: symptom.since,
      },
    },
  ];
};

function shadowedOf(
  { properties }: CausalGraphNode,
  pod: CausalGraphNode,
  graph: CausalGraph,
): Shadowed[] {
  const twice = names(properties.ShadowedEnv).map(entry => ({
    ...entry,
    hides: 'an earlier definition of it',
  }));
  const sources = graph
    .dependencies(pod.key)
    .filter(({ node }) => isKind(node, 'Secret', 'ConfigMap'))
    .filter(({ edge }) => texts(edge.details?.via).includes('envFrom'));
  const overFrom = names(properties.EnvBesideEnvFrom).flatMap(entry =>
    sources
      .filter(
        ({ node, edge }) =>
          texts(node.properties.Data).includes(entry.name) &&
          texts(edge.details?.containers).includes(entry.container),
      )
      .map(({ node }) => ({
        ...entry,
        hides: `key ${entry.name} of ${called(node)}`,
      })),
  );
  return [...twice, ...overFrom];
}

/** `app.DB_HOST`: names of variables have no dot that matters here, names of containers have none at all. */
function names(value: Json | undefined): { container: string; name: string }[] {
  return texts(value).map(text => {
    const dot = text.indexOf('.');
    return { container: text.slice(0, dot), name: text.slice(dot + 1) };
  });
}

function texts(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
