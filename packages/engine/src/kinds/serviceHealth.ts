import { ContextNode, Neighbours } from './kindDefinition';
import { nobodyInView, withDoubt } from './serviceDoubt';
import { Endpoints, endpointsOf } from './serviceEndpoints';
import { earliest, neighbourEvidence } from './replicaHealth';
import { Evidence, Verdict, verdictAt } from './status';
import { until, verdict, worstVerdict } from './verdict';

const MINUTE = 60_000;
/** The controller writes slices a second after its pods have changed; when it is busy, some more. */
const SLICES_WITHIN = 2 * MINUTE;
const BROKEN: ReadonlySet<string> = new Set(['down', 'degraded', 'unknown']);

/** What leads to a Service from outside: then nobody behind it is a fault (H074). */
const CALLERS = [
  'ingress-service',
  'httproute-service',
  'grpcroute-service',
  'tlsroute-service',
  'tcproute-service',
  'udproute-service',
] as const;

/** Whom the API server itself calls: its requests fail, whether nobody is there on purpose or not. */
const API_SERVER_CALLERS = [
  'validatingwebhookconfiguration-service',
  'mutatingwebhookconfiguration-service',
  'apiservice-service',
  'customresourcedefinition-service',
] as const;

const WORKLOADS = ['service-deployment', 'service-statefulset'] as const;

export const SERVICE_CONTEXT: readonly string[] = [
  'service-pod',
  'service-endpointslice',
  'service-endpoints',
  ...WORKLOADS,
  ...CALLERS,
  ...API_SERVER_CALLERS,
];

/**
 * A Service by its EndpointSlices and the pods that it selects (H073–H078), beside what its own fields say.
 * Without slices or Endpoints in view only pods of which none is ready are a claim: no pod in view may mean that pods
 * may not be read.
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
    const selectsNobody = ['service-pod', ...WORKLOADS].every(
      relation => neighbours(relation, 'out').length === 0,
    );
    return selectsNobody
      ? nobodyInView(service)
      : unreadyInView(service, neighbours, now);
  }
  const pods = neighbours('service-pod', 'out').filter(
    pod => pod.facts.terminal !== true,
  );
  const found =
    portVerdict(service, endpoints) ??
    emptyVerdict(endpoints, pods, neighbours) ??
    localVerdict(service, endpoints, pods) ??
    withDoubt(
      partlyVerdict(endpoints, pods, () => desiredOf(workloadsOf(neighbours))),
      service,
      pods,
      () => workloadsOf(neighbours).length,
    );
  return verdictAt(worstVerdict([found, service.own]), now);
}

/** `kubectl get all` brings no slices: pods of which none is ready say as much (H075). */
function unreadyInView(
  service: ContextNode,
  neighbours: Neighbours,
  now: number,
): Verdict | undefined {
  const pods = neighbours('service-pod', 'out').filter(
    pod => pod.facts.terminal !== true,
  );
  // A manifest says nothing of how its pod is; a lost node does.
  const isUnready = ({ facts, level, own }: ContextNode) =>
    facts.ready === false &&
    (level === 'unknown'
      ? own.reason === 'NodeLost'
      : BROKEN.has(level) || level === 'progressing');
  if (pods.length === 0 || !pods.every(isUnready)) {
    return undefined;
  }
  const endpoints = { ready: 0, addresses: pods.length, unserved: [] };
  const found = emptyVerdict(endpoints, pods, neighbours);
  return found && verdictAt(worstVerdict([found, service.own]), now);
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
    const workloads = workloadsOf(neighbours);
    return workloads.length > 0
      ? workloadVerdict(workloads, neighbours)
      : noPodsVerdict(neighbours);
  }
  const broken = pods.filter(({ level }) => BROKEN.has(level));
  if (pods.length > 0 && pods.every(({ facts }) => facts.ready === true)) {
    return outdatedVerdict(pods);
  }
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

/** All pods are ready, and the slices do not know of one: they are written within moments, or by nobody. */
function outdatedVerdict(pods: readonly ContextNode[]): Verdict {
  const ready = Math.max(
    ...pods.map(({ own, createdAt }) => own.since ?? createdAt ?? 0),
  );
  const details = {
    rule: 'H075',
    message: `its ${pods.length} pods are ready, and its EndpointSlices name none of them`,
    since: ready,
    evidence: [
      structure('ready endpoints', '0'),
      ...pods.slice(0, 5).map(neighbourEvidence),
    ],
  };
  return until(
    ready + SLICES_WITHIN,
    verdict('progressing', 'NoReadyEndpoints', details),
    verdict('down', 'EndpointsOutdated', details),
  );
}

/** Those whose pods its selector would match. */
function workloadsOf(neighbours: Neighbours): ContextNode[] {
  return WORKLOADS.flatMap(relation =>
    neighbours(relation, 'out').filter(({ level }) => level !== 'missing'),
  );
}

function desiredOf(workloads: readonly ContextNode[]): number {
  return workloads.reduce((sum, { facts }) => sum + (facts.desired ?? 0), 0);
}

/**
 * There are workloads for it, and they have no pod. Scaled to zero is a deliberate state (H076), unless the API server
 * calls this Service: it gets no answer either way. Otherwise it suffers from its workloads (H075).
 */
function workloadVerdict(
  workloads: readonly ContextNode[],
  neighbours: Neighbours,
): Verdict {
  const evidence = [
    structure('ready endpoints', '0'),
    ...workloads.slice(0, 5).map(neighbourEvidence),
  ];
  if (desiredOf(workloads) === 0) {
    const caller = firstOf(API_SERVER_CALLERS, neighbours);
    return verdict(caller ? 'down' : 'idle', 'BackendScaledToZero', {
      rule: 'H076',
      message: 'the workload behind it is scaled to zero',
      evidence: [...evidence, ...calledBy(caller)],
    });
  }
  const broken = workloads.filter(({ level }) => BROKEN.has(level));
  return verdict(
    broken.length > 0 ? 'down' : 'progressing',
    'NoReadyEndpoints',
    {
      rule: 'H075',
      message: 'the workload behind it has no pod',
      since: earliest(broken),
      evidence,
    },
  );
}

/** Nobody behind it matters only to those who send something (H074). */
function noPodsVerdict(neighbours: Neighbours): Verdict {
  const caller = firstOf([...CALLERS, ...API_SERVER_CALLERS], neighbours);
  return verdict(caller ? 'down' : 'idle', 'NoMatchingPods', {
    rule: 'H074',
    message: 'its selector matches no pod',
    evidence: [
      structure('spec.selector', 'matches no pod'),
      structure('ready endpoints', '0'),
      ...calledBy(caller),
    ],
  });
}

function firstOf(
  relations: readonly string[],
  neighbours: Neighbours,
): ContextNode | undefined {
  for (const relation of relations) {
    const [first] = neighbours(relation, 'in');
    if (first) {
      return first;
    }
  }
  return undefined;
}

function calledBy(caller: ContextNode | undefined): Evidence[] {
  return caller ? [structure('referred to by', caller.key)] : [];
}

/**
 * `internalTrafficPolicy: Local`: who calls from a node whose endpoints are all unready gets no answer, whatever other
 * nodes have (H080). Callers are not visible in the API, so nodes that never had an endpoint are not counted.
 */
function localVerdict(
  service: ContextNode,
  { unserved }: Endpoints,
  pods: readonly ContextNode[],
): Verdict | undefined {
  if (!service.facts.local || unserved.length === 0) {
    return undefined;
  }
  const broken = pods.filter(isBroken);
  return broken.length > 0
    ? verdict('degraded', 'NoLocalEndpoint', {
        rule: 'H080',
        message: `no ready endpoint on ${unserved.join(', ')}`,
        since: earliest(broken),
        evidence: [
          structure('spec.internalTrafficPolicy', 'Local'),
          structure('nodes without a ready endpoint', unserved.join(', ')),
          ...broken.slice(0, 5).map(neighbourEvidence),
        ],
      })
    : undefined;
}

function isBroken(pod: ContextNode): boolean {
  return BROKEN.has(pod.level) && pod.facts.ready !== true;
}

/**
 * Some endpoints are not ready: normal for a while, a problem below one half or after five minutes (H077). No problem
 * are those beyond what its workloads ask for: the surge pods of a stuck rollout take nothing away.
 *
 * @param desired pods that its workloads ask for; 0 when there is no workload in view
 */
function partlyVerdict(
  endpoints: Endpoints,
  pods: readonly ContextNode[],
  desired: () => number,
): Verdict {
  const { ready, addresses } = endpoints;
  const counts = `${ready} of ${addresses} endpoints ready`;
  const serving = verdict('ok', 'Serving', {
    message: counts,
    evidence: [structure('ready endpoints', `${ready}/${addresses}`)],
  });
  const broken = ready >= addresses ? [] : pods.filter(isBroken);
  if (broken.length === 0) {
    return serving;
  }
  const asked = Math.min(desired() || addresses, addresses);
  if (ready >= asked) {
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
  return ready * 2 < asked
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
