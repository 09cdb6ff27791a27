import { KubernetesObject } from './kindDefinition';
import { KindId } from './identity';
import {
  PRIORITY_CLASS,
  RESOURCE_CLAIM,
  RESOURCE_CLAIM_TEMPLATE,
  RUNTIME_CLASS,
  SERVICE_ACCOUNT,
} from './kindIds';
import { Reference } from './observation';
import { isTokenVolume } from './podSpecMemo';

const CLUSTER_TRUST_BUNDLE: KindId = {
  group: 'certificates.k8s.io',
  kind: 'ClusterTrustBundle',
};
const SECRET_PROVIDER_CLASS: KindId = {
  group: 'secrets-store.csi.x-k8s.io',
  kind: 'SecretProviderClass',
};
const IN_NO_NAMESPACE: ReadonlySet<KindId> = new Set([
  PRIORITY_CLASS,
  RUNTIME_CLASS,
  CLUSTER_TRUST_BUNDLE,
]);
const SECRETS_STORE = 'secrets-store.csi.k8s.io';

/** The kinds that carry a pod spec, as relations name them. */
export type PodSpecOwner =
  | 'pod'
  | 'deployment'
  | 'replicaset'
  | 'replicationcontroller'
  | 'statefulset'
  | 'daemonset'
  | 'job'
  | 'cronjob'
  | 'podtemplate';

/**
 * The account, the classes, the devices and the certificates that a pod spec names (R031, R032, R037, R116, R118,
 * R120, R121, R132), added to `references`: it runs for each pod that is read.
 *
 * @param account where the spec names none: `default` for a template; a static pod has none
 */
export function addPlacementReferences(
  references: Reference[],
  owner: PodSpecOwner,
  namespace: string,
  spec: KubernetesObject,
  account?: string,
): void {
  const add = (
    target: string,
    kind: KindId,
    name: string,
    required = true,
    details?: Reference['details'],
  ) => {
    const reference: Reference = {
      relation: `${owner}-${target}`,
      end: 'source',
      other: {
        kind,
        namespace: IN_NO_NAMESPACE.has(kind) ? '' : namespace,
        name,
      },
      required,
    };
    if (details) {
      reference.details = details;
    }
    references.push(reference);
  };
  const audiences: string[] = [];
  for (const volume of spec.volumes ?? []) {
    if (volume.projected) {
      for (const source of volume.projected.sources ?? []) {
        const bundle = source.clusterTrustBundle;
        if (bundle?.name) {
          add(
            'clustertrustbundle',
            CLUSTER_TRUST_BUNDLE,
            bundle.name,
            bundle.optional !== true,
            { volumes: [String(volume.name)] },
          );
        }
        if (
          source.serviceAccountToken?.audience &&
          !isTokenVolume(volume.name)
        ) {
          audiences.push(String(source.serviceAccountToken.audience));
        }
      }
    } else if (volume.csi?.driver === SECRETS_STORE) {
      const name = volume.csi.volumeAttributes?.secretProviderClass;
      if (name) {
        add('secretproviderclass', SECRET_PROVIDER_CLASS, String(name), true, {
          volumes: [String(volume.name)],
        });
      }
    }
  }
  const serviceAccount =
    spec.serviceAccountName || spec.serviceAccount || account;
  if (serviceAccount) {
    add(
      'serviceaccount',
      SERVICE_ACCOUNT,
      serviceAccount,
      true,
      audiences.length > 0 ? { tokenAudiences: audiences.sort() } : undefined,
    );
  }
  if (spec.priorityClassName) {
    add('priorityclass', PRIORITY_CLASS, spec.priorityClassName);
  }
  if (spec.runtimeClassName) {
    add('runtimeclass', RUNTIME_CLASS, spec.runtimeClassName);
  }
  for (const claim of spec.resourceClaims ?? []) {
    if (claim.resourceClaimName) {
      add('resourceclaim', RESOURCE_CLAIM, claim.resourceClaimName);
    } else if (claim.resourceClaimTemplateName) {
      add(
        'resourceclaimtemplate',
        RESOURCE_CLAIM_TEMPLATE,
        claim.resourceClaimTemplateName,
      );
    }
  }
}
