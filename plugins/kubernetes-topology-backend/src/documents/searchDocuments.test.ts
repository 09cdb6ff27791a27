import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import {
  IncidentRecord,
  NodeFilter,
  NodeKey,
} from '@kubernetes-topology/engine';
import { TopologyDocument } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { InMemoryTopology, relation } from '../__testUtils__/inMemoryTopology';
import { storedNode } from '../__testUtils__/storedNode';
import { SearchDocuments } from './searchDocuments';

const secret = 'demo/Secret/default/mysql-pass';
const web = 'demo/Pod/default/wordpress-1';
const db = 'demo/Pod/default/mysql-1';

function landscape() {
  const topology = new InMemoryTopology([
    storedNode(secret, {
      verdict: { level: 'missing', reason: 'NotFound', evidence: [] },
    }),
    storedNode(web, { labels: { app: 'wordpress', tier: 'frontend' } }),
    storedNode(db, { labels: { app: 'wordpress' } }),
    storedNode('demo/Container/default/mysql-1/mysql'),
    storedNode('demo/EndpointSlice.discovery.k8s.io/default/wordpress'),
    storedNode('demo/ReplicaSet.apps/default/wordpress-old', {
      verdict: { level: 'history', reason: 'Superseded', evidence: [] },
    }),
    storedNode('demo/Namespace//default'),
  ]);
  topology.link(web, 'pod-secret', secret);
  topology.link(db, 'pod-secret', secret);
  topology.link(
    'demo/Namespace//default',
    relation('namespace-pod', { class: 'ownership', suffers: 'target' }),
    web,
  );
  topology.link(
    'demo/ReplicaSet.apps/default/wordpress-old',
    relation('replicaset-pod', { class: 'control' }),
    web,
  );
  return topology;
}

const entity = (
  kind: string,
  name: string,
  annotations: Record<string, string>,
): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind,
  metadata: { name, namespace: 'default', annotations },
});

function incidentOf(
  fault: string,
  severity: 'critical' | 'warning',
  root: string,
  affected: string[],
): IncidentRecord {
  const causal = (key: string) => {
    const { kind, ...node } = storedNode(key);
    return { ...node, kind: kind.kind };
  };
  return {
    cluster: 'demo',
    openedAt: 1,
    changedAt: 1,
    incident: {
      id: `${fault}/${root}`,
      root: causal(root),
      fault,
      severity,
      confidence: 'proven',
      summary: fault,
      nextStep: '',
      path: [],
      evidence: [],
      affected: affected.map(causal),
      more: 0,
      rivals: [],
    },
  };
}

async function documents(
  options: {
    entities?: Entity[];
    filter?: NodeFilter;
    limit?: number;
    topology?: InMemoryTopology;
  } = {},
) {
  const searchDocuments = SearchDocuments.create({
    topology: options.topology ?? landscape(),
    catalog: catalogServiceMock({ entities: options.entities ?? [] }),
    auth: mockServices.auth(),
  });
  const items: TopologyDocument[] = [];
  let pages = 0;
  let after: number | undefined;
  do {
    const page = await searchDocuments.page(
      { after, limit: options.limit ?? 100 },
      { credentials: mockCredentials.service(), filter: options.filter },
    );
    items.push(...page.items);
    pages++;
    after = page.next;
  } while (after !== undefined);
  return { pages, items, of: (key: string) => items.find(d => d.key === key)! };
}

describe('SearchDocuments', () => {
  it('has objects, but neither their parts nor what is history', async () => {
    const { items } = await documents();
    expect(items.map(item => item.key)).toEqual([
      secret,
      web,
      db,
      'demo/Namespace//default',
    ]);
  });

  it('names the pods that depend on an object', async () => {
    const { of } = await documents();
    expect(of(secret)).toEqual({
      key: secret,
      title: 'mysql-pass (Secret)',
      text:
        'Secret mysql-pass in namespace default, cluster demo. missing, NotFound. ' +
        'Depended on by Pod wordpress-1, Pod mysql-1.',
      cluster: 'demo',
      namespace: 'default',
      kind: 'Secret',
      name: 'mysql-pass',
      level: 'missing',
      status: 'missing',
      stale: 'false',
      incident: '',
      dependsOn: [],
      dependedOnBy: ['Pod/wordpress-1', 'Pod/mysql-1'],
      dependents: [
        { key: web, name: 'wordpress-1', level: 'ok' },
        { key: db, name: 'mysql-1', level: 'ok' },
      ],
      moreDependents: 0,
    });
  });

  it('names what a pod depends on, and its labels', async () => {
    const { of } = await documents();
    expect(of(web).text).toBe(
      'Pod wordpress-1 in namespace default, cluster demo. ok, Ready. ' +
        'Depends on Secret mysql-pass. Labels app=wordpress, tier=frontend.',
    );
  });

  it('counts dependents beyond the named ones', async () => {
    const topology = landscape();
    for (let i = 0; i < 30; i++) {
      topology.put(storedNode(`demo/Pod/default/more-${i}`));
      topology.link(`demo/Pod/default/more-${i}`, 'pod-secret', secret);
    }
    const { of } = await documents({ topology });
    expect(of(secret).dependents).toHaveLength(20);
    expect(of(secret).moreDependents).toBe(12);
    expect(of(secret).text).toContain(' and 12 more.');
  });

  it('names no dependents in other namespaces, whose names the reader of the document may not see', async () => {
    const topology = landscape();
    const node = 'demo/Node//n1';
    topology.put(storedNode(node), storedNode('demo/Pod/other/stranger'));
    topology.link('demo/Pod/other/stranger', 'pod-secret', secret);
    topology.link('demo/Pod/other/stranger', 'pod-node', node);
    const { of } = await documents({ topology });
    for (const key of [secret, node]) {
      expect(JSON.stringify(of(key))).not.toContain('stranger');
    }
    expect(of(node)).toMatchObject({ dependents: [], moreDependents: 0 });
  });

  it('names what objects of any kind depend on, and what depends on them, as far as the reader may know it', async () => {
    const routing = { class: 'routing' } as const;
    const ingress = 'demo/Ingress.networking.k8s.io/default/shop';
    const service = 'demo/Service/default/wordpress';
    const stranger = 'demo/Ingress.networking.k8s.io/other/stranger';
    const node = 'demo/Node//n1';
    const topology = landscape();
    topology.put(
      ...[ingress, service, stranger, node].map(key => storedNode(key)),
      storedNode('demo/ConfigMap/other/remote'),
    );
    topology.link(ingress, relation('ingress-service', routing), service);
    topology.link(stranger, relation('ingress-service', routing), service);
    topology.link(service, relation('service-pod', routing), web);
    topology.link(
      service,
      relation('service-config'),
      'demo/ConfigMap/other/remote',
    );
    const scheduling = { class: 'scheduling', suffers: 'target' } as const;
    topology.link(node, relation('node-pod', scheduling), web);
    const { of } = await documents({ topology });
    expect(
      [ingress, service, web, node, secret].map(key => [
        of(key).dependsOn,
        of(key).dependedOnBy,
      ]),
    ).toEqual([
      [['Service/wordpress'], []],
      [
        ['Pod/wordpress-1', 'ConfigMap/remote'],
        ['Ingress.networking.k8s.io/shop'],
      ],
      [['Secret/mysql-pass', 'Node/n1'], ['Service/wordpress']],
      [[], []],
      [[], ['Pod/wordpress-1', 'Pod/mysql-1']],
    ]);
    expect(of(service).text).toContain('Depended on by Ingress shop.');
    expect(of(service).text).not.toContain('stranger');
  });

  it('can be filtered by status, stale configuration and incident', async () => {
    const topology = landscape();
    const stranger = 'demo/Pod/other/stranger';
    const stale = storedNode(web);
    topology.put(storedNode(stranger), {
      ...stale,
      verdict: {
        ...stale.verdict,
        stale: [{ key: secret as NodeKey, changedAt: 2, startedAt: 1 }],
      },
    });
    topology.records = [
      incidentOf('MissingSecret', 'warning', secret, [db, stranger]),
      incidentOf('CrashLoop', 'critical', db, []),
    ];
    const { of } = await documents({ topology });
    expect(
      [secret, web, db, stranger].map(key => {
        const { status, stale: isStale, incident: fault } = of(key);
        return [status, isStale, fault];
      }),
    ).toEqual([
      ['missing', 'false', 'MissingSecret'],
      ['ok', 'true', ''],
      ['ok', 'false', 'CrashLoop'],
      ['ok', 'false', ''],
    ]);
    expect(of(secret).text).toContain('Incident MissingSecret.');
  });

  it('asks once a page for neighbours, and once a run for incidents', async () => {
    const topology = landscape();
    const neighbours = jest.spyOn(topology, 'neighboursOf');
    const incidents = jest.spyOn(topology, 'incidentLog');
    const pods = jest.spyOn(topology, 'dependentPods');
    const { pages } = await documents({ topology, limit: 3 });
    expect(pages).toBe(3);
    expect(neighbours).toHaveBeenCalledTimes(3);
    expect(incidents).toHaveBeenCalledTimes(1);
    expect(pods).toHaveBeenCalledTimes(1);
  });

  it('is the same read in pages of any size', async () => {
    const all = await documents();
    for (const limit of [1, 2, 3, 7]) {
      const { items, pages } = await documents({ limit });
      expect(items).toEqual(all.items);
      expect(pages).toBe(Math.ceil(7 / limit));
    }
  });

  it('holds nothing of what the asker may not see', async () => {
    const { items } = await documents({
      filter: { not: { key: 'key', values: [db] } },
    });
    expect(JSON.stringify(items)).not.toContain('mysql-1');
    expect(JSON.stringify(items)).toContain('wordpress-1');
  });

  it.each<[string, Entity[], string | undefined, string | undefined]>([
    // what, entities, entity of the pod, entity of the secret
    ['no entity', [], undefined, undefined],
    [
      'an entity by label selector; the secret goes with its dependents',
      [
        entity('Component', 'blog', {
          'backstage.io/kubernetes-label-selector': 'app=wordpress',
        }),
      ],
      'component:default/blog',
      'component:default/blog',
    ],
    [
      'a component before a resource',
      [
        entity('Resource', 'a', {
          'backstage.io/kubernetes-label-selector': 'app=wordpress',
        }),
        entity('Component', 'b', {
          'backstage.io/kubernetes-label-selector': 'tier in (frontend,x)',
        }),
        entity('Component', 'c', {
          'backstage.io/kubernetes-label-selector': 'app=wordpress',
        }),
      ],
      'component:default/c',
      'component:default/c',
    ],
    [
      'a selector without an equality',
      [
        entity('Component', 'b', {
          'backstage.io/kubernetes-label-selector': 'tier',
        }),
      ],
      'component:default/b',
      'component:default/b',
    ],
    [
      'another namespace',
      [
        entity('Component', 'b', {
          'backstage.io/kubernetes-label-selector': 'app=wordpress',
          'backstage.io/kubernetes-namespace': 'other',
        }),
      ],
      undefined,
      undefined,
    ],
    [
      'another cluster',
      [
        entity('Component', 'b', {
          'backstage.io/kubernetes-label-selector': 'app=wordpress',
          'backstage.io/kubernetes-cluster': 'other',
        }),
      ],
      undefined,
      undefined,
    ],
    [
      'a faulty selector beside a right one',
      [
        entity('Component', 'a', {
          'backstage.io/kubernetes-label-selector': '((',
        }),
        entity('Component', 'b', {
          'backstage.io/kubernetes-label-selector': 'app=wordpress',
        }),
      ],
      'component:default/b',
      'component:default/b',
    ],
    [
      'an entity of the same name only',
      [entity('Component', 'wordpress', {})],
      undefined,
      undefined,
    ],
  ])(
    'finds the entity behind an object: %s',
    async (_, entities, pod, config) => {
      const { of } = await documents({ entities });
      expect([of(web).entityRef, of(secret).shownIn]).toEqual([pod, config]);
      expect(of(web).shownIn).toBe(pod);
      expect(of(secret).entityRef).toBeUndefined();
    },
  );

  it('finds the entity by backstage.io/kubernetes-id', async () => {
    const topology = landscape();
    topology.put(
      storedNode(web, { labels: { 'backstage.io/kubernetes-id': 'blog' } }),
    );
    const { of } = await documents({
      topology,
      entities: [
        entity('Component', 'the-blog', {
          'backstage.io/kubernetes-id': 'blog',
        }),
      ],
    });
    expect(of(web).entityRef).toBe('component:default/the-blog');
    expect(of(db).entityRef).toBeUndefined();
  });
});
