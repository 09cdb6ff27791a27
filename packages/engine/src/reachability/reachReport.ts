import { SideDecision } from './decision';
import { InvalidPolicy } from './networkPolicy';
import { PolicyEdit } from './policyEdit';
import { AskedPort, askedPortText } from './askedPort';
import { PairAnswer, reach, ReachAnswer } from './reach';
import { Reachability } from './reachability';
import { ReachEnd, ReachTarget } from './reachEnds';
import { EndName, endText, sourceEnds, targetEnds } from './reachQuestion';
import { Routing } from './routing';
import { smallestChange } from './smallestChange';

/** The answer to a question as it is handed out: JSON. */
export interface ReachReport {
  /** All of it, for sure. */
  allowed: boolean;
  /** `partly`: some pairs are, and some are not. `unknown`: policies that are not seen may decide otherwise. */
  verdict: ReachAnswer['verdict'];
  from: string;
  to: string;
  port: string;
  /** In plain words. */
  summary: string;
  /** What the policies of the source and of the destination say of the pair that is told of. */
  egress: SideDecision & { allowed: boolean };
  ingress: SideDecision & { allowed: boolean };
  /** The pair of which both sides are told: one that is denied, where there is one. */
  pair?: { from: string; to: string; port: string };
  pairs: ReachAnswer['pairs'];
  /** The smallest edits after which that pair is allowed; none where it is, or where policies are not to blame. */
  change: PolicyEdit[];
  notes: string[];
  /** Policies that an API server would refuse; they are not applied. */
  invalidPolicies: InvalidPolicy[];
}

const NOBODY: SideDecision = {
  verdict: 'denied',
  isolated: false,
  policies: [],
};

/** @throws ReachQuestionError for a question that cannot be answered as it was asked */
export function reachReport(
  model: Reachability,
  routing: Routing,
  question: { from: EndName; to: EndName; port?: AskedPort },
): ReachReport {
  const { from, to, port } = question;
  const { targets, notes } = targetEnds(model, routing, to, port);
  return reportOf(model, {
    from: endText(from),
    to: endText(to),
    port: port ? askedPortText(port) : 'all of its ports',
    sources: sourceEnds(model, routing, from),
    targets,
    notes: [...notes, ...clusterAddressNotes(routing, to)],
  });
}

export function reportOf(
  model: Reachability,
  asked: {
    from: string;
    to: string;
    port: string;
    sources: readonly ReachEnd[];
    targets: readonly ReachTarget[];
    notes: readonly string[];
  },
): ReachReport {
  const { from, to, port, sources, targets } = asked;
  const { verdict, pairs, example, cut } = reach(model, sources, targets);
  const egress = example?.egress ?? NOBODY;
  const ingress = example?.ingress ?? NOBODY;
  return {
    allowed: verdict === 'allowed' && cut === undefined,
    ...{ verdict, from, to, port },
    summary: summaryOf(asked, verdict, example),
    egress: { allowed: egress.verdict === 'allowed', ...egress },
    ingress: { allowed: ingress.verdict === 'allowed', ...ingress },
    ...(example && {
      pair: {
        from: example.from.text,
        to: example.to.text,
        port: askedPortText(example.port),
      },
    }),
    pairs,
    change: example ? smallestChange(model, example) : [],
    notes: [
      ...asked.notes,
      ...(cut === undefined ? [] : [cut]),
      ...hostNotes(model, example),
    ],
    invalidPolicies: [...model.invalid],
  };
}

function summaryOf(
  { from, to, port }: { from: string; to: string; port: string },
  verdict: ReachAnswer['verdict'],
  example: PairAnswer | undefined,
): string {
  const what = `${from} to ${to} on ${port}`;
  if (!example) {
    return `Nothing from ${what}: there is nobody to reach.`;
  }
  const pair = `${example.from.text} to ${example.to.text}`;
  const isPair = from === example.from.text && to === example.to.text;
  switch (verdict) {
    case 'allowed':
      return `Allowed from ${what}${whyAllowed(example)}.`;
    case 'denied':
      return `Denied from ${what}: ${whyDenied(example)}.`;
    case 'partly':
      return `Only in part allowed from ${what}: from ${pair} it is denied, ${whyDenied(
        example,
      )}.`;
    default:
      return `Unknown from ${what}${
        isPair ? '' : ` (e.g. ${pair})`
      }: policies that are not seen here may decide otherwise.`;
  }
}

function whyAllowed({ exemption, egress, ingress }: PairAnswer): string {
  if (exemption === 'itself') {
    return ': a pod always reaches itself';
  }
  if (exemption === 'own node') {
    return ': traffic to and from its own node always passes';
  }
  const reasons = [
    sideReason('egress', egress),
    sideReason('ingress', ingress),
  ].filter(reason => reason !== undefined);
  return reasons.length > 0
    ? `: ${reasons.join(', ')}`
    : ': no policy isolates either of them';
}

function sideReason(
  direction: string,
  { policies }: SideDecision,
): string | undefined {
  const policy = policies.find(({ allows }) => allows);
  const rule = policy?.rules.find(({ allows }) => allows);
  return (
    policy &&
    `${direction} by ${policy.namespace}/${policy.name}${
      rule ? ` ${rule.field}` : ''
    }`
  );
}

function whyDenied({ from, to, port, egress, ingress }: PairAnswer): string {
  return [
    egress.verdict === 'denied' &&
      `no rule of ${policyNames(egress)} lets ${from.text} send to it`,
    ingress.verdict === 'denied' &&
      `no rule of ${policyNames(ingress)} lets it into ${to.text} on ${
        port.port
      }/${port.protocol}`,
  ]
    .filter(reason => reason)
    .join(', and ');
}

function policyNames({ policies }: SideDecision): string {
  const names = policies.map(({ namespace, name }) => `${namespace}/${name}`);
  const more = names.length - 3;
  return more > 0
    ? `${names.slice(0, 3).join(', ')} and ${more} more`
    : names.join(', ');
}

function hostNotes(
  model: Reachability,
  example: PairAnswer | undefined,
): string[] {
  const ends = example && !example.exemption ? [example.from, example.to] : [];
  return ends.flatMap(({ pod, text }) =>
    pod !== undefined && model.pods[pod].hostNetwork
      ? [
          `${text} is in its host's network: policies do not govern it, and to others it is its node`,
        ]
      : [],
  );
}

/** A Service's address is not what policies see. */
function clusterAddressNotes(routing: Routing, to: EndName): string[] {
  const service =
    to.type === 'addresses'
      ? routing.services.find(({ addresses }) => addresses.includes(to.text))
      : undefined;
  return service
    ? [
        `${service.addresses[0]} is an address of Service ${service.namespace}/${service.name}: most plugins ask policies about the pods behind it; ask for the Service`,
      ]
    : [];
}
