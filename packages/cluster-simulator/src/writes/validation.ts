import { KubernetesObject } from '../objects/kubernetesObject';
import { groupResource, ResourceType } from '../resources/resourceType';
import { StatusError } from '../server/statusError';
import { Storage } from '../storage/storage';
import { deepEqual } from './fieldsTree';

/** Kinds whose `metadata.generation` is counted; the others have none (measured on 1.31). */
const WITH_GENERATION = new Set([
  'apiservices.apiregistration.k8s.io',
  'cronjobs.batch',
  'customresourcedefinitions.apiextensions.k8s.io',
  'daemonsets.apps',
  'deployments.apps',
  'endpointslices.discovery.k8s.io',
  'ingressclasses.networking.k8s.io',
  'ingresses.networking.k8s.io',
  'jobs.batch',
  'mutatingwebhookconfigurations.admissionregistration.k8s.io',
  'networkpolicies.networking.k8s.io',
  'poddisruptionbudgets.policy',
  'priorityclasses.scheduling.k8s.io',
  'replicasets.apps',
  'replicationcontrollers',
  'statefulsets.apps',
  'validatingadmissionpolicies.admissionregistration.k8s.io',
  'validatingwebhookconfigurations.admissionregistration.k8s.io',
]);

const SUBDOMAIN =
  /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

export function hasGeneration(type: ResourceType): boolean {
  return type.custom || WITH_GENERATION.has(groupResource(type));
}

/** @throws {StatusError} 403, 404, 422 */
export function validateCreate(
  type: ResourceType,
  { metadata, spec }: KubernetesObject,
  storage: Storage,
): void {
  const what = kindName(type);
  if (!metadata.name) {
    throw StatusError.invalid(
      what,
      '',
      'metadata.name',
      'Required value: name or generateName is required',
    );
  }
  // Names of roles and bindings may be any path segment.
  if (
    type.group !== 'rbac.authorization.k8s.io' &&
    (metadata.name.length > 253 || !SUBDOMAIN.test(metadata.name))
  ) {
    throw StatusError.invalid(
      what,
      metadata.name,
      'metadata.name',
      `Invalid value: "${metadata.name}": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character`,
    );
  }
  if (type.namespaced) {
    validateNamespace(type, metadata, storage);
  }
  for (const path of templatesOf(type, spec)) {
    if (!path.spec?.containers?.length) {
      throw StatusError.invalid(
        what,
        metadata.name,
        path.field,
        'Required value',
      );
    }
  }
}

function validateNamespace(
  type: ResourceType,
  { name, namespace = '' }: KubernetesObject['metadata'],
  storage: Storage,
): void {
  const found = storage
    .table({ group: '', resource: 'namespaces' })
    .get('', namespace);
  if (!found) {
    throw new StatusError(
      404,
      'NotFound',
      `namespaces "${namespace}" not found`,
      { name: namespace, kind: 'namespaces' },
    );
  }
  if (found.object.metadata.deletionTimestamp) {
    throw new StatusError(
      403,
      'Forbidden',
      `${groupResource(
        type,
      )} "${name}" is forbidden: unable to create new content in namespace ${namespace} because it is being terminated`,
      {
        name,
        group: type.group || undefined,
        kind: type.resource,
        causes: [
          {
            reason: 'NamespaceTerminating',
            message: `namespace ${namespace} is being terminated`,
            field: 'metadata.namespace',
          },
        ],
      },
    );
  }
}

function templatesOf(
  type: ResourceType,
  spec: any,
): { spec: any; field: string }[] {
  switch (groupResource(type)) {
    case 'pods':
      return [{ spec, field: 'spec.containers' }];
    case 'deployments.apps':
    case 'replicasets.apps':
    case 'statefulsets.apps':
    case 'daemonsets.apps':
    case 'jobs.batch':
      return [
        { spec: spec?.template?.spec, field: 'spec.template.spec.containers' },
      ];
    default:
      return [];
  }
}

/** @throws {StatusError} 422 for fields that may not change */
export function validateUpdate(
  type: ResourceType,
  old: KubernetesObject,
  now: KubernetesObject,
): void {
  const what = kindName(type);
  const { name } = now.metadata;
  if (
    groupResource(type) === 'pods' &&
    !deepEqual(immutablePodSpec(old), immutablePodSpec(now))
  ) {
    throw StatusError.invalid(
      what,
      name,
      'spec',
      'Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
    );
  }
  const workload = ['deployments', 'replicasets', 'daemonsets', 'statefulsets'];
  if (
    type.group === 'apps' &&
    workload.includes(type.resource) &&
    !deepEqual(old.spec.selector, now.spec.selector)
  ) {
    throw StatusError.invalid(
      what,
      name,
      'spec.selector',
      `Invalid value: ${JSON.stringify(now.spec.selector)}: field is immutable`,
    );
  }
  if (
    (groupResource(type) === 'secrets' ||
      groupResource(type) === 'configmaps') &&
    old.immutable &&
    !deepEqual(old.data, now.data)
  ) {
    throw StatusError.invalid(
      what,
      name,
      'data',
      'Forbidden: field is immutable when `immutable` is set',
    );
  }
}

function immutablePodSpec({ spec }: KubernetesObject): unknown {
  const {
    activeDeadlineSeconds,
    tolerations,
    terminationGracePeriodSeconds,
    ...rest
  } = spec;
  const withoutImages = (containers: { image: string }[] | undefined) =>
    containers?.map(({ image, ...container }) => container);
  return {
    ...rest,
    containers: withoutImages(rest.containers),
    initContainers: withoutImages(rest.initContainers),
  };
}

/** As messages name a kind: `Deployment.apps`. */
function kindName(type: ResourceType): string {
  return type.group === '' ? type.kind : `${type.kind}.${type.group}`;
}
