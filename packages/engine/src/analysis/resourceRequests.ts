import { CausalGraph, CausalGraphNode } from './causalGraph';
import { containersOf } from './containers';
import { parseQuantity } from './quantity';
import { taintOf } from './schedulerMessage';
import { nodesOf } from './siblings';
import { PlacementExplainer, templateRoot } from './unplacedPod';

const RESOURCE = /^Insufficient (\S+)/;

/**
 * A pod that asks for more than any node has left (S031). What it asks for is compared with the nodes' whole size: then
 * it can never fit, or it could and the cluster is full. Nodes with taints that are not for it are left out.
 */
export const insufficientResources: PlacementExplainer = (unplaced, graph) => {
  const { reasons, pod } = unplaced;
  const resources = [
    ...new Set(reasons.flatMap(({ text }) => RESOURCE.exec(text)?.[1] ?? [])),
  ];
  const isOther = reasons.filter(
    reason => !RESOURCE.test(reason.text) && !isStandingTaint(taintOf(reason)),
  );
  if (resources.length === 0 || isOther.length > 0) {
    return undefined;
  }
  const compared = resources.map(resource => comparison(pod, resource, graph));
  const impossible = compared.find(({ tooLarge }) => tooLarge);
  const told = compared.flatMap(({ text }) => text ?? []);
  return [
    templateRoot(
      unplaced,
      graph,
      {
        fault: 'InsufficientResources',
        predicate: impossible
          ? `asks for ${impossible.asked} ${impossible.resource} for a pod, and the largest node has ${impossible.largest}: it can never fit`
          : `asks for more ${resources.join(' and ')} than any node has left${
              told.length > 0 ? ` (${told.join('; ')})` : ''
            }`,
        nextStep: impossible
          ? `Lower resources.requests.${impossible.resource} of its containers to what a node has, or add larger nodes`
          : `Lower resources.requests of its pods, or add a node that has so much: kubectl describe nodes | grep -A 8 'Allocated resources'`,
        evidence: told.map(value => ({
          source: 'structure',
          field: 'resources.requests',
          value,
        })),
      },
      /\.requests\./,
    ),
  ];
};

/** A taint that an administrator set; the node controller's own come and go. */
function isStandingTaint(taint: string | undefined): boolean {
  return taint !== undefined && !taint.startsWith('node.kubernetes.io/');
}

interface Comparison {
  resource: string;
  asked?: string;
  largest?: string;
  tooLarge: boolean;
  text?: string;
}

function comparison(
  pod: CausalGraphNode,
  resource: string,
  graph: CausalGraph,
): Comparison {
  const asked = requestOf(pod, resource, graph);
  const nodes = nodesOf(pod.cluster, graph);
  const sizes = (nodes?.nodes ?? []).flatMap(node => {
    const text = Object(node.properties.Allocatable)[resource];
    const amount = parseQuantity(text);
    return amount === undefined ? [] : [{ amount, text: String(text) }];
  });
  if (!asked || sizes.length === 0) {
    return { resource, tooLarge: false };
  }
  const largest = sizes.reduce((a, b) => (b.amount > a.amount ? b : a));
  return {
    resource,
    asked: asked.text,
    largest: largest.text,
    tooLarge: asked.amount > largest.amount && nodes!.complete,
    text: `a pod asks for ${asked.text} ${resource}, the largest node has ${largest.text}`,
  };
}

/** What the pod's containers ask for together; an init container counts where it asks for more. */
function requestOf(
  pod: CausalGraphNode,
  resource: string,
  graph: CausalGraph,
): { amount: number; text: string } | undefined {
  const requests = (containersOf(pod, graph) ?? []).flatMap(
    ({ properties }) => {
      const { Requests, Limits, Role } = properties;
      const text = Object(Requests)[resource] ?? Object(Limits)[resource];
      const amount = parseQuantity(text);
      return amount === undefined
        ? []
        : [{ amount, text: String(text), isInit: Role === 'init' }];
    },
  );
  const regular = requests.filter(({ isInit }) => !isInit);
  const sum = regular.reduce((total, { amount }) => total + amount, 0);
  const init = requests
    .filter(({ isInit, amount }) => isInit && amount > sum)
    .sort((a, b) => b.amount - a.amount)[0];
  if (init) {
    return init;
  }
  if (regular.length <= 1) {
    return regular[0];
  }
  return { amount: sum, text: regular.map(({ text }) => text).join(' + ') };
}
