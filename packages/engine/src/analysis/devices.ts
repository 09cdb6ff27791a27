import { KindId } from '../kinds/identity';
import {
  DEVICE_CLASS,
  RESOURCE_CLAIM,
  RESOURCE_CLAIM_TEMPLATE,
} from '../kinds/kindIds';
import { CausalGraph, CausalGraphNode, isKind } from './causalGraph';
import { Explainer, Finding, called, namespaceFlag } from './finding';
import { edgeBetween, objectNamed } from './namedObject';
import { symptomsOf, textsOf } from './symptom';

const DEVICE_WORDS =
  /cannot allocate all claims|device class (\S+) does not exist|resourceclaim|resource claim/i;
const TEMPLATE_ABSENT =
  /resourceclaimtemplates?\.resource\.k8s\.io "([^"]+)" not found/;

/** A pod that waits for its devices (S044): a claim without a device, or one that cannot even be made. */
export const waitingForDevices: Explainer = (pod, graph) => {
  const symptom = symptomsOf(pod, graph).find(
    one =>
      one.reason === 'Unschedulable' &&
      textsOf(one).some(text => DEVICE_WORDS.test(text)),
  );
  if (!symptom) {
    return undefined;
  }
  const message = textsOf(symptom).find(text => DEVICE_WORDS.test(text))!;
  const absent = graph
    .events(pod.key)
    .flatMap(one => TEMPLATE_ABSENT.exec(one.message) ?? [])[1];
  const named = /device class (\S+) does not exist/.exec(message)?.[1];
  const waits = (on: CausalGraphNode): Finding => ({
    type: 'dependency',
    on: on.key,
    edge: edgeBetween(graph, pod, on.key),
    confidence: 'proven',
    says: `${called(pod)} waits for devices: ${called(on)}.`,
    evidence: symptom.evidence,
    quote: { who: 'the scheduler', text: message },
  });
  if (absent !== undefined) {
    const template = absentObject(pod, graph, RESOURCE_CLAIM_TEMPLATE, absent);
    return template && [waits(template)];
  }
  const claims = graph
    .dependencies(pod.key)
    .filter(({ node }) => isKind(node, 'ResourceClaim'))
    .filter(({ node }) => node.properties.Allocated !== true);
  if (claims.length > 0) {
    return claims.map(({ node }) => waits(node));
  }
  const deviceClass =
    named === undefined
      ? undefined
      : absentObject(pod, graph, DEVICE_CLASS, named);
  return deviceClass && [waits(deviceClass)];
};

function absentObject(
  pod: CausalGraphNode,
  graph: CausalGraph,
  kind: KindId,
  name: string,
): CausalGraphNode | undefined {
  const found = objectNamed(
    graph,
    {
      cluster: pod.cluster,
      kind,
      namespace: kind === DEVICE_CLASS ? '' : pod.namespace,
      name,
    },
    'missing',
    { field: 'message', value: name },
  );
  return found.verdict.level === 'missing' && graph.node(found.key)
    ? found
    : undefined;
}

/** A claim that no device is found for: its class does not exist, or what the class has is taken. */
export const unallocatedClaim: Explainer = (claim, graph) => {
  if (claim.properties.Allocated === true) {
    return undefined;
  }
  const classes = graph
    .dependencies(claim.key)
    .filter(({ node }) => isKind(node, 'DeviceClass'));
  const absent = classes.filter(({ node }) => node.verdict.level === 'missing');
  if (absent.length > 0) {
    return absent.map(({ node, edge }) => ({
      type: 'dependency',
      on: node.key,
      edge,
      confidence: 'proven',
      says: `${called(claim)} asks for ${called(node)}.`,
      evidence: claim.verdict.evidence,
    }));
  }
  const { evidence, since } = claim.verdict;
  if (claim.verdict.level !== 'down' && claim.verdict.level !== 'progressing') {
    return undefined;
  }
  const names = claimedClasses(claim);
  const holders = holdersOf(claim, names, graph);
  return [
    {
      type: 'root',
      confidence: holders.length > 0 ? 'proven' : 'likely',
      says: `${called(claim)} has no device.`,
      evidence,
      root: {
        node: claim,
        fault: 'NoDeviceLeft',
        predicate: `asks for a device of class ${
          names.join(', ') || '(unnamed)'
        }, and none is free${
          holders.length > 0
            ? `: ${holders.length} ${
                holders.length === 1 ? 'is' : 'are'
              } held by ${holders.slice(0, 3).join(', ')}`
            : ''
        }`,
        nextStep: `Add nodes with such devices, or end what holds them: kubectl get resourceclaims -A; kubectl get resourceslices${
          holders.length > 0 ? '' : namespaceFlag(claim)
        }`,
        evidence: [
          ...evidence,
          ...holders.slice(0, 3).map(value => ({
            source: 'structure' as const,
            field: 'allocated claims of the class',
            value,
          })),
        ],
        since,
      },
    },
  ];
};

function claimedClasses({ properties }: CausalGraphNode): string[] {
  const { DeviceClasses } = properties;
  return Array.isArray(DeviceClasses) ? DeviceClasses.map(String) : [];
}

/** `ResourceClaim ml/train (pods/train-0)`. */
function holdersOf(
  claim: CausalGraphNode,
  classes: readonly string[],
  graph: CausalGraph,
): string[] {
  const all = graph.inventory({ cluster: claim.cluster, kind: RESOURCE_CLAIM });
  return (all?.nodes ?? [])
    .filter(
      one =>
        one.properties.Allocated === true &&
        claimedClasses(one).some(name => classes.includes(name)),
    )
    .map(one => {
      const { ReservedFor } = one.properties;
      const users = Array.isArray(ReservedFor) ? ReservedFor.join(', ') : '';
      return `${one.kind.kind} ${one.namespace}/${one.name}${
        users ? ` (${users})` : ''
      }`;
    });
}
