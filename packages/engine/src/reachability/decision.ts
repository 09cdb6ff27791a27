import { CompiledRule, PeerIndex } from './compiledPolicy';
import { Reachability } from './reachability';
import { Direction, PolicyPort } from './networkPolicy';
import { Protocol } from './portSet';
import { NamedPort } from './reachabilityInput';

/** `unknown`: a policy that is not seen may decide otherwise. */
export type Verdict = 'allowed' | 'denied' | 'unknown';

/** What the policies of one side say: those of the source about egress, those of the destination about ingress. */
export interface SideDecision {
  verdict: Verdict;
  /** Some policy of this direction selects the pod: what none of them allows is denied. */
  isolated: boolean;
  /** All that isolate it, those that allow first. */
  policies: PolicyDecision[];
}

export interface PolicyDecision {
  namespace: string;
  name: string;
  allows: boolean;
  rules: RuleDecision[];
}

export interface RuleDecision {
  /** `spec.ingress[0]`. */
  field: string;
  index: number;
  allows: boolean;
  /** Whether it speaks of the other side, and which of its peers do, e.g. `from[1]`; none where it speaks of all. */
  peerMatches: boolean;
  peers: string[];
  /** Whether it speaks of the port, and which of its ports do, e.g. `ports[0]`. */
  portMatches: boolean;
  ports: string[];
}

/** A destination's port. */
export interface PortNumber {
  protocol: Protocol;
  port: number;
}

export function portMatches(
  entry: PolicyPort,
  { protocol, port }: PortNumber,
  namedPorts: readonly NamedPort[],
): boolean {
  if (entry.protocol !== protocol) {
    return false;
  }
  return 'name' in entry
    ? namedPorts.some(
        named =>
          named.name === entry.name &&
          named.protocol === protocol &&
          named.port === port,
      )
    : entry.from <= port && port <= entry.to;
}

/** Named ports are those of the destination, whichever side the rule is on; an address has none. */
export function namedPortsOf(
  model: Reachability,
  destination: PeerIndex,
): readonly NamedPort[] {
  return model.classes[destination]?.namedPorts ?? [];
}

/** What the policies of one side say of a connection. */
export function decideSide(
  model: Reachability,
  direction: Direction,
  source: PeerIndex,
  destination: PeerIndex,
  port: PortNumber,
): SideDecision {
  const [subject, other] =
    direction === 'egress' ? [source, destination] : [destination, source];
  const namedPorts = namedPortsOf(model, destination);
  const policies = model.isolating(subject, direction).map(policy => {
    const { namespace, name } = policy.source;
    const rules = (policy[direction] ?? []).map(rule =>
      decideRule(rule, direction, other, port, namedPorts),
    );
    const allows = rules.some(rule => rule.allows);
    return { namespace, name, allows, rules };
  });
  const isolated = policies.length > 0;
  return {
    verdict: sideVerdict(
      isolated,
      policies.some(({ allows }) => allows),
      mayBeUnseen(model, subject),
    ),
    isolated,
    policies: [
      ...policies.filter(({ allows }) => allows),
      ...policies.filter(({ allows }) => !allows),
    ],
  };
}

function decideRule(
  { index, peers, anyPeer, ports }: CompiledRule,
  direction: Direction,
  other: PeerIndex,
  port: PortNumber,
  namedPorts: readonly NamedPort[],
): RuleDecision {
  const list = direction === 'ingress' ? 'from' : 'to';
  const peerMatches = anyPeer.has(other);
  const matching = (ports ?? []).flatMap((entry, at) =>
    portMatches(entry, port, namedPorts) ? [`ports[${at}]`] : [],
  );
  const matchesPort = ports === undefined || matching.length > 0;
  return {
    field: `spec.${direction}[${index}]`,
    index,
    allows: peerMatches && matchesPort,
    peerMatches,
    peers: (peers ?? []).flatMap((set, at) =>
      set.has(other) ? [`${list}[${at}]`] : [],
    ),
    portMatches: matchesPort,
    ports: matching,
  };
}

/** A policy only adds: what one allows no other takes away; that none selects is only sure where all are seen. */
function sideVerdict(
  isolated: boolean,
  isAllowed: boolean,
  isUnsure: boolean,
): Verdict {
  if (isolated && isAllowed) {
    return 'allowed';
  }
  if (isUnsure) {
    return 'unknown';
  }
  return isolated ? 'denied' : 'allowed';
}

/** Whether a policy may isolate it that is not among those of the model. */
export function mayBeUnseen(model: Reachability, subject: PeerIndex): boolean {
  const { unseen } = model.input;
  const pods = model.classes[subject];
  return (
    pods !== undefined &&
    !pods.hostNetwork &&
    (unseen === 'all' || unseen?.has(pods.namespace) === true)
  );
}

/** Both have to allow; one that denies is enough. */
export function bothSides(egress: Verdict, ingress: Verdict): Verdict {
  if (egress === 'denied' || ingress === 'denied') {
    return 'denied';
  }
  return egress === 'unknown' || ingress === 'unknown' ? 'unknown' : 'allowed';
}

/** Why no policy is asked, where none is. */
export type Exemption = 'itself' | 'own node';

/**
 * A pod always reaches itself, and traffic to and from its own node always passes: a kubelet's probes have to. A pod in
 * its host's network is its node to others.
 */
export function exemption(
  model: Reachability,
  source: number | undefined,
  destination: number | undefined,
): Exemption | undefined {
  if (source === undefined || destination === undefined) {
    return undefined;
  }
  if (source === destination) {
    return 'itself';
  }
  const [from, to] = [model.pods[source], model.pods[destination]];
  return (from.hostNetwork || to.hostNetwork) &&
    from.node !== '' &&
    from.node === to.node
    ? 'own node'
    : undefined;
}
