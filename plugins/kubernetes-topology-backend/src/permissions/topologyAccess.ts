import {
  BackstageCredentials,
  HttpAuthService,
  PermissionsRegistryService,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  ConditionTransformer,
  createConditionTransformer,
} from '@backstage/plugin-permission-node';
import { NodeFilter } from '@kubernetes-topology/engine';
import {
  topologyReadPermission,
  topologyRestartPermission,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';
import type { Request } from 'express';
import { NodeCondition, topologyNodeResourceRef } from './nodeResource';

type TopologyPermission =
  | typeof topologyReadPermission
  | typeof topologyRestartPermission;

/** Who asks and what they may see; an undefined filter lets everything through. */
export interface Reader {
  credentials: BackstageCredentials;
  filter: NodeFilter | undefined;
}

/** Who asks, what they may see, and which of these pods they may restart. */
export interface Restarter extends Reader {
  restartFilter: NodeFilter | undefined;
}

/** Turns a request into what its sender may see and restart. Every route begins here. */
export class TopologyAccess {
  readonly #httpAuth: HttpAuthService;
  readonly #permissions: PermissionsService;
  readonly #toCriteria: ConditionTransformer<NodeCondition>;

  private constructor(
    httpAuth: HttpAuthService,
    permissions: PermissionsService,
    toCriteria: ConditionTransformer<NodeCondition>,
  ) {
    this.#httpAuth = httpAuth;
    this.#permissions = permissions;
    this.#toCriteria = toCriteria;
  }

  /** The resource type must be registered before. */
  static create(options: {
    httpAuth: HttpAuthService;
    permissions: PermissionsService;
    permissionsRegistry: PermissionsRegistryService;
  }): TopologyAccess {
    return new TopologyAccess(
      options.httpAuth,
      options.permissions,
      createConditionTransformer(
        options.permissionsRegistry.getPermissionRuleset(
          topologyNodeResourceRef,
        ),
      ),
    );
  }

  /** Throws AuthenticationError without valid credentials, NotAllowedError when the policy denies. */
  async reader(request: Request): Promise<Reader> {
    const credentials = await this.#credentials(request);
    const [filter] = await this.#filters(credentials, [topologyReadPermission]);
    return { credentials, filter };
  }

  /** As `reader`; restarting takes both permissions. */
  async restarter(request: Request): Promise<Restarter> {
    const credentials = await this.#credentials(request);
    const [filter, restart] = await this.#filters(credentials, [
      topologyReadPermission,
      topologyRestartPermission,
    ]);
    return {
      credentials,
      filter,
      restartFilter: bothOf(filter, restart),
    };
  }

  async #credentials(request: Request): Promise<BackstageCredentials> {
    return this.#httpAuth.credentials(request, { allow: ['user', 'service'] });
  }

  async #filters(
    credentials: BackstageCredentials,
    permissions: TopologyPermission[],
  ): Promise<(NodeFilter | undefined)[]> {
    const decisions = await this.#permissions.authorizeConditional(
      permissions.map(permission => ({ permission })),
      { credentials },
    );
    return decisions.map((decision, index) => {
      switch (decision.result) {
        case AuthorizeResult.ALLOW:
          return undefined;
        case AuthorizeResult.CONDITIONAL:
          return this.#toCriteria(decision.conditions);
        default:
          throw new NotAllowedError(
            `The permission ${permissions[index].name} is denied to you by the portal's policy`,
          );
      }
    });
  }
}

function bothOf(
  first: NodeFilter | undefined,
  second: NodeFilter | undefined,
): NodeFilter | undefined {
  if (first && second) {
    return { allOf: [first, second] };
  }
  return first ?? second;
}
