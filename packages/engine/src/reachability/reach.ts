import {
  bothSides,
  decideSide,
  Exemption,
  exemption,
  PortNumber,
  SideDecision,
  Verdict,
} from './decision';
import { PeerIndex } from './compiledPolicy';
import { Reachability } from './reachability';
import { ReachEnd, ReachTarget } from './reachEnds';

/** Whether one end reaches the other on one port, and which policies say so. */
export interface PairAnswer {
  from: ReachEnd;
  to: ReachEnd;
  port: PortNumber;
  verdict: Verdict;
  /** Policies are not asked then. */
  exemption?: Exemption;
  egress: SideDecision;
  ingress: SideDecision;
}

/** Whether all of one side reach all of the other. */
export interface ReachAnswer {
  /** `partly`: some do, and some do not. */
  verdict: Verdict | 'partly';
  pairs: { count: number; allowed: number; denied: number; unknown: number };
  /** The first that is denied, or else unknown, or else allowed; none where an end has no pods. */
  example?: PairAnswer;
  /** Not all pairs were looked at. */
  cut?: string;
}

/** Pairs of pods and ports that one question looks at. */
export const MOST_PAIRS = 1_000_000;

const FREE: SideDecision = {
  verdict: 'allowed',
  isolated: false,
  policies: [],
};

export function reachPair(
  model: Reachability,
  from: ReachEnd,
  to: ReachEnd,
  port: PortNumber,
): PairAnswer {
  const exempt = exemptionOf(model, from, to);
  if (exempt) {
    return {
      ...{ from, to, port, verdict: 'allowed', exemption: exempt },
      ...{ egress: FREE, ingress: FREE },
    };
  }
  const egress = decideSide(model, 'egress', from.peer, to.peer, port);
  const ingress = decideSide(model, 'ingress', from.peer, to.peer, port);
  const verdict = bothSides(egress.verdict, ingress.verdict);
  return { from, to, port, verdict, egress, ingress };
}

/** From each of the sources to each of the targets, on each of the target's ports. */
export function reach(
  model: Reachability,
  sources: readonly ReachEnd[],
  targets: readonly ReachTarget[],
): ReachAnswer {
  const pairs = { count: 0, allowed: 0, denied: 0, unknown: 0 };
  const examples: Partial<Record<Verdict, PairAnswer>> = {};
  const known = new Map<string, PairAnswer>();
  let cut: string | undefined;
  const look = (from: ReachEnd, to: ReachTarget, port: PortNumber) => {
    const exempt = exemptionOf(model, from, to);
    const key = exempt ?? keyOf(from.peer, to.peer, port);
    let answer = known.get(key);
    if (!answer) {
      answer = reachPair(model, from, to, port);
      known.set(key, answer);
    }
    pairs.count++;
    pairs[answer.verdict]++;
    examples[answer.verdict] ??= answer;
  };
  for (const to of targets) {
    for (const port of to.ports) {
      for (const from of sources) {
        if (pairs.count >= MOST_PAIRS) {
          cut = `only the first ${MOST_PAIRS} pairs were looked at`;
          break;
        }
        look(from, to, port);
      }
    }
  }
  const example = examples.denied ?? examples.unknown ?? examples.allowed;
  return {
    verdict: verdictOf(pairs),
    pairs,
    ...(example && { example }),
    ...(cut !== undefined && { cut }),
  };
}

/** An address of the node that the other end runs on is that node. */
function exemptionOf(
  model: Reachability,
  from: ReachEnd,
  to: ReachEnd,
): Exemption | undefined {
  const isNodeOf = ({ text }: ReachEnd, { pod }: ReachEnd) =>
    pod !== undefined && model.pods[pod].nodeAddresses?.includes(text) === true;
  const isOutside = ({ pod }: ReachEnd) => pod === undefined;
  if (
    (isOutside(from) && isNodeOf(from, to)) ||
    (isOutside(to) && isNodeOf(to, from))
  ) {
    return 'own node';
  }
  return exemption(model, from.pod, to.pod);
}

function keyOf(from: PeerIndex, to: PeerIndex, port: PortNumber): string {
  return `${from} ${to} ${port.protocol} ${port.port}`;
}

/** Where an end has no pods there is nothing to reach: denied. */
function verdictOf({
  count,
  allowed,
  denied,
}: ReachAnswer['pairs']): ReachAnswer['verdict'] {
  if (denied === count) {
    return 'denied';
  }
  if (allowed === count) {
    return 'allowed';
  }
  return allowed > 0 && denied > 0 ? 'partly' : 'unknown';
}
