import { KubernetesObject } from '../../kinds/kindDefinition';
import { Scenario } from './scenario';
import { bystanders, rollout } from './templateRollout';
import * as t from './templates';

const METRICS_DOWN =
  'the HPA was unable to compute the replica count: failed to get cpu utilization: unable to get metrics for resource cpu: unable to fetch metrics from resource metrics API: the server is currently unable to handle the request (get pods.metrics.k8s.io)';

function metricsApi(isUp = false): KubernetesObject {
  return t.object(
    'apiregistration.k8s.io/v1',
    'APIService',
    'v1beta1.metrics.k8s.io',
    {
      spec: {
        group: 'metrics.k8s.io',
        version: 'v1beta1',
        service: {
          namespace: 'kube-system',
          name: 'metrics-server',
          port: 443,
        },
      },
      status: {
        conditions: [
          isUp
            ? t.condition('Available', 'True', 'Passed')
            : t.condition(
                'Available',
                'False',
                'MissingEndpoints',
                'endpointslices for service/metrics-server in "kube-system" have no addresses with port name "https"',
              ),
        ],
      },
    },
  );
}

const metricsService = () =>
  t.service('kube-system/metrics-server', {
    ports: [{ name: 'https', port: 443, targetPort: 8080, protocol: 'TCP' }],
  });

const blind = ['a', 'b', 'c'].map(name => [
  t.deployment(`shop/${name}`),
  t.autoscaler(`shop/${name}`, {
    bad: { reason: 'FailedGetResourceMetric', message: METRICS_DOWN },
  }),
]);

const cannotScale = (reason: string, message: string) => ({
  conditions: [t.condition('AbleToScale', 'False', reason, message)],
});

export const autoscaling: readonly Scenario[] = [
  {
    id: 'S120',
    fault: 'the metrics server does not start: its image does not exist',
    objects: t.world(
      bystanders(),
      metricsApi(),
      metricsService(),
      t.deployment('kube-system/metrics-server', {
        replicas: 1,
        image: 'registry.example/metrics-server:v0',
        pods: t.imagePull(
          'registry.example/metrics-server:v0',
          'registry.example/metrics-server:v0: not found',
        ),
      }),
      blind,
    ),
    expects: {
      roots: ['Deployment/kube-system/metrics-server'],
      affected: [
        'APIService//v1beta1.metrics.k8s.io',
        'HorizontalPodAutoscaler/shop/a',
        'HorizontalPodAutoscaler/shop/c',
      ],
    },
  },
  {
    id: 'S120b',
    fault: 'the metrics server was deleted',
    objects: t.world(bystanders(), metricsApi(), metricsService(), blind),
    expects: {
      roots: [
        'Service/kube-system/metrics-server',
        'Deployment/kube-system/metrics-server',
      ],
      affected: [
        'APIService//v1beta1.metrics.k8s.io',
        'HorizontalPodAutoscaler/shop/b',
      ],
      says: ['metrics-server'],
    },
  },
  {
    id: 'S121',
    fault: 'the request that the autoscaler goes by was taken out of a sidecar',
    objects: t.world(
      bystanders(),
      metricsServer(),
      t.deployment('shop/cart', {
        replicas: 3,
        revision: 8,
        sidecars: [{ name: 'sidecar', image: 'registry.example/s:1' }],
        former: {
          sidecars: [
            {
              name: 'sidecar',
              image: 'registry.example/s:1',
              resources: { requests: { cpu: '50m' } },
            },
          ],
          replicas: 0,
        },
      }),
      t.autoscaler('shop/cart', {
        current: 3,
        bad: {
          reason: 'FailedGetResourceMetric',
          message:
            'the HPA was unable to compute the replica count: failed to get cpu utilization: missing request for cpu in container sidecar of Pod cart-8f6d8c9b8-bks4c',
        },
      }),
    ),
    expects: {
      roots: ['Deployment/shop/cart'],
      faults: ['RequestMissing'],
      affected: ['HorizontalPodAutoscaler/shop/cart'],
      says: ['sidecar', 'cpu', 'revision 8'],
    },
  },
  {
    id: 'S122',
    fault: 'an autoscaler names a Deployment that does not exist',
    objects: t.world(
      bystanders(),
      metricsServer(),
      t.deployment('shop/cart'),
      t.autoscaler('shop/cart', {
        target: 'Deployment/carts',
        ...cannotScale(
          'FailedGetScale',
          'the HPA controller was unable to get the target\'s current scale: deployments.apps "carts" not found',
        ),
      }),
    ),
    expects: {
      roots: ['HorizontalPodAutoscaler/shop/cart', 'Deployment/shop/carts'],
      affected: ['HorizontalPodAutoscaler/shop/cart'],
      says: ['carts', 'cart'],
    },
  },
  {
    id: 'S123',
    fault: 'the maximum is too low for the load',
    objects: t.world(
      bystanders(),
      metricsServer(),
      t.deployment('shop/cart'),
      t.autoscaler('shop/cart', {
        max: 2,
        conditions: [
          t.condition('AbleToScale', 'True', 'ReadyForNewScale'),
          t.condition('ScalingActive', 'True', 'ValidMetricFound'),
          t.condition(
            'ScalingLimited',
            'True',
            'TooManyReplicas',
            'the desired replica count is more than the maximum replica count',
          ),
        ],
      }),
    ),
    expects: {
      noCause: true,
      orLikely: ['HorizontalPodAutoscaler/shop/cart'],
    },
  },
  {
    id: 'S124',
    fault: 'Argo CD sets the replicas back that the autoscaler asks for',
    objects: (() => {
      const [own, ...below] = t.deployment('shop/cart', { replicas: 3 });
      const scaler = t.autoscaler('shop/cart', {
        current: 3,
        status: {
          currentReplicas: 3,
          desiredReplicas: 6,
          lastScaleTime: t.ago(1),
        },
      });
      return t.world(
        bystanders(),
        metricsServer(),
        scaler,
        own,
        below,
        t.event(
          own,
          'ScalingReplicaSet',
          'Scaled up replica set cart-1f6d8c9b1 to 6 from 3',
          {
            type: 'Normal',
            count: 9,
            first: 60,
            component: 'deployment-controller',
          },
        ),
        t.event(
          own,
          'ScalingReplicaSet',
          'Scaled down replica set cart-1f6d8c9b1 to 3 from 6',
          {
            type: 'Normal',
            count: 9,
            first: 59,
            component: 'deployment-controller',
          },
        ),
        t.event(
          scaler,
          'SuccessfulRescale',
          'New size: 6; reason: cpu resource utilization (percentage of request) above target',
          {
            type: 'Normal',
            count: 9,
            first: 60,
            component: 'horizontal-pod-autoscaler',
          },
        ),
      );
    })(),
    expects: {
      roots: ['Deployment/shop/cart'],
      faults: ['ReplicasFought'],
      affected: ['HorizontalPodAutoscaler/shop/cart'],
      says: ['3', '6', 'replicas'],
    },
  },
  {
    id: 'S125',
    fault: 'two autoscalers for the same pods',
    objects: t.world(
      bystanders(),
      metricsServer(),
      t.deployment('shop/cart'),
      ['a', 'b'].map((name, nth) =>
        t.autoscaler(`shop/${name}`, {
          target: 'Deployment/cart',
          age: nth === 0 ? t.OLD : 30,
          bad: {
            reason: 'AmbiguousSelector',
            message:
              'pods by selector app=cart are controlled by multiple HPAs: [shop/a shop/b]',
          },
        }),
      ),
    ),
    expects: {
      roots: ['HorizontalPodAutoscaler/shop/b'],
      faults: ['AutoscalersOverlap'],
      affected: ['HorizontalPodAutoscaler/shop/a'],
      says: ['HorizontalPodAutoscaler a', 'app=cart'],
    },
  },
];

function metricsServer(): KubernetesObject[] {
  return [
    ...t.deployment('kube-system/metrics-server', { replicas: 1 }),
    metricsService(),
    metricsApi(true),
  ];
}

/** A rollout whose autoscaler is well: it must be left out. */
export const autoscaled: readonly Scenario[] = [
  {
    id: 'S121b',
    fault:
      'a rollout crashes, and the autoscaler of its Deployment is at its minimum',
    objects: t.world(
      bystanders(),
      metricsServer(),
      rollout('shop/cart', {
        before: { container: { args: ['a'] } },
        container: { args: ['b'] },
        pods: t.crashing(1),
      }),
      t.autoscaler('shop/cart', {
        current: 3,
        conditions: [
          t.condition('AbleToScale', 'True', 'ReadyForNewScale'),
          t.condition('ScalingActive', 'True', 'ValidMetricFound'),
          t.condition('ScalingLimited', 'True', 'TooFewReplicas'),
        ],
      }),
    ),
    expects: { roots: ['Deployment/shop/cart'], says: ['args'] },
  },
];
