import { Favourite } from '@kubernetes-topology/plugin-kubernetes-topology-common';

const ALL = "G.V().Has('Manager', Within('k8s', 'istio'))";

const ofTypes = (...types: string[]) =>
  `${ALL}.Has('Type', Within(${types.map(type => `'${type}'`).join(', ')}))`;

/** Name, what it shows, and what of it glows: `skydive.md` 6.2, word for word. */
const FAVOURITES: readonly [string, string, string?][] = [
  ['k8s none', "G.V().Has('Manager', Without('k8s', 'istio'))"],
  ['k8s all', ALL],
  [
    'k8s compute',
    ofTypes('cluster', 'container', 'namespace', 'node', 'pod'),
    ofTypes('container', 'pod'),
  ],
  [
    'k8s deployment',
    ofTypes(
      'cluster',
      'deployment',
      'job',
      'namespace',
      'node',
      'pod',
      'replicaset',
      'replicationcontroller',
      'statefulset',
    ),
    ofTypes(
      'deployment',
      'job',
      'replicaset',
      'replicationcontroller',
      'statefulset',
    ),
  ],
  [
    'k8s network',
    ofTypes('cluster', 'container', 'namespace', 'networkpolicy', 'pod'),
    ofTypes('networkpolicy', 'pod'),
  ],
  [
    'k8s service',
    ofTypes(
      'cluster',
      'container',
      'endpoints',
      'ingress',
      'namespace',
      'networkpolicy',
      'pod',
      'service',
    ),
    ofTypes('endpoints', 'ingress', 'service'),
  ],
  [
    'k8s storage',
    ofTypes(
      'cluster',
      'container',
      'namespace',
      'persistentvolume',
      'persistentvolumeclaim',
      'pod',
      'storageclass',
    ),
    ofTypes(
      'container',
      'persistentvolume',
      'persistentvolumeclaim',
      'pod',
      'storageclass',
    ),
  ],
  [
    'k8s config',
    ofTypes('cluster', 'configmap', 'container', 'namespace', 'pod', 'secret'),
    ofTypes('configmap', 'secret'),
  ],
  [
    'istio network',
    ofTypes(
      'cluster',
      'container',
      'namespace',
      'pod',
      'virtualservice',
      'gateway',
    ),
    ofTypes('pod', 'virtualservice', 'gateway'),
  ],
];

/** Skydive's favourites; they come with the plugin. */
export const SKYDIVE_FAVOURITES: readonly Favourite[] = FAVOURITES.flatMap(
  ([name, filter, highlight]) =>
    (
      [
        ['filter', filter],
        ['highlight', highlight],
      ] as const
    ).flatMap(([use, query]) =>
      query === undefined
        ? []
        : [
            {
              id: `skydive-${use}-${name.replaceAll(' ', '-')}`,
              name,
              query,
              use,
              shared: true,
              builtIn: true,
              mine: false,
            },
          ],
    ),
);
