import { nearName } from '../analysis/nearName';
import { LabelRequirement, matchesLabels } from '../kinds/labelSelector';
import { decideSide, PolicyDecision, RuleDecision } from './decision';
import { Direction, PolicyPeer } from './networkPolicy';
import { peerFor, selectorFor } from './peerSuggestion';
import { PairAnswer } from './reach';
import { Reachability } from './reachability';
import { namespaceLabels, podText, ReachablePod } from './reachabilityInput';
import { addressEnds, podEnd, ReachEnd } from './reachEnds';
import { parseIpRange } from './ipRange';
import { PolicyEdit, withEdit } from './policyEdit';

/** For each side that denies, the smallest edit that ends it; none where policies are not to blame, or not seen. */
export function smallestChange(
  model: Reachability,
  answer: PairAnswer,
): PolicyEdit[] {
  return (['egress', 'ingress'] as const).flatMap(direction => {
    if (answer[direction].verdict !== 'denied') {
      return [];
    }
    const edit = candidates(model, answer, direction).find(one =>
      isEnough(model, answer, one),
    );
    return edit ? [edit] : [];
  });
}

function candidates(
  model: Reachability,
  answer: PairAnswer,
  direction: Direction,
): PolicyEdit[] {
  const { policies } = answer[direction];
  const rules = policies.flatMap(policy =>
    policy.rules.map(rule => ({ policy, rule })),
  );
  const ofPeers = rules.filter(({ rule }) => rule.portMatches);
  const ofPorts = rules.filter(({ rule }) => rule.peerMatches);
  return [
    ...ofPeers.flatMap(({ policy, rule }) =>
      mistyped(model, answer, direction, policy, rule),
    ),
    ...ofPorts.map(({ policy, rule }) =>
      addedPort(answer, direction, policy, rule),
    ),
    ...ofPeers.map(({ policy, rule }) =>
      addedPeer(model, answer, direction, policy, rule),
    ),
    createdPolicy(model, answer, direction),
  ];
}

function otherEnd(answer: PairAnswer, direction: Direction): ReachEnd {
  return direction === 'ingress' ? answer.from : answer.to;
}

/** A selector that the other side would match, were one of its words written a little differently. */
function mistyped(
  model: Reachability,
  answer: PairAnswer,
  direction: Direction,
  { namespace, name }: PolicyDecision,
  rule: RuleDecision,
): PolicyEdit[] {
  const { pod } = otherEnd(answer, direction);
  if (pod === undefined || model.pods[pod].hostNetwork) {
    return [];
  }
  const other = model.pods[pod];
  const source = model.policies.find(
    one => one.source.namespace === namespace && one.source.name === name,
  )?.source;
  const peers = source?.[direction]?.[rule.index].peers ?? [];
  const list = direction === 'ingress' ? 'from' : 'to';
  return peers.flatMap((peer, at) =>
    wrongWords(model, peer, other, namespace).map(
      ({ selector, requirement, value }): PolicyEdit => {
        const field = `${rule.field}.${list}[${at}].${selector}.matchLabels.${requirement.key}`;
        const [instead] = requirement.values;
        return {
          direction,
          action: 'replace',
          policy: { namespace, name },
          field,
          instead,
          value,
          text: `in NetworkPolicy ${namespace}/${name}, write "${value}" instead of "${instead}" at ${field}: that is what ${podText(
            other,
          )} has`,
        };
      },
    ),
  );
}

/** The one requirement that is not met, where another value close to it would meet it. */
function wrongWords(
  model: Reachability,
  peer: PolicyPeer,
  other: ReachablePod,
  namespace: string,
): {
  selector: 'podSelector' | 'namespaceSelector';
  requirement: LabelRequirement;
  value: string;
}[] {
  if (peer.type !== 'pods') {
    return [];
  }
  const labelsOfNamespace =
    model.input.namespaces.get(other.namespace) ??
    namespaceLabels(other.namespace);
  const failing = [
    ...peer.pods
      .filter(one => !matchesLabels([one], other.labels))
      .map(requirement => ({
        selector: 'podSelector' as const,
        requirement,
        labels: other.labels,
      })),
    ...(peer.namespaces === 'own' ? [] : peer.namespaces)
      .filter(one => !matchesLabels([one], labelsOfNamespace))
      .map(requirement => ({
        selector: 'namespaceSelector' as const,
        requirement,
        labels: labelsOfNamespace,
      })),
  ];
  if (
    failing.length !== 1 ||
    (peer.namespaces === 'own' && other.namespace !== namespace)
  ) {
    return [];
  }
  const [{ selector, requirement, labels }] = failing;
  const { key, operator, values } = requirement;
  const value = labels[key];
  return operator === 'In' &&
    values.length === 1 &&
    value !== undefined &&
    nearName(values[0], [value]) !== undefined
    ? [{ selector, requirement, value }]
    : [];
}

function addedPort(
  { port }: PairAnswer,
  direction: Direction,
  { namespace, name }: PolicyDecision,
  rule: RuleDecision,
): PolicyEdit {
  const field = `${rule.field}.ports`;
  return {
    direction,
    action: 'add',
    policy: { namespace, name },
    field,
    value: { protocol: port.protocol, port: port.port },
    text: `in NetworkPolicy ${namespace}/${name}, add port ${port.port}/${port.protocol} to ${field}`,
  };
}

function addedPeer(
  model: Reachability,
  answer: PairAnswer,
  direction: Direction,
  { namespace, name }: PolicyDecision,
  rule: RuleDecision,
): PolicyEdit {
  const other = otherEnd(answer, direction);
  const field = `${rule.field}.${direction === 'ingress' ? 'from' : 'to'}`;
  return {
    direction,
    action: 'add',
    policy: { namespace, name },
    field,
    value: peerFor(model, other, namespace),
    text: `in NetworkPolicy ${namespace}/${name}, add ${other.text} to ${field}`,
  };
}

/** Beside a policy that denies all one puts another that allows something. */
function createdPolicy(
  model: Reachability,
  answer: PairAnswer,
  direction: Direction,
): PolicyEdit {
  const own = direction === 'ingress' ? answer.to : answer.from;
  const other = otherEnd(answer, direction);
  const pod = model.pods[own.pod!];
  const { namespace } = pod;
  const { protocol, port } = answer.port;
  const name = `allow-${direction}-${pod.workload.name}-${port}`
    .toLowerCase()
    .replace(/[^a-z0-9.-]/g, '-')
    .slice(0, 200);
  const peers = [peerFor(model, other, namespace)];
  return {
    direction,
    action: 'create',
    policy: { namespace, name },
    value: {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name, namespace },
      spec: {
        podSelector: selectorFor(pod),
        policyTypes: [direction === 'ingress' ? 'Ingress' : 'Egress'],
        [direction]: [
          {
            [direction === 'ingress' ? 'from' : 'to']: peers,
            ports: [{ protocol, port }],
          },
        ],
      },
    },
    text: `create a NetworkPolicy ${namespace}/${name} that allows ${direction} ${
      direction === 'ingress' ? 'from' : 'to'
    } ${other.text} on port ${port}/${protocol}`,
  };
}

/** Tried on the two ends alone: that is all that decides about them. */
function isEnough(
  model: Reachability,
  answer: PairAnswer,
  edit: PolicyEdit,
): boolean {
  // Those that do not isolate it have no say, before and after.
  const asked = new Set(
    answer[edit.direction].policies.map(
      ({ namespace, name }) => `${namespace}/${name}`,
    ),
  );
  const policies = withEdit(
    model.input.policies.filter(({ metadata }) =>
      asked.has(`${metadata?.namespace || 'default'}/${metadata?.name}`),
    ),
    edit,
  );
  const pods = [answer.from.pod, answer.to.pod].flatMap(index =>
    index === undefined ? [] : model.pods[index],
  );
  const tried = Reachability.create({ ...model.input, pods, policies });
  const endOf = (end: ReachEnd): ReachEnd | undefined => {
    if (end.pod !== undefined) {
      const { namespace, name } = model.pods[end.pod];
      const index = tried.indexOfPod(namespace, name);
      return index === undefined ? undefined : podEnd(tried, index);
    }
    const range = parseIpRange(end.text);
    return range && addressEnds(tried, range)[0];
  };
  const [from, to] = [endOf(answer.from), endOf(answer.to)];
  return (
    from !== undefined &&
    to !== undefined &&
    // An edit that makes a policy invalid takes it away: that is more than was asked.
    !tried.invalid.some(
      ({ namespace, name }) =>
        namespace === edit.policy.namespace && name === edit.policy.name,
    ) &&
    decideSide(tried, edit.direction, from.peer, to.peer, answer.port)
      .verdict === 'allowed'
  );
}
