import { StatusLevel } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { TopologyBuilder } from '../fixtures/topologyBuilder';
import { foldsOf } from './fold';

const NONE: ReadonlySet<string> = new Set();

function replicaSetWith(levels: StatusLevel[]) {
  const build = new TopologyBuilder();
  const replicaSet = build.add('ReplicaSet.apps', 'shop', 'cart');
  const pods = levels.map((level, index) => {
    const pod = build.add('Pod', 'shop', `cart-${index}`, level);
    build.link('replicaset-pod', replicaSet, pod);
    return pod;
  });
  const { nodes, edges } = build.topology('component:default/cart');
  return { nodes, edges, pods, replicaSet };
}

describe('foldsOf', () => {
  it.each<[string, StatusLevel[], number[]]>([
    ['three healthy pods stay', ['ok', 'ok', 'ok'], []],
    ['the fourth folds', ['ok', 'ok', 'ok', 'ok'], [3]],
    ['problems never fold', ['down', 'ok', 'ok', 'ok', 'degraded'], []],
    [
      'problems do not count as drawn healthy pods',
      ['down', 'ok', 'ok', 'ok', 'ok', 'missing'],
      [4],
    ],
    [
      'what is neither calm nor past stays',
      ['unknown', 'progressing', 'terminating', 'suspended', 'maintenance'],
      [],
    ],
    ['idle pods fold too', ['idle', 'idle', 'idle', 'idle'], [3]],
  ])('%s', (_what, levels, folded) => {
    const { nodes, edges, pods } = replicaSetWith(levels);
    expect(foldsOf(nodes, edges, NONE, NONE).flatMap(f => f.keys)).toEqual(
      folded.map(index => pods[index].key),
    );
  });

  it('leaves alone what is selected or part of a cascade', () => {
    const { nodes, edges, pods } = replicaSetWith([
      'ok',
      'ok',
      'ok',
      'ok',
      'ok',
    ]);
    const [fold] = foldsOf(nodes, edges, new Set([pods[4].key]), NONE);
    expect(fold.keys).toEqual([pods[3].key]);
  });

  it('does not fold again what was opened', () => {
    const { nodes, edges } = replicaSetWith(['ok', 'ok', 'ok', 'ok']);
    const [fold] = foldsOf(nodes, edges, NONE, NONE);
    expect(foldsOf(nodes, edges, NONE, new Set([fold.id]))).toEqual([]);
  });

  it('keeps drawing the same pods when a newer one comes', () => {
    const { nodes, edges, pods } = replicaSetWith(['ok', 'ok', 'ok', 'ok']);
    const before = foldsOf(nodes, edges, NONE, NONE)[0];
    const newer = {
      ...pods[0],
      key: `${pods[0].key}-a`,
      createdAt: Date.now(),
    };
    const after = foldsOf(
      [newer, ...nodes],
      [{ ...edges[0], target: newer.key }, ...edges],
      NONE,
      NONE,
    )[0];
    expect(after.id).toBe(before.id);
    expect(after.keys).toEqual([pods[3].key, newer.key]);
  });

  it('folds replaced replica sets, one fold for each deployment', () => {
    const build = new TopologyBuilder();
    for (const name of ['cart', 'shop']) {
      const deployment = build.add('Deployment.apps', 'shop', name);
      for (const [hash, level] of [
        ['a', 'history'],
        ['b', 'history'],
        ['c', 'ok'],
      ] as const) {
        build.link(
          'deployment-replicaset',
          deployment,
          build.add('ReplicaSet.apps', 'shop', `${name}-${hash}`, level),
        );
      }
    }
    const { nodes, edges } = build.topology('component:default/shop');
    expect(
      foldsOf(nodes, edges, NONE, NONE).map(fold => [
        fold.what,
        fold.keys.length,
      ]),
    ).toEqual([
      ['past', 2],
      ['past', 2],
    ]);
  });

  it('folds the children of a custom resource by kind, but not those that own others', () => {
    const build = new TopologyBuilder();
    const workflow = build.add('Workflow.argoproj.io', 'shop', 'nightly');
    for (let index = 0; index < 5; index++) {
      const deployment = build.add('Deployment.apps', 'shop', `d${index}`);
      build.link('object-object', workflow, deployment);
      build.link(
        'object-object',
        workflow,
        build.add('Order.acme.cert-manager.io', 'shop', `order${index}`),
      );
      build.link(
        'deployment-replicaset',
        deployment,
        build.add('ReplicaSet.apps', 'shop', `d${index}-1`),
      );
    }
    const { nodes, edges } = build.topology('component:default/shop');
    expect(
      foldsOf(nodes, edges, NONE, NONE).map(({ id, kind, keys }) => [
        id,
        kind,
        keys.length,
      ]),
    ).toEqual([
      [`fold/healthy/${workflow.key}/Order.acme.cert-manager.io`, 'Order', 2],
    ]);
  });
});
