import { Scenario } from './scenario';
import * as t from './templates';

const TIMEOUT =
  'Readiness probe failed: Get "http://10.244.0.9:8080/healthz": context deadline exceeded (Client.Timeout exceeded while awaiting headers)';
const UNAVAILABLE =
  'Readiness probe failed: HTTP probe failed with statuscode: 503';

/** A web shop that is well, beside which something is wrong or is not. */
function shop() {
  return [
    t.deployment('shop/web', {
      container: { env: [{ name: 'API', value: 'http://api:80' }] },
    }),
    t.deployment('shop/api'),
    t.service('shop/web'),
    t.service('shop/api'),
    t.ingress('shop/web'),
  ];
}

/** The same shop, of whose Service `api` all pods fail their readiness probe with these words. */
function unreadyApi(words: string, since = t.FAULT) {
  return [
    t.deployment('shop/api', { pods: t.notReady(words, since), since }),
    t.service('shop/api'),
  ];
}

/** `rca-scenarios.md` section 2: what the API alone cannot prove. A cause may be suspected at most. */
export const notProvableScenarios: readonly Scenario[] = [
  {
    id: 'N01',
    fault: 'packets are lost between two pods',
    objects: t.world(unreadyApi(TIMEOUT)),
    expects: { noCause: true },
  },
  {
    id: 'N02',
    fault: 'one name is looked up wrongly',
    objects: t.world(shop()),
    expects: { noCause: true },
  },
  {
    id: 'N03',
    fault: 'a neighbour takes the processor',
    objects: t.world(shop(), t.deployment('shop/batch', { replicas: 1 })),
    expects: { noCause: true },
  },
  {
    id: 'N04',
    fault: 'a node runs out of tracked connections',
    objects: t.world(
      t.deployment('shop/api', {
        nodes: ['node-2'],
        pods: [t.notReady(TIMEOUT), t.running],
      }),
      t.service('shop/api'),
    ),
    expects: { noCause: true },
  },
  {
    id: 'N05',
    fault: "a node's clock drifts",
    objects: t.world(unreadyApi(UNAVAILABLE)),
    expects: { noCause: true },
  },
  {
    id: 'N06',
    fault: '/dev/shm is full, and the application ends with 1',
    objects: t.world(
      t.deployment('shop/api', { replicas: 1, pods: t.crashing(1) }),
      t.service('shop/api'),
    ),
    expects: { noCause: true, orLikely: ['Deployment/shop/api'] },
  },
  {
    id: 'N07',
    fault: 'queries wait for a lock',
    objects: t.world(
      shop(),
      t.statefulSet('shop/db', { replicas: 1 }),
      t.service('shop/db', { spec: { clusterIP: 'None' } }),
    ),
    expects: { noCause: true },
  },
  {
    id: 'N08',
    fault: 'a message poisons a consumer',
    objects: t.world(
      t.deployment('shop/consumer', {
        replicas: 1,
        pods: t.crashing(1, 'Error', {
          message: 'cannot decode record at offset 4711',
        }),
      }),
    ),
    expects: { noCause: true, orLikely: ['Deployment/shop/consumer'] },
  },
  {
    id: 'N09',
    fault: 'a feature flag makes errors',
    objects: t.world(
      shop(),
      t.configMap('shop/flags', ['flags.json'], { changed: 10 }),
    ),
    expects: { noCause: true },
  },
  {
    id: 'N10',
    fault: 'retries overload the service',
    objects: t.world(
      t.deployment('shop/api', {
        replicas: 4,
        pods: [
          t.notReady(TIMEOUT),
          t.notReady(TIMEOUT),
          t.running,
          t.notReady(TIMEOUT),
        ],
      }),
      t.service('shop/api'),
      t.autoscaler('shop/api', {
        max: 4,
        current: 4,
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
      orLikely: ['HorizontalPodAutoscaler/shop/api'],
    },
  },
  {
    id: 'N11',
    fault: 'the garbage collector stops the application',
    objects: t.world(unreadyApi(TIMEOUT)),
    expects: { noCause: true },
  },
  {
    id: 'N12',
    fault: 'a new revision answers with errors, and is ready',
    objects: t.world(
      t.deployment('shop/api', {
        revision: 2,
        image: 'registry.example/api:2.0',
        former: { image: 'registry.example/api:1.0' },
      }),
      t.service('shop/api'),
    ),
    expects: { noCause: true },
  },
  {
    id: 'N13',
    fault: 'the password in the database is another one',
    objects: t.world(
      t.deployment('shop/api', {
        container: {
          env: [
            {
              name: 'PASSWORD',
              valueFrom: { secretKeyRef: { name: 'db', key: 'password' } },
            },
          ],
        },
        pods: t.notReady(UNAVAILABLE),
      }),
      t.service('shop/api'),
      t.secret('shop/db'),
    ),
    expects: { noCause: true },
  },
  {
    id: 'N14',
    fault: 'a disk returns other data than was written',
    objects: t.world(
      t.statefulSet('shop/db', {
        replicas: 1,
        pods: t.crashing(2, 'Error', { message: 'checksum mismatch' }),
        template: {
          volumes: [
            { name: 'data', persistentVolumeClaim: { claimName: 'data' } },
          ],
        },
      }),
      t.service('shop/db', { spec: { clusterIP: 'None' } }),
      t.claim('shop/data'),
      t.volume('pv-data', { claim: 'shop/data' }),
      t.storageClass('standard'),
    ),
    expects: { noCause: true, orLikely: ['StatefulSet/shop/db'] },
  },
  {
    id: 'N15',
    fault: 'packets are lost between racks',
    objects: t.world(
      t.deployment('shop/api', {
        pods: [t.notReady(TIMEOUT), t.running],
      }),
      t.service('shop/api'),
    ),
    expects: { noCause: true },
  },
  {
    id: 'N16',
    fault: 'a service outside the cluster is away',
    objects: t.world(
      t.deployment('shop/api', {
        container: {
          env: [{ name: 'PAYMENTS', value: 'https://api.payments.example' }],
        },
        pods: t.notReady(UNAVAILABLE),
      }),
      t.service('shop/api'),
      t.service('shop/payments', {
        selector: null,
        ports: [],
        spec: { type: 'ExternalName', externalName: 'api.payments.example' },
      }),
    ),
    expects: { noCause: true, orLikely: ['Service/shop/payments'] },
  },
  {
    id: 'N17',
    fault: 'a cache is empty, and all ask the database',
    objects: t.world(shop(), t.autoscaler('shop/api', { current: 2 })),
    expects: { noCause: true },
  },
  {
    id: 'N18',
    fault: 'the API server has too much to do',
    objects: t.world(
      shop(),
      t.object(
        'flowcontrol.apiserver.k8s.io/v1',
        'PriorityLevelConfiguration',
        'global-default',
        {
          spec: { type: 'Limited', limited: { nominalConcurrencyShares: 20 } },
          status: {},
        },
      ),
    ),
    expects: { noCause: true },
  },
  {
    id: 'N19',
    fault: 'etcd is slow',
    objects: t.world(shop()),
    expects: { noCause: true },
  },
  {
    id: 'N20',
    fault: 'a library that many use takes all processors',
    objects: t.world(
      ['a', 'b', 'c'].map(name => [
        t.deployment(`shop/${name}`, {
          revision: 2,
          since: 20,
          pods: t.notReady(TIMEOUT, 18),
          former: { image: `registry.example/${name}:0.9` },
        }),
        t.service(`shop/${name}`),
      ]),
    ),
    expects: {
      noCause: true,
      orLikely: ['Deployment/shop/a', 'Deployment/shop/b', 'Deployment/shop/c'],
    },
  },
  {
    id: 'N21',
    fault: 'the mesh answers with errors, as a VirtualService asks it to',
    objects: t.world(
      shop(),
      t.object('networking.istio.io/v1', 'VirtualService', 'shop/api', {
        spec: {
          hosts: ['api'],
          http: [
            {
              fault: { abort: { httpStatus: 500, percentage: { value: 50 } } },
              route: [{ destination: { host: 'api' } }],
            },
          ],
        },
      }),
    ),
    expects: { noCause: true, orLikely: ['VirtualService/shop/api'] },
  },
  {
    id: 'N22',
    fault: "the cloud's load balancer checks the wrong path",
    objects: t.world(
      t.deployment('shop/web'),
      t.service('shop/web', {
        spec: { type: 'LoadBalancer' },
        status: { loadBalancer: { ingress: [{ ip: '192.0.2.20' }] } },
      }),
    ),
    expects: { noCause: true },
  },
];
