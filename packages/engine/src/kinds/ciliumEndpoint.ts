import { KindDefinition } from './kindDefinition';
import { CILIUM_ENDPOINT, CILIUM_IDENTITY, POD } from './kindIds';
import { existenceVerdict, observation, owners } from './metadata';

/** A pod as Cilium's datapath knows it: of the same name (R106). */
export const ciliumEndpointKind: KindDefinition = {
  id: CILIUM_ENDPOINT,
  type: 'ciliumendpoint',
  version: 'v2',
  plural: 'ciliumendpoints',
  namespaced: true,
  observe(endpoint, context) {
    const { metadata, status = {} } = endpoint;
    const identity = status.identity?.id;
    return observation(CILIUM_ENDPOINT, true, endpoint, context, {
      properties: { State: status.state, Identity: identity },
      verdict: existenceVerdict(endpoint),
      references: [
        {
          relation: 'pod-ciliumendpoint',
          end: 'target',
          other: {
            kind: POD,
            namespace: metadata.namespace,
            name: metadata.name,
          },
          required: false,
        },
        ...(identity
          ? [
              {
                relation: 'ciliumendpoint-ciliumidentity',
                end: 'source' as const,
                other: {
                  kind: CILIUM_IDENTITY,
                  namespace: '',
                  name: String(identity),
                },
                required: true,
              },
            ]
          : []),
      ],
      // The pod owns it, which its name says already.
      owners: owners(endpoint).filter(({ kind }) => kind.kind !== 'Pod'),
    });
  },
};

/** The labels that a set of pods has in common, as a number. */
export const ciliumIdentityKind: KindDefinition = {
  id: CILIUM_IDENTITY,
  type: 'ciliumidentity',
  version: 'v2',
  plural: 'ciliumidentities',
  namespaced: false,
  observe(identity, context) {
    return observation(CILIUM_IDENTITY, false, identity, context, {
      properties: { SecurityLabels: identity['security-labels'] },
      verdict: existenceVerdict(identity),
    });
  },
};
