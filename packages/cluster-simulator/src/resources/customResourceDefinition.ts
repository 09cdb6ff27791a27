import { KubernetesObject } from '../objects/kubernetesObject';

/** A CustomResourceDefinition, served in all the given versions; the first one is stored. */
export function customResourceDefinition(
  group: string,
  kind: string,
  options: {
    plural?: string;
    scope?: 'Namespaced' | 'Cluster';
    versions?: readonly string[];
    shortNames?: readonly string[];
  } = {},
): KubernetesObject {
  const plural = options.plural ?? `${kind.toLowerCase()}s`;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: options.scope ?? 'Namespaced',
      names: { plural, kind, shortNames: options.shortNames },
      versions: (options.versions ?? ['v1']).map((name, index) => ({
        name,
        served: true,
        storage: index === 0,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            'x-kubernetes-preserve-unknown-fields': true,
          },
        },
        subresources: { status: {} },
      })),
    },
  };
}
