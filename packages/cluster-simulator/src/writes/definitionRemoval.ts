import { KubernetesObject } from '../objects/kubernetesObject';
import { TypeRegistry } from '../resources/typeRegistry';
import { Storage } from '../storage/storage';
import { Change } from '../storage/table';

const DEFINITIONS = {
  group: 'apiextensions.k8s.io',
  resource: 'customresourcedefinitions',
};
const CLEANUP = 'customresourcecleanup.apiextensions.k8s.io';

/** A CustomResourceDefinition as it is told while its resources are deleted. */
export function terminating(
  definition: KubernetesObject,
  now: string,
): KubernetesObject {
  const { metadata, status } = definition;
  const finalizers = (metadata.finalizers ?? []).filter(
    name => name !== CLEANUP,
  );
  return {
    ...definition,
    metadata: {
      ...metadata,
      deletionTimestamp: now,
      deletionGracePeriodSeconds: 0,
      finalizers: [...finalizers, CLEANUP],
    },
    status: {
      ...status,
      conditions: [
        ...(status?.conditions ?? []),
        {
          type: 'Terminating',
          status: 'True',
          lastTransitionTime: now,
          reason: 'InstanceDeletionInProgress',
          message: 'CustomResource deletion is in progress',
        },
      ],
    },
  };
}

/** Ends a definition that is being deleted, and what it serves, once the last of its resources is gone. */
export function endDefinition(
  storage: Storage,
  types: TypeRegistry,
  name: string,
): void {
  const stored = storage.table(DEFINITIONS).get('', name);
  if (!stored?.object.metadata.deletionTimestamp) {
    return;
  }
  const { group, names } = stored.object.spec;
  const resources = storage.table({ group, resource: names.plural });
  if (resources.size === 0) {
    storage.remove(stored);
    // A later definition of that name begins a new history.
    resources.forget(storage.revision);
    types.undefine(stored.object);
  }
}

/** Ends the definition of a custom resource that went with the last of its finalizers. */
export function endDefinitionAfter(
  storage: Storage,
  types: TypeRegistry,
  { after, deleted }: Change,
): void {
  if (deleted && after.type.custom) {
    endDefinition(storage, types, `${after.type.resource}.${after.type.group}`);
  }
}
