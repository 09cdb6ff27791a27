import { CausalGraphNode } from './causalGraph';
import { containerRoot, failingContainer } from './container';
import { howItEnds } from './containerEnding';
import { bareName, containersOf, isInit, portsOf } from './containers';
import { Explainer } from './finding';

/**
 * A container that crashes while another one of its pod holds a port that both declare (S020): they share one network.
 * Likely, and proven where the container says that the address is in use.
 */
export const portConflict: Explainer = (pod, graph) => {
  const symptom = failingContainer(pod, graph);
  const { container } = symptom ?? {};
  if (!symptom || !container || isInit(symptom)) {
    return undefined;
  }
  const how = howItEnds(symptom);
  const own = portsOf(container);
  if (how.fault !== 'ContainerCrashes' || own.length === 0) {
    return undefined;
  }
  const rival = (containersOf(pod, graph) ?? [])
    .filter(other => other.key !== container.key && isUp(other))
    .flatMap(other =>
      portsOf(other)
        .filter(({ port, protocol }) =>
          own.some(one => one.port === port && one.protocol === protocol),
        )
        .map(({ port }) => ({ name: bareName(other), port })),
    )[0];
  if (!rival) {
    return undefined;
  }
  return [
    containerRoot(
      pod,
      symptom,
      {
        ...how,
        fault: 'PortConflict',
        says: `keeps crashing and declares port ${rival.port}, which container ${rival.name} of the same pod has`,
        proven: /address already in use/i.test(how.words),
        nextStep: `Give one of the containers ${bareName(container)} and ${
          rival.name
        } another port: all containers of a pod share its ports`,
        fields: 'ports|image|args|env|command',
      },
      graph,
    ),
  ];
};

function isUp({ verdict, properties }: CausalGraphNode): boolean {
  return (
    (verdict.level === 'ok' || verdict.level === 'progressing') &&
    properties.Role !== 'init' &&
    properties.Role !== 'ephemeral'
  );
}
