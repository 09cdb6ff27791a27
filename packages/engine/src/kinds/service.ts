import { KindDefinition, KubernetesObject } from './kindDefinition';
import { DEPLOYMENT, POD, SERVICE, STATEFUL_SET } from './kindIds';
import { kindType } from './kindIds';
import { KindId } from './identity';
import { LabelSelector, selectorFromMap } from './labelSelector';
import { annotationReferences } from './annotationReferences';
import { observation, ownVerdict, parseTime } from './metadata';
import { Json, Reference, SelectorReference } from './observation';
import { judgeService, SERVICE_CONTEXT } from './serviceHealth';
import { Verdict } from './status';
import { withoutUndefined } from './json';
import { fieldEvidence, until, verdict } from './verdict';

export const serviceKind: KindDefinition = {
  id: SERVICE,
  type: 'service',
  version: 'v1',
  plural: 'services',
  namespaced: true,
  observe(service, context) {
    const { spec = {}, status = {} } = service;
    // An absent or empty selector selects nothing (relationships.md section 4.2).
    const selector = selectorFromMap(spec.selector ?? {});
    const selects = selector.length > 0 && spec.type !== 'ExternalName';
    return observation(SERVICE, true, service, context, {
      properties: {
        Ports: (spec.ports ?? []).map(portProperties),
        ClusterIP: spec.clusterIP ?? '',
        ServiceType: spec.type ?? 'ClusterIP',
        SessionAffinity: spec.sessionAffinity ?? '',
        LoadBalancerIP: spec.loadBalancerIP ?? '',
        ExternalName: spec.externalName ?? '',
        Selector: spec.selector ?? {},
        LoadBalancerIngress: loadBalancerAddresses(status),
        PublishNotReadyAddresses: spec.publishNotReadyAddresses,
        LoadBalancerClass: spec.loadBalancerClass,
        InternalTrafficPolicy: unlessCluster(spec.internalTrafficPolicy),
        ExternalTrafficPolicy: unlessCluster(spec.externalTrafficPolicy),
      },
      verdict: ownVerdict(service, loadBalancerVerdict(service)),
      facts: {
        selects,
        headless: spec.clusterIP === 'None',
        ...(spec.internalTrafficPolicy === 'Local' ? { local: true } : {}),
        ports: (spec.ports ?? []).map((port: any) =>
          withoutUndefined({
            name: port.name ?? '',
            port: port.port,
            targetPort: port.targetPort,
          }),
        ),
      },
      references: [
        ...externalNameReference(service),
        ...annotationReferences('service', service),
      ],
      selectors: selects ? backendSelectors(selector) : [],
    });
  },
  eventRules: [
    {
      rule: 'H079',
      eventReasons: ['SyncLoadBalancerFailed'],
      when: {
        levels: ['progressing', 'degraded'],
        reasons: ['LoadBalancerPending'],
      },
      level: 'degraded',
      reason: 'LoadBalancerPending',
    },
  ],
  contextRelations: SERVICE_CONTEXT,
  judgeInContext: judgeService,
};

/**
 * The pods (R062), and the workloads that should bring them: those whose template has the labels. Without these a
 * Service whose workload has no pods would know nobody (H075, H076).
 */
function backendSelectors(selector: LabelSelector): SelectorReference[] {
  const selects = (kind: KindId): SelectorReference => ({
    relation: `service-${kindType(kind)}`,
    end: 'source',
    kind,
    namespaces: 'own',
    selector,
  });
  return [
    selects(POD),
    { ...selects(DEPLOYMENT), by: 'podLabels' },
    { ...selects(STATEFUL_SET), by: 'podLabels' },
  ];
}

/** `cart.shop.svc.cluster.local`: a name of another Service (R068); other names lead out of the cluster. */
const SERVICE_NAME = /^([a-z0-9-]+)\.([a-z0-9-]+)\.svc(\.|$)/;

function externalNameReference({ spec = {} }: KubernetesObject): Reference[] {
  const match =
    spec.type === 'ExternalName'
      ? SERVICE_NAME.exec(spec.externalName ?? '')
      : undefined;
  return match
    ? [
        {
          relation: 'service-service',
          end: 'source',
          other: { kind: SERVICE, namespace: match[2], name: match[1] },
          required: true,
        },
      ]
    : [];
}

/** Both policies are `Cluster` nearly always: only `Local` is worth a word (R070). */
function unlessCluster(policy: string | undefined): string | undefined {
  return policy === 'Cluster' ? undefined : policy;
}

/** Skydive's form: empty entries left out, the target port as text. */
function portProperties(port: KubernetesObject): Json {
  return withoutUndefined({
    Name: port.name || undefined,
    Protocol: port.protocol || undefined,
    Port: port.port || undefined,
    NodePort: port.nodePort || undefined,
    TargetPort:
      port.targetPort === undefined ? undefined : String(port.targetPort),
  });
}

function loadBalancerAddresses(status: KubernetesObject): Json | undefined {
  const ingress: any[] = status.loadBalancer?.ingress ?? [];
  return ingress.length === 0
    ? undefined
    : ingress.map(one => one.ip ?? one.hostname ?? '');
}

/** The own fields tell only whether a load balancer has answered (H079); all else shows in the endpoints. */
function loadBalancerVerdict(service: KubernetesObject): Verdict {
  const { spec = {}, status = {} } = service;
  if (
    spec.type !== 'LoadBalancer' ||
    (status.loadBalancer?.ingress ?? []).length > 0
  ) {
    return verdict('ok', 'Exists');
  }
  const createdAt = parseTime(service.metadata.creationTimestamp);
  const details = {
    rule: 'H079',
    since: createdAt,
    evidence: [
      fieldEvidence('status.loadBalancer.ingress', undefined, createdAt),
    ],
  };
  return until(
    (createdAt ?? 0) + 5 * 60_000,
    verdict('progressing', 'LoadBalancerPending', details),
    verdict('degraded', 'LoadBalancerPending', details),
  );
}
