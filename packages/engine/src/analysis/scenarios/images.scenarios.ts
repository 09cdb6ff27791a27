import { Scenario } from './scenario';
import { bystanders, rollout } from './templateRollout';
import * as t from './templates';

const NOT_FOUND =
  'rpc error: code = NotFound desc = failed to pull and unpack image "registry.example/cart:v9x": registry.example/cart:v9x: not found';
const DENIED =
  'failed to pull and unpack image "registry.example/cart:1.0": failed to resolve reference "registry.example/cart:1.0": pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials';
const TOO_MANY =
  'failed to pull and unpack image: unexpected status from HEAD request to https://registry-1.docker.io/v2/library/redis/manifests/7: 429 Too Many Requests';
const NO_MATCH =
  'rpc error: code = NotFound desc = failed to pull and unpack image "registry.example/cart:2.0": no match for platform in manifest: not found';

const NEVER = t.waiting(
  'ErrImageNeverPull',
  'Container image "registry.example/cart:1.0" is not present with pull policy of Never',
);

export const images: readonly Scenario[] = [
  {
    id: 'S001',
    fault: 'a rollout to a tag that the registry does not have',
    objects: t.world(
      bystanders(),
      rollout('shop/cart', {
        before: { image: 'registry.example/cart:v9' },
        image: 'registry.example/cart:v9x',
        revision: 7,
        pods: t.imagePull('registry.example/cart:v9x', NOT_FOUND),
      }),
      t.service('shop/cart'),
    ),
    expects: {
      roots: ['Deployment/shop/cart'],
      faults: ['ImageNotFound'],
      says: ['v9x', 'revision 6', 'registry.example/cart:v9', 'undo'],
    },
  },
  {
    id: 'S001b',
    fault: 'a new Deployment with a tag that does not exist',
    objects: t.world(
      bystanders(),
      t.deployment('shop/cart', {
        image: 'registry.example/cart:v9x',
        pods: t.imagePull('registry.example/cart:v9x', NOT_FOUND),
      }),
      t.service('shop/cart'),
    ),
    expects: {
      roots: ['Deployment/shop/cart'],
      affected: ['Service/shop/cart'],
      says: ['v9x'],
    },
  },
  {
    id: 'S002',
    fault: 'the pull Secret was deleted',
    objects: t.world(
      bystanders(),
      t.serviceAccount('shop/cart', {
        imagePullSecrets: [{ name: 'regcred' }],
      }),
      t.secret('shop/regcreds'),
      t.deployment('shop/cart', {
        template: {
          serviceAccountName: 'cart',
          imagePullSecrets: [{ name: 'regcred' }],
        },
        pods: t.imagePull('registry.example/cart:1.0', DENIED),
      }),
    ),
    expects: {
      roots: ['Secret/shop/regcred'],
      affected: ['Deployment/shop/cart'],
      says: ['regcred', 'regcreds'],
    },
  },
  {
    id: 'S002b',
    fault: 'imagePullSecrets was taken out of the template',
    objects: t.world(
      bystanders(),
      t.secret('shop/regcred'),
      rollout('shop/cart', {
        before: { template: { imagePullSecrets: [{ name: 'regcred' }] } },
        pods: t.imagePull('registry.example/cart:1.0', DENIED),
      }),
    ),
    expects: {
      roots: ['Deployment/shop/cart'],
      says: ['imagePullSecrets', 'regcred'],
    },
  },
  {
    id: 'S002c',
    fault:
      'an image of a private registry, of which another workload has the credentials',
    objects: t.world(
      bystanders(),
      t.secret('shop/regcred'),
      t.deployment('shop/api', {
        template: { imagePullSecrets: [{ name: 'regcred' }] },
      }),
      t.deployment('shop/cart', {
        pods: t.imagePull('registry.example/cart:1.0', DENIED),
      }),
    ),
    expects: { roots: ['Deployment/shop/cart'], says: ['regcred'] },
  },
  {
    id: 'S003',
    fault: 'an image that is not built for the architecture of some nodes',
    objects: t.world(
      bystanders(),
      t.node('node-1'),
      t.node('node-2', {
        labels: { 'kubernetes.io/arch': 'arm64' },
        status: { nodeInfo: { architecture: 'arm64' } },
      }),
      t.node('node-3'),
      t.deployment('shop/cart', {
        image: 'registry.example/cart:2.0',
        replicas: 4,
        nodes: ['node-1', 'node-2'],
        pods: [
          t.running,
          t.imagePull('registry.example/cart:2.0', NO_MATCH),
          t.running,
          t.imagePull('registry.example/cart:2.0', NO_MATCH),
        ],
      }),
    ),
    expects: {
      roots: ['Deployment/shop/cart'],
      faults: ['ImageNotForPlatform'],
      says: ['arm64'],
    },
  },
  {
    id: 'S003b',
    fault: 'an image for one architecture only starts on a node of another one',
    objects: t.world(
      bystanders(),
      t.node('node-1'),
      t.node('node-2', {
        labels: { 'kubernetes.io/arch': 'arm64' },
        status: { nodeInfo: { architecture: 'arm64' } },
      }),
      t.node('node-3', {
        labels: { 'kubernetes.io/arch': 'arm64' },
        status: { nodeInfo: { architecture: 'arm64' } },
      }),
      t.deployment('shop/cart', {
        replicas: 3,
        pods: [t.running, t.crashing(255), t.crashing(255)],
      }),
    ),
    expects: {
      noCause: true,
      orLikely: ['Deployment/shop/cart'],
    },
  },
  {
    id: 'S004',
    fault: 'an image name with capitals',
    objects: t.world(
      bystanders(),
      t.deployment('shop/cart', {
        image: 'Shop/Cart:latest',
        pods: t.waiting(
          'InvalidImageName',
          'Failed to apply default image tag "Shop/Cart:latest": couldn\'t parse image name "Shop/Cart:latest": invalid reference format: repository name (library/Shop/Cart) must be lowercase',
        ),
      }),
    ),
    expects: {
      roots: ['Deployment/shop/cart'],
      faults: ['InvalidImageName'],
      says: ['Shop/Cart:latest', 'lower'],
    },
  },
  {
    id: 'S005',
    fault: 'imagePullPolicy Never, and the image is on one node only',
    objects: t.world(
      bystanders(),
      t.deployment('shop/cart', {
        replicas: 3,
        container: { imagePullPolicy: 'Never' },
        pods: [t.running, NEVER, NEVER],
      }),
    ),
    expects: {
      roots: ['Deployment/shop/cart'],
      faults: ['ImageNeverPulled'],
      says: ['Never', 'node-2'],
    },
  },
  {
    id: 'S006',
    fault: 'a registry limits the rate of pulls',
    objects: t.world(
      bystanders(),
      t.deployment('shop/cache', {
        image: 'redis:7',
        pods: t.imagePull('redis:7', TOO_MANY),
      }),
      t.deployment('data/queue', {
        image: 'docker.io/library/rabbitmq:3',
        pods: t.imagePull('docker.io/library/rabbitmq:3', TOO_MANY),
      }),
      t.deployment('data/proxy', {
        image: 'nginx:1.27',
        pods: t.imagePull('nginx:1.27', TOO_MANY),
      }),
    ),
    expects: {
      roots: ['ImageRegistry//docker.io'],
      affected: ['Deployment/shop/cache', 'Deployment/data/queue'],
      says: ['docker.io', '429'],
    },
  },
  {
    id: 'S006b',
    fault: 'a registry is out of reach',
    objects: t.world(
      bystanders(),
      t.deployment('shop/api', {
        image: 'ghcr.io/shop/api:2',
        pods: t.imagePull(
          'ghcr.io/shop/api:2',
          'failed to pull and unpack image "ghcr.io/shop/api:2": dial tcp 140.82.121.34:443: i/o timeout',
        ),
      }),
      t.deployment('data/queue', {
        image: 'ghcr.io/data/queue:3',
        pods: t.imagePull(
          'ghcr.io/data/queue:3',
          'failed to pull and unpack image "ghcr.io/data/queue:3": dial tcp 140.82.121.34:443: i/o timeout',
        ),
      }),
    ),
    expects: { roots: ['ImageRegistry//ghcr.io'], says: ['ghcr.io'] },
  },
  {
    id: 'S006c',
    fault: 'one image cannot be pulled in time',
    objects: t.world(
      bystanders(),
      t.deployment('shop/api', {
        image: 'ghcr.io/shop/api:2',
        pods: t.imagePull(
          'ghcr.io/shop/api:2',
          'failed to pull and unpack image "ghcr.io/shop/api:2": dial tcp 140.82.121.34:443: i/o timeout',
        ),
      }),
    ),
    expects: { noCause: true },
  },
  {
    id: 'S002d',
    fault: 'a registry refuses, and nobody beside has credentials for it',
    objects: t.world(
      bystanders(),
      t.secret('shop/regcred'),
      t.deployment('shop/api', {
        image: 'other.example/api:1',
        template: { imagePullSecrets: [{ name: 'regcred' }] },
      }),
      t.deployment('shop/cart', {
        pods: t.imagePull('registry.example/cart:1.0', DENIED),
      }),
    ),
    expects: { noCause: true },
  },
];
