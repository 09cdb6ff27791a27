import { mayDo, TokenGrant } from './access';
import { Verb } from './requestInfo';

/** The answer to a SelfSubjectAccessReview: may the caller do that. */
export function reviewAccess(
  grant: TokenGrant,
  review: Record<string, any>,
): object {
  const asked = review.spec?.resourceAttributes;
  const allowed = asked
    ? mayDo(grant, asked.verb as Verb, {
        group: asked.group ?? '',
        version: asked.version ?? '*',
        resource: asked.resource ?? '',
        namespace: asked.namespace ?? '',
        name: asked.name ?? '',
        subresource: asked.subresource ?? '',
      })
    : grant.rules === undefined;
  return {
    kind: 'SelfSubjectAccessReview',
    apiVersion: 'authorization.k8s.io/v1',
    metadata: { creationTimestamp: null },
    spec: review.spec,
    status: { allowed, reason: allowed ? 'RBAC: allowed by rule' : undefined },
  };
}

/** The answer to a SelfSubjectRulesReview: all that the caller may do in a namespace. */
export function reviewRules(
  grant: TokenGrant,
  review: Record<string, any>,
): object {
  const { namespace } = review.spec ?? {};
  const everything = { verbs: ['*'], apiGroups: ['*'], resources: ['*'] };
  return {
    kind: 'SelfSubjectRulesReview',
    apiVersion: 'authorization.k8s.io/v1',
    metadata: { creationTimestamp: null },
    spec: {},
    status: {
      resourceRules: (grant.rules ?? [{ ...everything, namespaces: undefined }])
        .filter(
          ({ namespaces }) => !namespaces || namespaces.includes(namespace),
        )
        .map(({ namespaces: _, ...rule }) => rule),
      nonResourceRules: [],
      incomplete: false,
    },
  };
}
