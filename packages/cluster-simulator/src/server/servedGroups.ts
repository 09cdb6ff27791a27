import { REVIEW_GROUPS } from '../resources/builtInTypes';
import { compareVersions } from '../resources/resourceType';
import { TypeRegistry } from '../resources/typeRegistry';
import { Storage } from '../storage/storage';

const API_SERVICES = {
  group: 'apiregistration.k8s.io',
  resource: 'apiservices',
};

/** Group → its versions, the preferred one first. Those of aggregated APIs (APIService) are there with no kinds of their own. */
export function servedGroups(
  types: TypeRegistry,
  storage: Storage,
): Map<string, string[]> {
  const groups = new Map<string, Set<string>>();
  const add = (group: string, version: string) =>
    groups.set(group, (groups.get(group) ?? new Set()).add(version));
  types.all().forEach(({ group, version }) => add(group, version));
  REVIEW_GROUPS.forEach(group => add(group, 'v1'));
  for (const { object } of storage.table(API_SERVICES).objects()) {
    if (object.spec?.service && object.spec.group) {
      add(object.spec.group, object.spec.version);
    }
  }
  return new Map(
    [...groups].map(([group, versions]) => [
      group,
      [...versions].sort(compareVersions),
    ]),
  );
}

/** Whether an APIService says that the server behind a group version does not answer: everything below it is 503. */
export function isUnavailable(
  storage: Storage,
  group: string,
  version: string,
): boolean {
  const service = storage.table(API_SERVICES).get('', `${version}.${group}`);
  return (
    service?.object.spec?.service !== undefined &&
    (service.object.status?.conditions ?? []).some(
      (condition: { type: string; status: string }) =>
        condition.type === 'Available' && condition.status !== 'True',
    )
  );
}
