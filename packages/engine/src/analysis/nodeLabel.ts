import { Evidence } from '../kinds/status';
import { Explainer, called } from './finding';
import { nodesOf, siblingsOf } from './siblings';
import { symptomsOf, textsOf } from './symptom';

/**
 * A pod that no node's labels suit, while a sibling of the same template runs on a node that lacks them now (S113): the
 * node had them when the sibling was placed.
 */
export const labelGone: Explainer = (pod, graph) => {
  const message = symptomsOf(pod, graph)
    .flatMap(textsOf)
    .find(text => /node affinity\/selector|node selector/.test(text));
  const selector = pod.properties.NodeSelector;
  if (!message || !selector || typeof selector !== 'object') {
    return undefined;
  }
  const wanted = Object.entries(selector as Record<string, string>);
  const nodes = nodesOf(pod.cluster, graph)?.nodes ?? [];
  const siblings = siblingsOf(pod, graph) ?? [];
  for (const sibling of siblings) {
    const host = nodes.find(({ name }) => name === sibling.properties.Node);
    const gone = host
      ? wanted.filter(([key, value]) => host.labels[key] !== value)
      : [];
    if (host && gone.length > 0) {
      const labels = gone.map(([key, value]) => `${key}=${value}`).join(', ');
      const evidence: Evidence[] = [
        {
          source: 'structure',
          field: `Pod ${sibling.name} with nodeSelector ${labels}`,
          value: `runs on ${host.name}`,
        },
        {
          source: 'absence',
          field: `Node ${host.name} metadata.labels`,
          value: gone
            .map(
              ([key]) =>
                `${key}: ${host.labels[key] ?? 'no such label any more'}`,
            )
            .join(', '),
        },
      ];
      return [
        {
          type: 'root',
          confidence: 'likely',
          says: `${called(pod)} fits on no node: none has ${labels}.`,
          evidence: pod.verdict.evidence,
          quote: { who: 'the scheduler', text: message },
          root: {
            node: host,
            fault: 'NodeLabelRemoved',
            predicate: `has the label ${labels} no more, with which ${called(
              sibling,
            )} was placed on it`,
            nextStep: `Give it back: kubectl label node ${host.name} ${gone
              .map(([key, value]) => `${key}=${value}`)
              .join(' ')}`,
            evidence,
            since: pod.verdict.since,
          },
        },
      ];
    }
  }
  return undefined;
};
