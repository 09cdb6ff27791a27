import { renderInTestApp } from '@backstage/frontend-test-utils';
import { EntityProvider } from '@backstage/plugin-catalog-react';
import {
  PermissionApi,
  permissionApiRef,
} from '@backstage/plugin-permission-react';
import { signalApiRef } from '@backstage/plugin-signals-react';
import { topologyApiRef, TopologyApi } from '../api/TopologyApi';
import { EntityTopologyContent } from '../components/EntityTopologyContent';

/** Signals that a test sends by hand. */
export class HandSignals {
  readonly #listeners = new Set<(message: never) => void>();

  subscribe(_channel: string, listener: (message: never) => void) {
    this.#listeners.add(listener);
    return { unsubscribe: () => this.#listeners.delete(listener) };
  }

  send() {
    this.#listeners.forEach(listener => listener({ revision: 1 } as never));
  }
}

/** The tab of an entity over an API of the test's choice. */
export function renderTopology(options: {
  api: TopologyApi;
  path?: string;
  /** Whether the user may restart pods; so by default. */
  mayRestart?: boolean;
  signals?: HandSignals;
}) {
  const permissions = {
    authorize: async () => ({
      result: options.mayRestart === false ? 'DENY' : 'ALLOW',
    }),
  } as PermissionApi;
  return renderInTestApp(
    <EntityProvider
      entity={{
        apiVersion: 'backstage.io/v1alpha1',
        kind: 'Component',
        metadata: { name: 'cart', namespace: 'default' },
      }}
    >
      <EntityTopologyContent />
    </EntityProvider>,
    {
      initialRouteEntries: [options.path ?? '/'],
      apis: [
        [topologyApiRef, options.api],
        [permissionApiRef, permissions],
        ...(options.signals
          ? ([[signalApiRef, options.signals]] as const)
          : []),
      ],
    },
  );
}
