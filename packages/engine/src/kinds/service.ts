import { KindDefinition, KubernetesObject } from './kindDefinition';
import { POD, SERVICE } from './kindIds';
import { selectorFromMap } from './labelSelector';
import { observation, ownVerdict, parseTime } from './metadata';
import { Json } from './observation';
import { judgeService } from './serviceHealth';
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
      },
      verdict: ownVerdict(service, loadBalancerVerdict(service)),
      facts: {
        selects,
        headless: spec.clusterIP === 'None',
        ports: (spec.ports ?? []).map((port: any) =>
          withoutUndefined({
            name: port.name ?? '',
            port: port.port,
            targetPort: port.targetPort,
          }),
        ),
      },
      selectors: selects
        ? [
            {
              relation: 'service-pod',
              end: 'source',
              kind: POD,
              namespaces: 'own',
              selector,
            },
          ]
        : [],
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
  contextRelations: [
    'service-pod',
    'service-endpointslice',
    'service-endpoints',
    'ingress-service',
  ],
  judgeInContext: judgeService,
};

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
