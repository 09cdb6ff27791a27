import { KindId } from './identity';
import { KubernetesObject } from './kindDefinition';
import { CONFIG_MAP, SECRET, SERVICE } from './kindIds';
import { Reference } from './observation';

const NGINX = 'nginx.ingress.kubernetes.io/';

/** Annotations of ingress controllers that name an object: `name` or `namespace/name`, several with commas (R078). */
const ANNOTATIONS: readonly (readonly [string, KindId])[] = [
  [`${NGINX}auth-secret`, SECRET],
  [`${NGINX}auth-tls-secret`, SECRET],
  [`${NGINX}proxy-ssl-secret`, SECRET],
  [`${NGINX}secure-verify-ca-secret`, SECRET],
  [`${NGINX}auth-proxy-set-headers`, CONFIG_MAP],
  [`${NGINX}custom-headers`, CONFIG_MAP],
  [`${NGINX}default-backend`, SERVICE],
  ['haproxy-ingress.github.io/auth-secret', SECRET],
  ['haproxy-ingress.github.io/auth-tls-secret', SECRET],
  ['cert-manager.io/issuer', { group: 'cert-manager.io', kind: 'Issuer' }],
  [
    'konghq.com/plugins',
    { group: 'configuration.konghq.com', kind: 'KongPlugin' },
  ],
  [
    'networking.gke.io/managed-certificates',
    { group: 'networking.gke.io', kind: 'ManagedCertificate' },
  ],
  [
    'networking.gke.io/v1beta1.FrontendConfig',
    { group: 'networking.gke.io', kind: 'FrontendConfig' },
  ],
];
const CLUSTER_ISSUER = 'cert-manager.io/cluster-issuer';
const NAME = /^(?:([a-z0-9-]+)\/)?([a-z0-9][a-z0-9.-]*)$/;

/** What an Ingress or Service names in the annotations of its controller; names only are read. */
export function annotationReferences(
  owner: 'ingress' | 'service',
  { metadata }: KubernetesObject,
): Reference[] {
  const { annotations, namespace } = metadata;
  if (!annotations) {
    return [];
  }
  const issuer = annotations[CLUSTER_ISSUER];
  return [
    ...ANNOTATIONS.flatMap(([annotation, kind]) =>
      named(annotations[annotation]).map(
        ([place = namespace, name]): Reference =>
          reference(owner, annotation, { kind, namespace: place, name }),
      ),
    ),
    ...named(issuer).map(([, name]) =>
      reference(owner, CLUSTER_ISSUER, {
        kind: { group: 'cert-manager.io', kind: 'ClusterIssuer' },
        namespace: '',
        name,
      }),
    ),
  ];
}

function named(value: unknown): [string | undefined, string][] {
  if (typeof value !== 'string') {
    return [];
  }
  return value.split(',').flatMap((part): [string | undefined, string][] => {
    const match = NAME.exec(part.trim());
    return match ? [[match[1], match[2]]] : [];
  });
}

function reference(
  owner: string,
  annotation: string,
  other: Reference['other'],
): Reference {
  return {
    relation: `${owner}-annotated`,
    end: 'source',
    other,
    required: true,
    details: { annotations: [annotation] },
  };
}
