import { EntityTopology } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { bookinfoTopology } from '../fixtures/bookinfo';
import { taskPvTopology } from '../fixtures/taskPv';
import { TopologyBuilder } from '../fixtures/topologyBuilder';
import { wordpressTopology } from '../fixtures/wordpress';
import { cascadeOf } from './cascade';
import { Drawing, drawingOf } from './drawing';

const NONE: ReadonlySet<string> = new Set();

function draw(topology: EntityTopology, selected?: string): Drawing {
  return drawingOf(topology, {
    cascade: cascadeOf(topology.causes),
    selected,
    opened: NONE,
  });
}

const nameOf = (id: string) => id.split('/').slice(-1)[0];
const edgesOf = (
  drawing: Drawing,
  keep: (e: Drawing['edges'][number]) => boolean,
) =>
  drawing.edges
    .filter(keep)
    .map(edge => `${nameOf(edge.source)} → ${nameOf(edge.target)}`)
    .sort();

describe('drawingOf', () => {
  it('draws clusters and namespaces as frames', () => {
    const drawing = draw(taskPvTopology());
    expect([...drawing.frames.keys()].sort()).toEqual([
      'demo',
      'demo/docs-storage',
    ]);
    expect(drawing.nodes.map(node => nameOf(node.id)).sort()).toEqual([
      'manual',
      'task-pv-claim',
      'task-pv-pod',
      'task-pv-volume',
    ]);
  });

  it('puts containers into their pod and endpoints into their service', () => {
    const parts = Object.fromEntries(
      draw(wordpressTopology()).nodes.flatMap(node =>
        node.type === 'object' && node.parts.length > 0
          ? [
              [
                `${node.node.kind} ${node.node.name}`,
                node.parts.map(p => p.kind),
              ],
            ]
          : [],
      ),
    );
    expect(parts).toEqual({
      'Pod wordpress-764497fd54-4nfqh': ['Container'],
      'Pod wordpress-mysql-54d56b8d5c-8ntpm': ['Container'],
      'Service wordpress': ['Endpoints', 'EndpointSlice'],
      'Service wordpress-mysql': ['Endpoints', 'EndpointSlice'],
    });
  });

  it('merges parallel references and drops those that a pod shows for its workload', () => {
    const drawing = draw(wordpressTopology());
    expect(
      edgesOf(drawing, edge => nameOf(edge.target) === 'mysql-pass'),
    ).toEqual([
      'wordpress-764497fd54-4nfqh → mysql-pass',
      'wordpress-mysql-54d56b8d5c-8ntpm → mysql-pass',
    ]);
    const routing = drawing.edges.filter(edge => edge.class === 'routing');
    expect(routing.map(edge => edge.relations)).toEqual([
      ['service-pod', 'endpointslice-pod'],
      ['service-pod', 'endpointslice-pod'],
    ]);
  });

  it('keeps a workload’s own reference while it has no pod', () => {
    const build = new TopologyBuilder();
    const deployment = build.add('Deployment.apps', 'shop', 'cart', 'idle');
    const secret = build.add('Secret', 'shop', 'token');
    const { nodes, edges } = build
      .link('deployment-secret', deployment, secret)
      .topology('component:default/cart');
    expect(
      drawingOf({ nodes, edges }, { cascade: cascadeOf([]), opened: NONE })
        .edges,
    ).toHaveLength(1);
  });

  it.each([
    ['node-pod', 'Node', ''],
    ['storageclass-persistentvolumeclaim', 'StorageClass.storage.k8s.io', ''],
    [
      'networkpolicy-pod-ingress-begin',
      'NetworkPolicy.networking.k8s.io',
      'shop',
    ],
  ])('leaves %s out of the layout', (relation, kind, namespace) => {
    const build = new TopologyBuilder();
    const hub = build.add(kind, namespace, 'hub');
    const pod = build.add('Pod', 'shop', 'cart');
    const { nodes, edges } = build
      .link(relation, hub, pod)
      .topology('component:default/cart');
    const [edge] = drawingOf(
      { nodes, edges },
      { cascade: cascadeOf([]), opened: NONE },
    ).edges;
    expect(edge.crossCutting).toBe(true);
  });

  it('draws a service to the pods, not to their workload as well', () => {
    const build = new TopologyBuilder();
    const service = build.add('Service', 'shop', 'cart');
    const deployment = build.add('Deployment.apps', 'shop', 'cart');
    const replicaSet = build.add('ReplicaSet.apps', 'shop', 'cart-1');
    const pod = build.add('Pod', 'shop', 'cart-1-a');
    const idle = build.add('Deployment.apps', 'shop', 'idle', 'idle');
    const drawing = draw(
      build
        .link('deployment-replicaset', deployment, replicaSet)
        .link('replicaset-pod', replicaSet, pod)
        .link('service-pod', service, pod)
        .link('service-deployment', service, deployment)
        .link('service-deployment', service, idle)
        .topology('component:default/cart'),
    );
    expect(edgesOf(drawing, edge => edge.class === 'routing')).toEqual([
      'cart → cart-1-a',
      'cart → idle',
    ]);
  });

  it('draws what scales a workload, though it is scheduling', () => {
    const build = new TopologyBuilder();
    const scaler = build.add(
      'HorizontalPodAutoscaler.autoscaling',
      'shop',
      'cart',
    );
    const drawing = draw(
      build
        .link(
          'horizontalpodautoscaler-deployment',
          scaler,
          build.add('Deployment.apps', 'shop', 'cart'),
        )
        .topology('component:default/cart'),
    );
    expect(drawing.edges).toMatchObject([
      { class: 'scheduling', crossCutting: false },
    ]);
  });

  it.each([
    [20, 'ok', false],
    [21, 'ok', true],
    [21, 'degraded', false],
  ] as const)(
    '%d references to what is %s: a hub: %s',
    (count, level, crossCutting) => {
      const build = new TopologyBuilder();
      const hub = build.add('ConfigMap', 'shop', 'certificates', level);
      for (let index = 0; index < count; index++) {
        const pod = build.add('Pod', 'shop', `p${index}`);
        build.link('pod-configmap', pod, hub);
      }
      const drawing = draw(build.topology('component:default/cart'));
      expect(drawing.edges).toHaveLength(count);
      expect(
        drawing.edges.every(edge => edge.crossCutting === crossCutting),
      ).toBe(true);
    },
  );

  it('says on the line which keys are missing', () => {
    const build = new TopologyBuilder();
    const pod = build.add('Pod', 'shop', 'cart');
    const secret = build.add('Secret', 'shop', 'token');
    const { nodes, edges } = build
      .link('pod-secret', pod, secret)
      .link('pod-secret', pod, secret, false)
      .topology('component:default/cart');
    const [edge] = drawingOf(
      {
        nodes,
        edges: [
          { ...edges[0], missingKeys: ['password'] },
          { ...edges[1], missingKeys: ['user', 'password'] },
        ],
      },
      { cascade: cascadeOf([]), opened: NONE },
    ).edges;
    expect(edge).toMatchObject({
      missing: true,
      missingKeys: ['password', 'user'],
      crossCutting: false,
    });
  });

  it('takes a kind of another group for itself, not for its namesake', () => {
    const build = new TopologyBuilder();
    build.add('Cluster.cluster.x-k8s.io', 'fleet', 'edge');
    const service = build.add('Service.serving.knative.dev', 'fleet', 'api');
    build.link(
      'service-endpoints',
      service,
      build.add('Endpoints', 'fleet', 'api'),
    );
    const drawing = draw(build.topology('component:default/fleet'));
    expect(drawing.frames.size).toBe(0);
    expect(drawing.nodes).toHaveLength(3);
  });

  it.each([
    [true, true],
    [false, false],
  ])('marks a missing target where required is %s', (required, missing) => {
    const build = new TopologyBuilder();
    const pod = build.add('Pod', 'shop', 'cart');
    const secret = build.add('Secret', 'shop', 'token', 'missing');
    const { nodes, edges } = build
      .link('pod-secret', pod, secret, required)
      .topology('component:default/cart');
    const [edge] = drawingOf(
      { nodes, edges },
      { cascade: cascadeOf([]), opened: NONE },
    ).edges;
    expect(edge).toMatchObject({ missing, required });
  });

  it('tells the cascade from the cause to all that it takes down', () => {
    const drawing = draw(wordpressTopology());
    expect(
      drawing.edges
        .filter(edge => edge.suffers)
        .map(edge => {
          const [cause, effect] =
            edge.suffers === 'source'
              ? [edge.target, edge.source]
              : [edge.source, edge.target];
          return `${nameOf(cause)} ⇒ ${nameOf(effect)}`;
        })
        .sort(),
    ).toEqual([
      'mysql-pass ⇒ wordpress-764497fd54-4nfqh',
      'mysql-pass ⇒ wordpress-mysql-54d56b8d5c-8ntpm',
      'wordpress-764497fd54 ⇒ wordpress',
      'wordpress-764497fd54-4nfqh ⇒ wordpress',
      'wordpress-764497fd54-4nfqh ⇒ wordpress-764497fd54',
      'wordpress-mysql-54d56b8d5c ⇒ wordpress-mysql',
      'wordpress-mysql-54d56b8d5c-8ntpm ⇒ wordpress-mysql',
      'wordpress-mysql-54d56b8d5c-8ntpm ⇒ wordpress-mysql-54d56b8d5c',
    ]);
    const emphasis = Object.fromEntries(
      drawing.nodes.map(node => [node.id, node.emphasis]),
    );
    expect(emphasis['demo/Secret/wordpress/mysql-pass']).toBe('root');
    expect(emphasis['demo/Deployment.apps/wordpress/wordpress']).toBe(
      'cascade',
    );
    expect(emphasis['demo/Node//lab-node-3']).toBe('faded');
  });

  it('draws a told step that the graph has no edge for', () => {
    const topology = taskPvTopology();
    const drawing = draw({
      ...topology,
      edges: topology.edges.filter(
        e => e.relation !== 'pod-persistentvolumeclaim',
      ),
    });
    expect(edgesOf(drawing, edge => edge.suffers !== undefined)).toEqual([
      'task-pv-pod → task-pv-claim',
    ]);
  });

  it('lays out a node that is itself the cause', () => {
    const topology = bookinfoTopology(1);
    const node = topology.nodes.find(n => n.name === 'lab-node-1')!;
    const pod = topology.nodes.find(n => n.kind === 'Pod')!;
    const drawing = draw({
      ...topology,
      causes: [
        {
          root: node,
          fault: 'NodeUnreachable',
          confidence: 'proven',
          summary: '',
          nextStep: '',
          affected: [pod],
          path: [
            { node, says: '', evidence: [] },
            { node: pod, says: '', evidence: [] },
          ],
        },
      ],
    });
    const told = drawing.edges.filter(edge => edge.suffers);
    expect(told).toMatchObject([
      {
        source: node.key,
        target: pod.key,
        suffers: 'target',
        crossCutting: false,
      },
    ]);
  });

  it('tells a hub’s fault to all that it takes down, and to no other', () => {
    const topology = bookinfoTopology(1);
    const node = topology.nodes.find(n => n.name === 'lab-node-1')!;
    const onNode = topology.edges
      .filter(edge => edge.source === node.key && edge.relation === 'node-pod')
      .map(edge => topology.nodes.find(n => n.key === edge.target)!);
    const hitPods = onNode.slice(0, 3);
    const drawing = draw({
      ...topology,
      causes: [
        {
          root: node,
          fault: 'NodeUnreachable',
          confidence: 'proven',
          summary: '',
          nextStep: '',
          affected: hitPods,
          path: [
            { node, says: '', evidence: [] },
            { node: hitPods[0], says: '', evidence: [] },
          ],
        },
      ],
    });
    expect(onNode.length).toBeGreaterThan(3);
    expect(
      drawing.edges
        .filter(edge => edge.source === node.key && !edge.crossCutting)
        .map(edge => edge.target),
    ).toEqual(hitPods.map(pod => pod.key));
  });

  it.each([
    [true, 'plain', false],
    [false, 'faded', true],
  ])(
    'shows what is missing even where it would be a hub; required %s: %s',
    (required, emphasis, ghost) => {
      const topology = taskPvTopology();
      const storageClass = 'storageclass-persistentvolumeclaim';
      const drawing = draw({
        ...topology,
        edges: topology.edges.map(edge =>
          edge.relation === storageClass ? { ...edge, required } : edge,
        ),
      });
      expect(
        drawing.edges.find(edge => edge.relations.includes(storageClass)),
      ).toMatchObject({ crossCutting: false, missing: required });
      expect(
        drawing.nodes.find(node => nameOf(node.id) === 'manual'),
      ).toMatchObject({ emphasis, ghost });
    },
  );

  it('fades nothing where nothing is wrong, and folds', () => {
    const drawing = draw(bookinfoTopology(9));
    expect(drawing.nodes.every(node => node.emphasis === 'plain')).toBe(true);
    const folds = drawing.nodes.filter(node => node.type === 'fold');
    expect(folds).toHaveLength(1);
    expect(
      drawing.edges
        .filter(edge => edge.target === folds[0].id && !edge.crossCutting)
        .map(e => e.class),
    ).toEqual(['control', 'routing']);
  });

  it('takes a selected pod out of its fold', () => {
    const topology = bookinfoTopology(9);
    const all = draw(topology);
    const fold = all.nodes.find(node => node.type === 'fold');
    const key = fold?.type === 'fold' ? fold.fold.keys[2] : '';
    expect(all.drawnAs(key)).toBe(fold?.id);
    expect(draw(topology, key).drawnAs(key)).toBe(key);
  });
});
