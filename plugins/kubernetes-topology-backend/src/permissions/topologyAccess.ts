import {
  AuthService,
  BackstageCredentials,
  HttpAuthService,
  PermissionsRegistryService,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import {
  AuthorizeResult,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import {
  ConditionTransformer,
  createConditionTransformer,
} from '@backstage/plugin-permission-node';
import { NodeFilter } from '@kubernetes-topology/engine';
import {
  topologyReadPermission,
  topologyRestartPermission,
  topologyUsePermission,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';
import type { Request } from 'express';
import { nodeFilterOf } from './nodeFilterOf';
import { NodeCondition, topologyNodeResourceRef } from './nodeResource';
import { OwnedEntities } from './ownedEntities';
import { principalName } from './principal';

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

export interface TopologyAccessOptions {
  auth: AuthService;
  httpAuth: HttpAuthService;
  permissions: PermissionsService;
  permissionsRegistry: PermissionsRegistryService;
  owned: OwnedEntities;
}

/** Turns a request into what its sender may see and restart. Every route begins here. */
export class TopologyAccess {
  readonly #auth: AuthService;
  readonly #httpAuth: HttpAuthService;
  readonly #permissions: PermissionsService;
  readonly #owned: OwnedEntities;
  readonly #toCriteria: ConditionTransformer<NodeCondition>;

  private constructor(
    options: TopologyAccessOptions,
    toCriteria: ConditionTransformer<NodeCondition>,
  ) {
    this.#auth = options.auth;
    this.#httpAuth = options.httpAuth;
    this.#permissions = options.permissions;
    this.#owned = options.owned;
    this.#toCriteria = toCriteria;
  }

  /** The resource type must be registered before. */
  static create(options: TopologyAccessOptions): TopologyAccess {
    return new TopologyAccess(
      options,
      createConditionTransformer(
        options.permissionsRegistry.getPermissionRuleset(
          topologyNodeResourceRef,
        ),
      ),
    );
  }

  /** Throws AuthenticationError without valid credentials, NotAllowedError when the policy denies. */
  async reader(request: Request): Promise<Reader> {
    return this.readerWith(await this.#credentials(request));
  }

  /** As `reader`, for what asks without a request: actions, streams. */
  async readerWith(credentials: BackstageCredentials): Promise<Reader> {
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

  /** Who asks, and that they may use the topology at all; for what is about no object. */
  async user(request: Request): Promise<string> {
    const credentials = await this.#credentials(request);
    const [decision] = await this.#permissions.authorize(
      [{ permission: topologyUsePermission }],
      { credentials },
    );
    requireUse(decision);
    return principalName(this.#auth, credentials);
  }

  async #credentials(request: Request): Promise<BackstageCredentials> {
    return this.#httpAuth.credentials(request, { allow: ['user', 'service'] });
  }

  async #filters(
    credentials: BackstageCredentials,
    permissions: TopologyPermission[],
  ): Promise<(NodeFilter | undefined)[]> {
    const [[use], decisions] = await Promise.all([
      this.#permissions.authorize([{ permission: topologyUsePermission }], {
        credentials,
      }),
      this.#permissions.authorizeConditional(
        permissions.map(permission => ({ permission })),
        { credentials },
      ),
    ]);
    requireUse(use);
    return Promise.all(
      decisions.map(async (decision, index) => {
        switch (decision.result) {
          case AuthorizeResult.ALLOW:
            return undefined;
          case AuthorizeResult.CONDITIONAL:
            return nodeFilterOf(this.#toCriteria(decision.conditions), () =>
              this.#owned.ownership(),
            );
          default:
            throw denied(permissions[index].name);
        }
      }),
    );
  }
}

function requireUse({ result }: PolicyDecision): void {
  if (result !== AuthorizeResult.ALLOW) {
    throw denied(topologyUsePermission.name);
  }
}

function denied(permission: string): NotAllowedError {
  return new NotAllowedError(
    `The permission ${permission} is denied to you by the portal's policy`,
  );
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
