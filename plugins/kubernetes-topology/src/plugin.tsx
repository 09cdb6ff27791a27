import {
  ApiBlueprint,
  createFrontendPlugin,
  discoveryApiRef,
  fetchApiRef,
  PageBlueprint,
} from '@backstage/frontend-plugin-api';
import { EntityContentBlueprint } from '@backstage/plugin-catalog-react/alpha';
import {
  SearchFilterResultTypeBlueprint,
  SearchResultListItemBlueprint,
} from '@backstage/plugin-search-react/alpha';
import { TopologyClient } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { RiNodeTree } from '@remixicon/react';
import { topologyApiRef } from './api/TopologyApi';
import { entityWithObjectsFilter } from './entityFilter';
import { rootRouteRef } from './routes';

/** The type that the search module's collator gives its documents. */
const SEARCH_TYPE = 'kubernetes-resource';

const topologyApi = ApiBlueprint.make({
  params: defineParams =>
    defineParams({
      api: topologyApiRef,
      deps: { discoveryApi: discoveryApiRef, fetchApi: fetchApiRef },
      factory: ({ discoveryApi, fetchApi }) =>
        new TopologyClient({ discoveryApi, fetchApi }),
    }),
});

const topologyContent = EntityContentBlueprint.make({
  name: 'topology',
  params: {
    path: '/topology',
    title: 'Topology',
    icon: <RiNodeTree />,
    filter: entityWithObjectsFilter,
    loader: () =>
      import('./components/EntityTopologyContent').then(module => (
        <module.EntityTopologyContent />
      )),
  },
});

const explorerPage = PageBlueprint.make({
  params: {
    path: '/kubernetes-topology',
    title: 'Kubernetes',
    icon: <RiNodeTree />,
    routeRef: rootRouteRef,
    loader: () =>
      import('./components/Explorer').then(module => <module.ExplorerPage />),
  },
});

const searchResultItem = SearchResultListItemBlueprint.make({
  name: SEARCH_TYPE,
  params: {
    predicate: result => result.type === SEARCH_TYPE,
    component: () =>
      import('./components/TopologySearchResult').then(
        module => module.TopologySearchResult,
      ),
  },
});

const searchResultType = SearchFilterResultTypeBlueprint.make({
  name: SEARCH_TYPE,
  params: {
    value: SEARCH_TYPE,
    name: 'Kubernetes objects',
    icon: <RiNodeTree />,
  },
});

/** The topology of a catalog entity: its tab and search results, the health of the clusters, and the API they ask. */
export const kubernetesTopologyPlugin = createFrontendPlugin({
  pluginId: 'kubernetes-topology',
  title: 'Kubernetes topology',
  icon: <RiNodeTree />,
  info: { packageJson: () => import('../package.json') },
  routes: { root: rootRouteRef },
  extensions: [
    topologyApi,
    topologyContent,
    explorerPage,
    searchResultItem,
    searchResultType,
  ],
});
