import { createServiceFactory } from '@backstage/backend-plugin-api';
import { authServiceFactory } from '@backstage/backend-defaults/auth';
import { httpAuthServiceFactory } from '@backstage/backend-defaults/httpAuth';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { signalsServiceRef } from '@backstage/plugin-signals-node';
import { Knex } from 'knex';
import { AddressInfo } from 'node:net';
import plugin from '../index';
import { checkAnswers } from './answerCheck';

export const PORTAL_TOKEN = 'static-token-of-scripts';
/** May do nothing but read. */
export const READING_TOKEN = 'static-token-for-reading';

export interface StartPortalOptions {
  knex: Knex;
  clusters: { name: string; url: string; token: string }[];
  entities?: Entity[];
}

/** A portal with the real plugin, the real engine and real authentication by static tokens. */
export async function startPortal(options: StartPortalOptions) {
  const signals: any[] = [];
  const externalAccess = [
    {
      type: 'static',
      options: { token: PORTAL_TOKEN, subject: 'scripts' },
    },
    {
      type: 'static',
      options: { token: READING_TOKEN, subject: 'readers' },
      accessRestrictions: [
        {
          plugin: 'kubernetes-topology',
          permission: ['kubernetes.topology.use', 'kubernetes.topology.read'],
        },
      ],
    },
  ];
  const backend = await startTestBackend({
    features: [
      plugin,
      authServiceFactory,
      httpAuthServiceFactory,
      mockServices.rootConfig.factory({
        data: {
          backend: { auth: { externalAccess } },
          kubernetes: {
            clusterLocatorMethods: [
              {
                type: 'config',
                clusters: options.clusters.map(({ name, url, token }) => ({
                  name,
                  url,
                  authProvider: 'serviceAccount',
                  serviceAccountToken: token,
                })),
              },
            ],
          },
        },
      }),
      mockServices.database.factory({ knex: options.knex }),
      catalogServiceMock.factory({ entities: options.entities ?? [] }),
      createServiceFactory({
        service: signalsServiceRef,
        deps: {},
        factory: () => ({
          publish: async signal => {
            signals.push(signal.message);
          },
        }),
      }),
    ],
  });
  const { port } = backend.server.address() as AddressInfo;
  const { faults } = checkAnswers(backend.server);
  return {
    url: `http://127.0.0.1:${port}`,
    signals,
    /** Throws when an answer was not what the OpenAPI document says. */
    async stop() {
      await backend.stop();
      if (faults.length > 0) {
        throw new Error(`Against the OpenAPI document:\n${faults.join('\n')}`);
      }
    },
  };
}
