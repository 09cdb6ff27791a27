import {
  ApiBlueprint,
  createFrontendModule,
  createFrontendPlugin,
  PageBlueprint,
  withApis,
} from '@backstage/frontend-plugin-api';
import { EntityProvider } from '@backstage/plugin-catalog-react';
import { EntityTopology } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { topologyApiRef } from '../src';
import kubernetesTopologyPlugin from '../src';
import { EntityTopologyContent } from '../src/components/EntityTopologyContent';
import { TopologySearchResult } from '../src/components/TopologySearchResult';
import { bookinfoTopology } from '../src/fixtures/bookinfo';
import { RecordedTopology } from '../src/fixtures/RecordedTopology';
import { taskPvTopology } from '../src/fixtures/taskPv';
import { wordpressTopology } from '../src/fixtures/wordpress';

const now = Date.now();
const partial = (): EntityTopology => {
  const topology = taskPvTopology();
  return {
    ...topology,
    causes: [],
    unexplained: topology.nodes.filter(node => node.kind === 'Pod'),
    clusters: [
      {
        name: 'demo',
        state: 'syncing',
        message: '',
        at: now,
        kinds: [
          {
            kind: 'Secret',
            state: 'forbidden',
            objects: 0,
            message: 'secrets is forbidden',
          },
        ],
      },
      {
        name: 'edge',
        state: 'failing',
        message: 'connect ECONNREFUSED 10.0.0.7:6443',
        at: now - 240_000,
        kinds: [],
      },
    ],
    hidden: [{ count: 214, what: 'healthy pods of ReplicaSet cart' }],
  };
};

const TOPOLOGIES: Record<string, () => EntityTopology> = {
  'task-pv': taskPvTopology,
  wordpress: wordpressTopology,
  bookinfo: () => bookinfoTopology(9),
  partial,
  empty: () => ({ ...taskPvTopology(), nodes: [], edges: [], causes: [] }),
};

/** Answers by the entity's name; `forbidden`, `failed` and `loading` answer with that state. */
const recorded = new Map(
  Object.entries(TOPOLOGIES).map(([name, topology]) => [
    name,
    new RecordedTopology(topology()),
  ]),
);
const bookinfo = recorded.get('bookinfo')!;
const story = () => window.location.pathname.split('/')[1];
const answering = () => recorded.get(story())!;
const devApi = ApiBlueprint.make({
  params: defineParams =>
    defineParams({
      api: topologyApiRef,
      deps: {},
      factory: () => ({
        entityTopology: async () => {
          switch (story()) {
            case 'forbidden':
              throw Object.assign(new Error('no'), { statusCode: 403 });
            case 'failed':
              throw new Error('connect ECONNREFUSED 127.0.0.1:7007');
            case 'loading':
              return new Promise<EntityTopology>(() => {});
            default:
              return answering().entityTopology();
          }
        },
        node: key => answering().node(key),
        explanation: key => answering().explanation(key),
        impact: key => answering().impact(key),
        history: key => answering().history(key),
        incidents: () => bookinfo.incidents(),
        overview: () => bookinfo.overview(),
        placeTopology: () => bookinfo.placeTopology(),
        query: () => bookinfo.query(),
        favourites: () => bookinfo.favourites(),
        restart: request => answering().restart(request),
        restartRun: id => answering().restartRun(id),
        clusters: () => bookinfo.clusters(),
        clusterHealth: name => bookinfo.clusterHealth(name),
      }),
    }),
});

const storyPage = (name: string) =>
  PageBlueprint.make({
    name,
    params: {
      path: `/${name}`,
      title: name,
      loader: async () => (
        <EntityProvider
          entity={{
            apiVersion: 'backstage.io/v1alpha1',
            kind: 'Component',
            metadata: { name, namespace: 'default' },
          }}
        >
          <EntityTopologyContent />
        </EntityProvider>
      ),
    },
  });

const searchPage = PageBlueprint.make({
  name: 'search-results',
  params: {
    path: '/search-results',
    title: 'search',
    loader: async () => {
      const topology = wordpressTopology();
      const secret = topology.nodes[0];
      const Result = withApis({})(TopologySearchResult);
      return (
        <ul style={{ padding: 0 }}>
          <Result
            result={
              {
                ...secret,
                title: secret.name,
                text: '',
                location: '/wordpress',
                level: secret.verdict.level,
                moreDependents: 3,
                dependents: topology.nodes
                  .filter(node => node.kind === 'Pod')
                  .map(pod => ({ ...pod, level: pod.verdict.level })),
              } as never
            }
          />
        </ul>
      );
    },
  },
});

export const devFeatures = [
  kubernetesTopologyPlugin,
  createFrontendModule({
    pluginId: 'kubernetes-topology',
    extensions: [devApi],
  }),
  createFrontendPlugin({
    pluginId: 'stories',
    extensions: [
      ...[...recorded.keys(), 'forbidden', 'failed', 'loading'].map(storyPage),
      searchPage,
    ],
  }),
];
