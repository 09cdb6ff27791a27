import { KubernetesObject } from '../kinds/kindDefinition';
import { NODE, POD, SECRET } from '../kinds/kindIds';
import { Verdict } from '../kinds/status';
import { RealCluster, time } from './__testUtils__/realCluster';

/** A Secret as the API server's metadata tells it. */
function secret(...keys: string[]): KubernetesObject {
  return {
    metadata: {
      name: 'db',
      namespace: 'shop',
      uid: 'db',
      creationTimestamp: time(-7200),
      managedFields: [
        {
          manager: 'kubectl',
          time: time(-7200),
          fieldsV1: {
            'f:data': Object.fromEntries(keys.map(key => [`f:${key}`, {}])),
          },
        },
      ],
    },
  };
}

/** A pod that mounts one key of the Secret, and whose containers are being created since the start. */
const pod: KubernetesObject = {
  metadata: {
    name: 'cart-1',
    namespace: 'shop',
    uid: 'cart-1',
    creationTimestamp: time(0),
  },
  spec: {
    nodeName: 'node-1',
    containers: [
      { name: 'app', volumeMounts: [{ name: 'v', mountPath: '/v' }] },
    ],
    volumes: [
      {
        name: 'v',
        secret: { secretName: 'db', items: [{ key: 'password', path: 'p' }] },
      },
    ],
  },
  status: {
    phase: 'Pending',
    conditions: [
      { type: 'PodScheduled', status: 'True', lastTransitionTime: time(0) },
    ],
    containerStatuses: [
      {
        name: 'app',
        ready: false,
        restartCount: 0,
        state: { waiting: { reason: 'ContainerCreating' } },
      },
    ],
  },
};

const node: KubernetesObject = {
  metadata: { name: 'node-1', uid: 'node-1', creationTimestamp: time(-7200) },
  status: { conditions: [{ type: 'Ready', status: 'True' }] },
};

const told = ({ level, reason, rule }: Verdict) => `${level} ${reason} ${rule}`;

describe('a pod that waits for a key, without any event', () => {
  it('is down after a grace, and heals with the key', () => {
    const cluster = new RealCluster(
      [NODE, node],
      [SECRET, secret('user')],
      [POD, pod],
    );
    expect(cluster.missingKeys()).toEqual(['password']);
    expect(told(cluster.verdict('cart-1'))).toBe(
      'progressing ContainerCreating H014',
    );
    cluster.wait(31);
    expect(told(cluster.verdict('cart-1'))).toBe('down MountFailed H015');
    expect(cluster.verdict('cart-1').message).toBe(
      'Secret db of a volume has no key password',
    );
    cluster.change(SECRET, secret('user', 'password'));
    expect(cluster.missingKeys()).toBeUndefined();
    expect(told(cluster.verdict('cart-1'))).toBe(
      'progressing ContainerCreating H014',
    );
  });

  it('is down without the Secret, and heals with it', () => {
    const cluster = new RealCluster([NODE, node], [POD, pod]);
    cluster.wait(31);
    expect(told(cluster.verdict('cart-1'))).toBe('down MountFailed H015');
    expect(cluster.missingKeys()).toBeUndefined();
    cluster.change(SECRET, secret('password'));
    expect(told(cluster.verdict('cart-1'))).toBe(
      'progressing ContainerCreating H014',
    );
  });
});
