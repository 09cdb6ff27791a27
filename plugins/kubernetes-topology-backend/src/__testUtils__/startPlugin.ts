import {
  coreServices,
  createServiceFactory,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import {
  AuthorizeResult,
  PermissionCondition,
  PermissionCriteria,
} from '@backstage/plugin-permission-common';
import { signalsServiceRef } from '@backstage/plugin-signals-node';
import { RunningTopology } from '../topologyEngine';
import { topologyPlugin } from '../topologyPlugin';
import { checkAnswers } from './answerCheck';

/** What the policy decides on a permission: all, nothing, or what meets conditions. */
export type Decision =
  | 'allow'
  | 'deny'
  | PermissionCriteria<PermissionCondition>;

export interface StartPluginOptions {
  topology: RunningTopology;
  entities?: Entity[];
  /** By permission name; what is not named is allowed. */
  decisions?: Record<string, Decision>;
  config?: object;
}

/** The plugin on a test backend, with a policy, a catalog, and ears for signals and audit events. */
export async function startPlugin(options: StartPluginOptions) {
  const signals: any[] = [];
  const audits: { event: any; end?: 'success' | 'fail'; with?: any }[] = [];
  const decisions = { ...options.decisions };

  const permissions: PermissionsService = {
    authorize: async requests =>
      requests.map(({ permission }) => ({
        result:
          (decisions[permission.name] ?? 'allow') === 'allow'
            ? AuthorizeResult.ALLOW
            : AuthorizeResult.DENY,
      })),
    authorizeConditional: async requests =>
      requests.map(({ permission }) => {
        const decision = decisions[permission.name] ?? 'allow';
        if (decision === 'allow') {
          return { result: AuthorizeResult.ALLOW };
        }
        if (decision === 'deny') {
          return { result: AuthorizeResult.DENY };
        }
        return {
          result: AuthorizeResult.CONDITIONAL,
          pluginId: 'kubernetes-topology',
          resourceType: permission.resourceType,
          conditions: decision,
        };
      }),
  };

  const backend = await startTestBackend({
    features: [
      topologyPlugin(async () => options.topology),
      mockServices.rootConfig.factory({
        data: (options.config ?? {}) as any,
      }),
      catalogServiceMock.factory({ entities: options.entities ?? [] }),
      createServiceFactory({
        service: coreServices.permissions,
        deps: {},
        factory: () => permissions,
      }),
      createServiceFactory({
        service: coreServices.auditor,
        deps: {},
        factory: () => ({
          createEvent: async event => {
            const { request: _, ...rest } = event;
            const audit: (typeof audits)[number] = { event: rest };
            audits.push(audit);
            return {
              success: async end => {
                Object.assign(audit, { end: 'success', with: end });
              },
              fail: async end => {
                Object.assign(audit, { end: 'fail', with: end });
              },
            };
          },
        }),
      }),
      createServiceFactory({
        service: signalsServiceRef,
        deps: {},
        factory: () => ({
          publish: async signal => {
            signals.push(signal);
          },
        }),
      }),
    ],
  });
  const { faults } = checkAnswers(backend.server);
  return {
    server: backend.server,
    /** Throws when an answer was not what the OpenAPI document says. */
    async stop() {
      await backend.stop();
      if (faults.length > 0) {
        throw new Error(`Against the OpenAPI document:\n${faults.join('\n')}`);
      }
    },
    signals,
    audits,
    decisions,
  };
}
