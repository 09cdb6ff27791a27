import { ContextNode, Neighbours } from './kindDefinition';
import { Endpoints, endpointsOf } from './serviceEndpoints';
import { earliest, neighbourEvidence } from './replicaHealth';
import { Evidence, Verdict, verdictAt } from './status';
import { until, verdict, worstVerdict } from './verdict';

const MINUTE = 60_000;
const BROKEN: ReadonlySet<string> = new Set(['down', 'degraded', 'unknown']);

/**
 * A Service by its EndpointSlices and the pods that it selects (H073–H078), beside what its own fields say.
 * Without slices or Endpoints in view nothing is claimed: no pod in view may mean that pods may not be read.
 */
export function judgeService(
  service: ContextNode,
  neighbours: Neighbours,
  now: number,
): Verdict | undefined {
  if (!service.facts.selects || service.own.level === 'terminating') {
    return undefined;
  }
  const endpoints = endpointsOf(neighbours);
  if (!endpoints) {
    return undefined;
  }
  const pods = neighbours('service-pod', 'out').filter(
    pod => pod.facts.terminal !== true,
  );
  const found =
    portVerdict(service, endpoints) ??
    emptyVerdict(endpoints, pods, neighbours) ??
    partlyVerdict(endpoints, pods);
  return verdictAt(worstVerdict([found, service.own]), now);
}

/** A named target port that no pod has: the addresses are ready, yet nothing answers (H078). */
function portVerdict(
  service: ContextNode,
  endpoints: Endpoints,
): Verdict | undefined {
  const ports: { name: string; targetPort?: unknown }[] =
    service.facts.ports ?? [];
  if (endpoints.addresses === 0 || !endpoints.ports || ports.length === 0) {
    return undefined;
  }
  const served = endpoints.ports;
  const dead = ports.filter(port => !served.has(port.name));
  if (dead.length === 0) {
    return undefined;
  }
  const named = dead.map(port => String(port.targetPort ?? port.name));
  return verdict(
    dead.length === ports.length ? 'down' : 'degraded',
    'PortNameMissing',
    {
      rule: 'H078',
      message: `no selected pod has a port named ${named.join(', ')}`,
      evidence: [
        structure('spec.ports[].targetPort', named.join(', ')),
        structure(
          'EndpointSlice ports',
          [...served].filter(Boolean).join(', ') || 'none',
        ),
      ],
    },
  );
}

function emptyVerdict(
  endpoints: Endpoints,
  pods: readonly ContextNode[],
  neighbours: Neighbours,
): Verdict | undefined {
  if (endpoints.ready > 0) {
    return undefined;
  }
  if (endpoints.addresses === 0 && pods.length === 0) {
    return noPodsVerdict(neighbours);
  }
  const broken = pods.filter(({ level }) => BROKEN.has(level));
  if (broken.length === 0 && pods.length > 0) {
    return verdict('progressing', 'NoReadyEndpoints', {
      rule: 'H075',
      message: `its ${pods.length} pods are starting or stopping`,
      evidence: pods.slice(0, 5).map(neighbourEvidence),
    });
  }
  return verdict('down', 'NoReadyEndpoints', {
    rule: 'H075',
    message: `none of ${pods.length || endpoints.addresses} endpoints is ready`,
    since: earliest(broken),
    evidence: [
      structure('ready endpoints', '0'),
      ...broken.slice(0, 5).map(neighbourEvidence),
    ],
  });
}

/** Nobody behind it matters only to those who send something: an Ingress in front makes it down (H074). */
function noPodsVerdict(neighbours: Neighbours): Verdict {
  const [ingress] = neighbours('ingress-service', 'in');
  const details = {
    rule: 'H074',
    message: 'its selector matches no pod',
    evidence: [
      structure('spec.selector', 'matches no pod'),
      structure('ready endpoints', '0'),
      ...(ingress ? [structure('referred to by', ingress.key)] : []),
    ],
  };
  return verdict(ingress ? 'down' : 'idle', 'NoMatchingPods', details);
}

/** Some endpoints are not ready: normal for a while, a problem below one half or after five minutes (H077). */
function partlyVerdict(
  endpoints: Endpoints,
  pods: readonly ContextNode[],
): Verdict {
  const { ready, addresses } = endpoints;
  const counts = `${ready} of ${addresses} endpoints ready`;
  const serving = verdict('ok', 'Serving', {
    message: counts,
    evidence: [structure('ready endpoints', `${ready}/${addresses}`)],
  });
  const broken = pods.filter(
    pod => BROKEN.has(pod.level) && pod.facts.ready !== true,
  );
  if (ready >= addresses || broken.length === 0) {
    return serving;
  }
  const partly = verdict('degraded', 'PartlyReady', {
    rule: 'H077',
    message: counts,
    since: earliest(broken),
    evidence: [
      ...serving.evidence,
      ...broken.slice(0, 5).map(neighbourEvidence),
    ],
  });
  const since = earliest(broken);
  return ready * 2 < addresses
    ? partly
    : until(
        since === undefined ? undefined : since + 5 * MINUTE,
        serving,
        partly,
      );
}

function structure(field: string, value: string): Evidence {
  return { source: 'structure', field, value };
}
