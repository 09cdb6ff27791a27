import { send } from '../testing/httpClient';
import { LivingCluster, node } from '../testing/livingCluster';

describe('leases', () => {
  let cluster: LivingCluster;
  beforeEach(async () => {
    cluster = await LivingCluster.start([node('node-a'), node('node-b')]);
  });
  afterEach(() => cluster.simulator.stop());

  const secondsOld = (name: string, namespace = 'kube-node-lease') => {
    const { renewTime } = cluster.get('Lease', name, namespace).spec;
    return (cluster.clock.now() - Date.parse(renewTime)) / 1000;
  };

  it('of nodes are renewed every ten seconds, and belong to their node', () => {
    cluster.pass(125);
    expect(secondsOld('node-a')).toBeLessThan(10);
    expect(cluster.get('Lease', 'node-a', 'kube-node-lease')).toMatchObject({
      metadata: { ownerReferences: [{ kind: 'Node', name: 'node-a' }] },
      spec: { holderIdentity: 'node-a', leaseDurationSeconds: 40 },
    });
  });

  it('of a node that is silent stay as they were, until it speaks again', async () => {
    const say = (status: string) =>
      send(cluster.simulator.url, 'PATCH', '/api/v1/nodes/node-b/status', {
        headers: { 'content-type': 'application/merge-patch+json' },
        body: { status: { conditions: [{ type: 'Ready', status }] } },
      });
    await say('Unknown');
    cluster.pass(125);
    expect(secondsOld('node-a')).toBeLessThan(10);
    expect(secondsOld('node-b')).toBeGreaterThan(110);
    await say('True');
    cluster.pass(1);
    expect(secondsOld('node-b')).toBeLessThan(10);
  });

  it.each(['kube-controller-manager', 'kube-scheduler'])(
    'of %s are renewed by one holder',
    name => {
      const holder = () =>
        cluster.get('Lease', name, 'kube-system').spec.holderIdentity;
      const first = holder();
      cluster.pass(125);
      expect(secondsOld(name, 'kube-system')).toBeLessThan(10);
      expect(holder()).toBe(first);
      expect(first).toMatch(/^node-a_/);
    },
  );
});
