import {
  Condition,
  condition,
  conditionEvidence,
  conditionSummary,
} from './conditions';
import { KindDefinition, KubernetesObject } from './kindDefinition';
import { API_SERVICE, HORIZONTAL_POD_AUTOSCALER, kindType } from './kindIds';
import { observation, ownVerdict, parseTime } from './metadata';
import { byObject, namedObject, relationTo } from './objectReference';
import { Json, Reference } from './observation';
import { SCALED_KINDS } from './scaleTarget';
import { Verdict } from './status';
import { fieldEvidence, until, verdict, worstVerdict } from './verdict';

const MINUTE = 60_000;
/** A pod that has just started has no metrics yet (`health.md` section 4). */
const METRICS_WITHIN = 3 * MINUTE;
const LIMITED_AFTER = 15 * MINUTE;
const REACHED_WITHIN = 15 * MINUTE;
const TYPE = kindType(HORIZONTAL_POD_AUTOSCALER);

export const horizontalPodAutoscalerKind: KindDefinition = {
  id: HORIZONTAL_POD_AUTOSCALER,
  type: TYPE,
  version: 'v2',
  plural: 'horizontalpodautoscalers',
  namespaced: true,
  observe(autoscaler, context) {
    const { spec = {}, status = {} } = autoscaler;
    return observation(HORIZONTAL_POD_AUTOSCALER, true, autoscaler, context, {
      properties: {
        Target: targetText(spec.scaleTargetRef),
        MinReplicas: spec.minReplicas ?? 1,
        MaxReplicas: spec.maxReplicas,
        CurrentReplicas: status.currentReplicas ?? 0,
        DesiredReplicas: status.desiredReplicas ?? 0,
        Metrics: metricsOf(autoscaler).map(metricText),
        Conditions: conditionSummary(autoscaler),
      },
      verdict: ownVerdict(autoscaler, autoscalerVerdict(autoscaler)),
      references: [
        ...target(autoscaler),
        ...metricServices(autoscaler),
        ...describedObjects(autoscaler),
      ],
    });
  },
};

/** `Deployment/cart`. */
function targetText(reference: any): string | undefined {
  return reference?.kind && reference.name
    ? `${reference.kind}/${reference.name}`
    : undefined;
}

function metricsOf({ spec }: KubernetesObject): any[] {
  return spec?.metrics ?? [];
}

/** `Resource cpu`, `External queue_length`. */
function metricText(metric: any): string {
  const { type, resource, containerResource, pods, object, external } = metric;
  const name =
    resource?.name ??
    containerResource?.name ??
    (pods ?? object ?? external)?.metric?.name;
  return name === undefined ? String(type) : `${type} ${name}`;
}

/** R144, R147: what is scaled; a resource metric needs the request of that resource in every container of its pods. */
function target({ metadata, spec = {} }: KubernetesObject): Reference[] {
  const other = namedObject(spec.scaleTargetRef, {
    group: '',
    kind: '',
    namespace: metadata.namespace,
  });
  const requests = [
    ...new Set<string>(
      (spec.metrics ?? []).flatMap(
        ({ resource, containerResource }: any) =>
          (resource ?? containerResource)?.name ?? [],
      ),
    ),
  ];
  return other
    ? [
        {
          relation: relationTo(TYPE, other.kind, SCALED_KINDS),
          end: 'source',
          other,
          required: true,
          ...(requests.length > 0 ? { details: { requests } } : {}),
        },
      ]
    : [];
}

/** Who serves which sort of metric (R145). Only `metrics.k8s.io` has one version everywhere. */
const METRIC_SERVICES: Readonly<Record<string, string>> = {
  Resource: 'v1beta1.metrics.k8s.io',
  ContainerResource: 'v1beta1.metrics.k8s.io',
  Pods: 'v1beta1.custom.metrics.k8s.io',
  Object: 'v1beta1.custom.metrics.k8s.io',
  External: 'v1beta1.external.metrics.k8s.io',
};

function metricServices(autoscaler: KubernetesObject): Reference[] {
  const metrics = metricsOf(autoscaler);
  const names = metrics.flatMap(({ type }) => METRIC_SERVICES[type] ?? []);
  return [...new Set(names)].map(name => ({
    relation: `${TYPE}-apiservice`,
    end: 'source',
    other: { kind: API_SERVICE, namespace: '', name },
    required: name === METRIC_SERVICES.Resource,
    details: {
      metrics: metrics
        .filter(({ type }) => METRIC_SERVICES[type] === name)
        .map(metricText),
    },
  }));
}

/** R146: objects whose metric it follows. */
function describedObjects(autoscaler: KubernetesObject): Reference[] {
  const uses = metricsOf(autoscaler).flatMap(metric => {
    const other = namedObject(metric.object?.describedObject, {
      group: '',
      kind: '',
      namespace: autoscaler.metadata.namespace,
    });
    return other ? [{ other, metric: metricText(metric) }] : [];
  });
  return byObject(uses).map(
    (group): Reference => ({
      relation: `${TYPE}-described`,
      end: 'source',
      other: group[0].other,
      required: true,
      details: { metrics: group.map(({ metric }): Json => metric) },
    }),
  );
}

/** H133–H138, the worst of them. */
function autoscalerVerdict(autoscaler: KubernetesObject): Verdict {
  const { metadata } = autoscaler;
  const createdAt = parseTime(metadata.creationTimestamp) ?? 0;
  const active = condition(autoscaler, 'ScalingActive');
  if (active?.status === 'False' && active.reason === 'ScalingDisabled') {
    return by(active, 'idle', 'TargetAtZero', 'H134');
  }
  return worstVerdict([
    ...ableVerdict(condition(autoscaler, 'AbleToScale')),
    ...metricsVerdict(active, createdAt),
    ...reachedVerdict(autoscaler, createdAt),
    limitedVerdict(condition(autoscaler, 'ScalingLimited')),
  ]);
}

/** H133: the target is gone, or has no scale. */
function ableVerdict(able: Condition | undefined): Verdict[] {
  return able?.status === 'False'
    ? [by(able, 'degraded', able.reason ?? 'UnableToScale', 'H133')]
    : [];
}

/** H135. Whatever it cannot measure, its replicas go on serving: degraded at most. */
function metricsVerdict(
  active: Condition | undefined,
  createdAt: number,
): Verdict[] {
  return active?.status === 'False'
    ? [
        until(
          Math.max(createdAt, active.since ?? 0) + METRICS_WITHIN,
          by(active, 'progressing', 'MetricsUnavailable', 'H135'),
          by(active, 'degraded', 'MetricsUnavailable', 'H135'),
        ),
      ]
    : [];
}

/** H136, H137. `TooManyReplicas` says that the metrics ask for more than the maximum. */
function limitedVerdict(limited: Condition | undefined): Verdict {
  if (limited?.status === 'True' && limited.reason === 'TooManyReplicas') {
    return until(
      (limited.since ?? 0) + LIMITED_AFTER,
      by(limited, 'ok', 'AtMaximum', 'H136'),
      by(limited, 'degraded', 'MaxedOut', 'H136'),
    );
  }
  return limited?.status === 'True' && limited.reason === 'TooFewReplicas'
    ? by(limited, 'ok', 'AtMinimum', 'H137')
    : verdict('ok', 'Scaling');
}

/** H138: counted from when it last asked for another number. */
function reachedVerdict(
  { status = {} }: KubernetesObject,
  createdAt: number,
): Verdict[] {
  const { currentReplicas: current, desiredReplicas: desired } = status;
  if (!desired || current === undefined || current === desired) {
    return [];
  }
  const since = parseTime(status.lastScaleTime) ?? createdAt;
  const details = {
    rule: 'H138',
    message: `${current} of ${desired} replicas`,
    since,
    evidence: [
      fieldEvidence('status.currentReplicas', current),
      fieldEvidence('status.desiredReplicas', desired, since),
    ],
  };
  return [
    until(
      since + REACHED_WITHIN,
      verdict('progressing', 'Rescaling', details),
      verdict('degraded', 'CannotReachDesired', details),
    ),
  ];
}

function by(
  said: Condition,
  level: Verdict['level'],
  reason: string,
  rule: string,
): Verdict {
  return verdict(level, reason, {
    rule,
    message: level === 'ok' ? undefined : said.message,
    since: said.since,
    evidence: [conditionEvidence(said)],
  });
}
