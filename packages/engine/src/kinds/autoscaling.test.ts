import {
  ago,
  condition,
  object,
  observe,
  verdictText,
} from './__testUtils__/objects';
import { horizontalPodAutoscalerKind } from './horizontalPodAutoscaler';
import { KubernetesObject } from './kindDefinition';
import { podDisruptionBudgetKind } from './podDisruptionBudget';
import { verticalPodAutoscalerKind } from './verticalPodAutoscaler';

const TARGET = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'cart' };
const ABLE = condition('AbleToScale', 'True', 'ReadyForNewScale');
const ACTIVE = condition('ScalingActive', 'True', 'ValidMetricFound');

const autoscaler = (conditions: unknown[], status = {}, metadata = {}) =>
  object({
    metadata,
    spec: { scaleTargetRef: TARGET, maxReplicas: 5 },
    status: { currentReplicas: 2, desiredReplicas: 2, conditions, ...status },
  });
const inactive = (reason: string, secondsAgo?: number) =>
  condition('ScalingActive', 'False', reason, secondsAgo);
const limited = (reason: string, secondsAgo: number) =>
  condition('ScalingLimited', 'True', reason, secondsAgo);

describe('an autoscaler', () => {
  it.each<[string, KubernetesObject, string]>([
    ['that is new', autoscaler([]), 'ok Scaling'],
    ['that works', autoscaler([ABLE, ACTIVE]), 'ok Scaling'],
    [
      'whose target does not exist (H133)',
      autoscaler([condition('AbleToScale', 'False', 'FailedGetScale')]),
      'degraded FailedGetScale H133',
    ],
    [
      'whose target is scaled to zero (H134)',
      autoscaler([ABLE, inactive('ScalingDisabled')]),
      'idle TargetAtZero H134',
    ],
    [
      'without metrics (H135)',
      autoscaler([ABLE, inactive('FailedGetResourceMetric')]),
      'degraded MetricsUnavailable H135',
    ],
    [
      'without metrics for a moment (H135)',
      autoscaler([ABLE, inactive('FailedGetResourceMetric', 60)]),
      'progressing MetricsUnavailable H135 > 120: degraded MetricsUnavailable H135',
    ],
    [
      'without metrics since it was made just now (H135)',
      autoscaler(
        [ABLE, inactive('FailedGetPodsMetric', 9000)],
        {},
        { creationTimestamp: ago(60) },
      ),
      'progressing MetricsUnavailable H135 > 120: degraded MetricsUnavailable H135',
    ],
    [
      'at its maximum for a while (H136)',
      autoscaler([ABLE, ACTIVE, limited('TooManyReplicas', 300)]),
      'ok AtMaximum H136 > 600: degraded MaxedOut H136',
    ],
    [
      'at its maximum for long (H136)',
      autoscaler([ABLE, ACTIVE, limited('TooManyReplicas', 1000)]),
      'degraded MaxedOut H136',
    ],
    [
      'at its minimum (H137)',
      autoscaler([ABLE, ACTIVE, limited('TooFewReplicas', 9000)]),
      'ok AtMinimum H137',
    ],
    [
      'that wants more, just now (H138)',
      autoscaler([ABLE, ACTIVE], {
        desiredReplicas: 4,
        lastScaleTime: ago(300),
      }),
      'progressing Rescaling H138 > 600: degraded CannotReachDesired H138',
    ],
    [
      'that has wanted more for long (H138)',
      autoscaler([ABLE, ACTIVE], {
        desiredReplicas: 4,
        lastScaleTime: ago(1000),
      }),
      'degraded CannotReachDesired H138',
    ],
    [
      'of which nobody knows when it last scaled (H138)',
      autoscaler([ABLE, ACTIVE], { desiredReplicas: 4 }),
      'degraded CannotReachDesired H138',
    ],
  ])('%s', (_, item, expected) => {
    expect(
      verdictText(observe(horizontalPodAutoscalerKind, item).verdict),
    ).toBe(expected);
  });

  it('refers to what it scales, to who measures, and to what it follows (R144–R147)', () => {
    const item = object({
      spec: {
        scaleTargetRef: TARGET,
        metrics: [
          { type: 'Resource', resource: { name: 'cpu' } },
          { type: 'ContainerResource', containerResource: { name: 'memory' } },
          { type: 'External', external: { metric: { name: 'queue' } } },
          {
            type: 'Object',
            object: {
              metric: { name: 'requests' },
              describedObject: {
                apiVersion: 'networking.k8s.io/v1',
                kind: 'Ingress',
                name: 'web',
              },
            },
          },
        ],
      },
    });
    const { references } = observe(horizontalPodAutoscalerKind, item);
    expect(
      references
        .slice(0, -1)
        .map(({ relation, other, required, details }) => [
          relation,
          other.kind.kind,
          `${other.namespace}/${other.name}`,
          required,
          details,
        ]),
    ).toEqual([
      [
        'horizontalpodautoscaler-deployment',
        'Deployment',
        'shop/cart',
        true,
        { requests: ['cpu', 'memory'] },
      ],
      [
        'horizontalpodautoscaler-apiservice',
        'APIService',
        '/v1beta1.metrics.k8s.io',
        true,
        { metrics: ['Resource cpu', 'ContainerResource memory'] },
      ],
      [
        'horizontalpodautoscaler-apiservice',
        'APIService',
        '/v1beta1.external.metrics.k8s.io',
        false,
        { metrics: ['External queue'] },
      ],
      [
        'horizontalpodautoscaler-apiservice',
        'APIService',
        '/v1beta1.custom.metrics.k8s.io',
        false,
        { metrics: ['Object requests'] },
      ],
      [
        'horizontalpodautoscaler-described',
        'Ingress',
        'shop/web',
        true,
        { metrics: ['Object requests'] },
      ],
    ]);
  });

  it.each([
    ['StatefulSet', 'apps/v1', 'horizontalpodautoscaler-statefulset'],
    ['Rollout', 'argoproj.io/v1alpha1', 'horizontalpodautoscaler-object'],
  ])('may scale a %s', (kind, apiVersion, relation) => {
    const { references } = observe(
      horizontalPodAutoscalerKind,
      object({ spec: { scaleTargetRef: { apiVersion, kind, name: 'x' } } }),
    );
    expect(references[0].relation).toBe(relation);
  });
});

it('a vertical autoscaler refers to whose requests it changes (R148)', () => {
  const { references, properties, verdict } = observe(
    verticalPodAutoscalerKind,
    object({
      spec: { targetRef: TARGET, updatePolicy: { updateMode: 'Off' } },
      status: {
        conditions: [condition('RecommendationProvided', 'True')],
        recommendation: {
          containerRecommendations: [
            { containerName: 'app', target: { memory: '1Gi' } },
          ],
        },
      },
    }),
  );
  expect(references[0]).toMatchObject({
    relation: 'verticalpodautoscaler-deployment',
    other: { namespace: 'shop', name: 'cart' },
  });
  expect(properties).toEqual({
    UpdateMode: 'Off',
    Recommended: [{ Container: 'app', Requests: { memory: '1Gi' } }],
  });
  expect(verdictText(verdict)).toBe('ok RecommendationProvided');
});

it.each([
  ['has nothing to say yet', [], 'ok NoRecommendation'],
  [
    'finds no pods',
    [condition('NoPodsMatched', 'True')],
    'degraded NoPodsMatched H163',
  ],
  [
    'cannot act on its target',
    [condition('ConfigUnsupported', 'True')],
    'degraded ConfigUnsupported H163',
  ],
])('a vertical autoscaler that %s', (_, conditions, expected) => {
  const item = object({ spec: {}, status: { conditions } });
  expect(verdictText(observe(verticalPodAutoscalerKind, item).verdict)).toBe(
    expected,
  );
});

describe('a disruption budget', () => {
  const budget = (status: {} | undefined, conditions: unknown[] = []) =>
    object({
      spec: {},
      ...(status ? { status: { conditions, ...status } } : {}),
    });
  const counts = (
    currentHealthy: number,
    desiredHealthy: number,
    disruptionsAllowed: number,
    expectedPods = 3,
  ) => ({ currentHealthy, desiredHealthy, disruptionsAllowed, expectedPods });
  const insufficient = (secondsAgo: number) =>
    condition('DisruptionAllowed', 'False', 'InsufficientPods', secondsAgo);

  it.each<[string, KubernetesObject, string]>([
    ['that is new', budget(undefined), 'ok Exists'],
    ['that allows one', budget(counts(3, 2, 1)), 'ok Allows'],
    [
      'with too few healthy pods, for long (H139)',
      budget(counts(1, 2, 0), [insufficient(1000)]),
      'degraded NotEnoughHealthy H139',
    ],
    [
      'with too few healthy pods, since a moment ago (H139)',
      budget(counts(1, 2, 0), [insufficient(300)]),
      'progressing NotEnoughHealthy H139 > 600: degraded NotEnoughHealthy H139',
    ],
    [
      'that allows none while all is well (H140)',
      budget(counts(2, 2, 0, 2), [insufficient(9000)]),
      'ok ZeroAllowed H140',
    ],
    [
      'that cannot be counted (H141)',
      budget(counts(0, 0, 0, 0), [
        condition('DisruptionAllowed', 'False', 'SyncFailed'),
      ]),
      'degraded SyncFailed H141',
    ],
    [
      'that protects nobody (H142)',
      budget(counts(0, 0, 0, 0), [insufficient(9000)]),
      'ok NoMatch H142',
    ],
  ])('%s', (_, item, expected) => {
    expect(verdictText(observe(podDisruptionBudgetKind, item).verdict)).toBe(
      expected,
    );
  });

  it.each<[string, {}, unknown[]]>([
    ['without a selector: nobody', {}, []],
    ['with an empty one: all', { selector: {} }, [[]]],
    [
      'with expressions',
      {
        selector: {
          matchExpressions: [{ key: 'app', operator: 'Exists' }],
        },
      },
      [[{ key: 'app', operator: 'Exists', values: [] }]],
    ],
  ])('selects pods %s (R153)', (_, spec, expected) => {
    const { selectors } = observe(podDisruptionBudgetKind, object({ spec }));
    expect(selectors.map(({ selector }) => selector)).toEqual(expected);
  });
});
