import { gatewayConditions, said } from './gatewayConditions';
import { KindDefinition, KubernetesObject } from './kindDefinition';
import { BACKEND_TLS_POLICY, CONFIG_MAP, SECRET, SERVICE } from './kindIds';
import { observation, ownVerdict } from './metadata';
import { namedObject, relationTo } from './objectReference';
import { Reference } from './observation';
import { Verdict } from './status';
import { verdict, worstVerdict } from './verdict';

/** How gateways speak TLS to a Service (R091). */
export const backendTlsPolicyKind: KindDefinition = {
  id: BACKEND_TLS_POLICY,
  type: 'backendtlspolicy',
  version: 'v1',
  readableVersions: ['v1alpha3', 'v1alpha2'],
  plural: 'backendtlspolicies',
  namespaced: true,
  observe(policy, context) {
    const { spec = {} } = policy;
    return observation(BACKEND_TLS_POLICY, true, policy, context, {
      properties: { Hostname: spec.validation?.hostname ?? spec.tls?.hostname },
      verdict: ownVerdict(policy, policyVerdict(policy)),
      references: [...targets(policy), ...authorities(policy)],
    });
  },
};

function targets({ metadata, spec = {} }: KubernetesObject): Reference[] {
  const fields: any[] = spec.targetRefs ?? [spec.targetRef];
  return fields.flatMap((field): Reference[] => {
    const other = namedObject(field, {
      ...SERVICE,
      namespace: metadata.namespace,
    });
    return other
      ? [
          {
            relation: relationTo('backendtlspolicy', other.kind, [SERVICE]),
            end: 'source',
            other,
            required: true,
          },
        ]
      : [];
  });
}

function authorities({ metadata, spec = {} }: KubernetesObject): Reference[] {
  const validation = spec.validation ?? spec.tls ?? {};
  const fields: any[] =
    validation.caCertificateRefs ?? validation.caCertRefs ?? [];
  return fields.flatMap((field): Reference[] => {
    const other = namedObject(field, {
      ...CONFIG_MAP,
      namespace: metadata.namespace,
    });
    return other
      ? [
          {
            relation: relationTo('backendtlspolicy', other.kind, [
              CONFIG_MAP,
              SECRET,
            ]),
            end: 'source',
            other,
            required: true,
          },
        ]
      : [];
  });
}

/** What each Gateway says of it, in the words of policies: `Accepted`, `ResolvedRefs` (H163). */
function policyVerdict({ metadata, status }: KubernetesObject): Verdict {
  const ancestors: any[] = status?.ancestors ?? [];
  const bad = ancestors.flatMap(({ ancestorRef, conditions }) => {
    const current = gatewayConditions(conditions, metadata.generation);
    return ['Accepted', 'ResolvedRefs'].flatMap(type => {
      const one = current.get(type);
      return one?.status === 'False'
        ? [
            said(
              'degraded',
              one.reason ?? `Not${type}`,
              'H163',
              one,
              `Gateway ${ancestorRef?.name}`,
            ),
          ]
        : [];
    });
  });
  return worstVerdict([verdict('ok', 'Exists'), ...bad]);
}
