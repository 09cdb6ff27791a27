import { RequestInfo, ResourceTarget, Verb } from './requestInfo';
import { StatusError } from './statusError';

/** As in a Role; `*` stands for all. */
export interface PolicyRule {
  verbs: readonly (Verb | '*')[];
  apiGroups: readonly string[];
  /** `pods`, `pods/eviction`, `*`. */
  resources: readonly string[];
  /** Only these objects. */
  resourceNames?: readonly string[];
  /** Only in these namespaces; without it, everywhere and cluster-scoped objects too. */
  namespaces?: readonly string[];
}

/** Who a bearer token stands for, and what they may do. */
export interface TokenGrant {
  user: string;
  groups?: readonly string[];
  /** Without rules: everything. */
  rules?: readonly PolicyRule[];
}

const ANONYMOUS: TokenGrant = {
  user: 'system:anonymous',
  groups: ['system:unauthenticated'],
  rules: [],
};
const ADMINISTRATOR: TokenGrant = {
  user: 'kubernetes-admin',
  groups: ['system:masters', 'system:authenticated'],
};

/** Paths that everybody may read, as the role system:public-info-viewer grants. */
const PUBLIC = /^\/(version|healthz|livez|readyz)(\/|$)/;
/** Paths that every authenticated caller may read, as system:discovery grants. */
const DISCOVERY = /^\/(api|apis|openapi)(\/|$)/;

/** Bearer tokens and what they may do. Without tokens the API server is open: everybody is the administrator. */
export class Access {
  readonly #tokens: Map<string, TokenGrant> | undefined;

  static create(tokens: Record<string, TokenGrant> | undefined): Access {
    return new Access(tokens && new Map(Object.entries(tokens)));
  }

  private constructor(tokens: Map<string, TokenGrant> | undefined) {
    this.#tokens = tokens;
  }

  /** Gives, replaces or (with undefined) revokes what a token may do; requests from now on see it. */
  grant(token: string, grant: TokenGrant | undefined): void {
    if (!this.#tokens) {
      throw new Error(
        'This simulator is open to all: start it with `tokens` to change what a token may do.',
      );
    }
    if (grant) {
      this.#tokens.set(token, grant);
    } else {
      this.#tokens.delete(token);
    }
  }

  /** @throws {StatusError} 401 for a token that is not known; none at all is anonymous. */
  authenticate(authorization: string | undefined): TokenGrant {
    if (!this.#tokens) {
      return ADMINISTRATOR;
    }
    const token = /^Bearer\s+(.+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) {
      return ANONYMOUS;
    }
    const grant = this.#tokens.get(token);
    if (!grant) {
      throw StatusError.unauthorized();
    }
    return grant;
  }

  /** @throws {StatusError} 403 */
  authorize(grant: TokenGrant, { verb, path, target }: RequestInfo): void {
    if (target) {
      // Asking about oneself is granted to all who are authenticated, by system:basic-user.
      const aboutOneself =
        target.group === 'authorization.k8s.io' && grant !== ANONYMOUS;
      if (!aboutOneself && !mayDo(grant, verb, target)) {
        throw forbiddenTarget(grant.user, verb, target);
      }
    } else if (
      !PUBLIC.test(path) &&
      !(DISCOVERY.test(path) && grant !== ANONYMOUS) &&
      grant.rules !== undefined
    ) {
      throw new StatusError(
        403,
        'Forbidden',
        `forbidden: User "${grant.user}" cannot ${verb} path "${path}"`,
        {},
      );
    }
  }
}

export function mayDo(
  grant: TokenGrant,
  verb: Verb,
  target: ResourceTarget,
): boolean {
  const { group, resource, subresource, name } = target;
  // A request for one Namespace counts as one in it: a Role there can grant it.
  const namespace =
    group === '' && resource === 'namespaces' ? name : target.namespace;
  const wanted = subresource === '' ? resource : `${resource}/${subresource}`;
  return (
    grant.rules === undefined ||
    grant.rules.some(
      rule =>
        holds(rule.verbs, verb) &&
        holds(rule.apiGroups, group) &&
        (holds(rule.resources, wanted) ||
          rule.resources.includes(`*/${subresource}`)) &&
        (rule.namespaces === undefined ||
          rule.namespaces.includes(namespace)) &&
        (rule.resourceNames === undefined || rule.resourceNames.includes(name)),
    )
  );
}

function holds(list: readonly string[], wanted: string): boolean {
  return list.includes('*') || list.includes(wanted);
}

function forbiddenTarget(
  user: string,
  verb: Verb,
  target: ResourceTarget,
): StatusError {
  const { group, resource, subresource, namespace, name } = target;
  const kind = group === '' ? resource : `${resource}.${group}`;
  const what = subresource === '' ? resource : `${resource}/${subresource}`;
  const where =
    namespace === ''
      ? 'at the cluster scope'
      : `in the namespace "${namespace}"`;
  return new StatusError(
    403,
    'Forbidden',
    `${kind}${
      name && ` "${name}"`
    } is forbidden: User "${user}" cannot ${verb} resource "${what}" in API group "${group}" ${where}`,
    { name: name || undefined, group: group || undefined, kind: resource },
  );
}
