import { KubernetesObject } from '../objects/kubernetesObject';
import { mapSelectorMatcher } from '../selectors/labelSelector';
import { Change } from '../storage/table';
import { deepEqual } from '../writes/fieldsTree';
import { Controller, keyOf, kindOf, splitKey } from './controller';
import { ControlPlane, ownedBy } from './controlPlane';
import { EndpointGroup, endpointGroups, endpointSubsets } from './endpoints';

const SERVICE_LABEL = 'kubernetes.io/service-name';
const MANAGED_BY = 'endpointslice.kubernetes.io/managed-by';
const CONTROLLER = 'endpointslice-controller.k8s.io';
const TRIGGER_TIME = 'endpoints.kubernetes.io/last-change-trigger-time';

/** Keeps the EndpointSlices and the Endpoints of each Service with a selector. */
export class EndpointsController implements Controller {
  readonly name = 'endpoints';
  readonly #plane: ControlPlane;

  constructor(plane: ControlPlane) {
    this.#plane = plane;
  }

  keysFor(change: Change): Iterable<string> {
    const { after, before } = change;
    switch (kindOf(change)) {
      case 'services':
        return [after.key];
      case 'pods':
        return this.#plane
          .list('Service', after.namespace)
          .filter(({ spec }) => {
            const matches = mapSelectorMatcher(spec.selector);
            return (
              matches(after.labels) ||
              (before !== undefined && matches(before.labels))
            );
          })
          .map(keyOf);
      case 'endpoints':
        return change.deleted ? [after.key] : [];
      case 'endpointslices.discovery.k8s.io':
        return change.deleted && after.labels[SERVICE_LABEL]
          ? [`${after.namespace}/${after.labels[SERVICE_LABEL]}`]
          : [];
      default:
        return [];
    }
  }

  reconcile(key: string): void {
    const [namespace, name] = splitKey(key);
    const service = this.#plane.get('Service', namespace, name);
    if (!service) {
      // Slices go with their owner; Endpoints have none.
      const endpoints = this.#plane.get('Endpoints', namespace, name);
      if (endpoints) {
        this.#plane.delete(endpoints);
      }
      return;
    }
    if (
      service.spec.type === 'ExternalName' ||
      Object.keys(service.spec.selector ?? {}).length === 0 ||
      service.metadata.deletionTimestamp
    ) {
      return;
    }
    const pods = this.#plane.list('Pod', namespace);
    this.#writeSlices(service, pods);
    this.#writeEndpoints(service, pods);
  }

  #writeSlices(service: KubernetesObject, pods: KubernetesObject[]): void {
    const { name, namespace } = service.metadata;
    const groups = endpointGroups(
      service,
      pods,
      node =>
        this.#plane.get('Node', '', node)?.metadata.labels?.[
          'topology.kubernetes.io/zone'
        ],
    );
    const wanted: { ports: unknown; endpoints: unknown }[] =
      groups.length > 0 ? groups : [{ ports: null, endpoints: null }];
    const slices = this.#plane
      .list('EndpointSlice', namespace)
      .filter(
        ({ metadata }) =>
          metadata.labels?.[SERVICE_LABEL] === name &&
          metadata.labels?.[MANAGED_BY] === CONTROLLER,
      );
    wanted.forEach(({ ports, endpoints }, index) => {
      const slice = slices[index];
      if (!slice) {
        this.#plane.create({
          apiVersion: 'discovery.k8s.io/v1',
          kind: 'EndpointSlice',
          metadata: {
            name: '',
            generateName: `${name}-`,
            namespace,
            labels: sliceLabels(service),
            annotations: this.#triggerTime(),
            ownerReferences: ownedBy(service),
          },
          addressType: 'IPv4',
          endpoints,
          ports,
        });
      } else if (!sameContent(slice, { ports, endpoints } as EndpointGroup)) {
        this.#plane.change(slice, object => {
          object.endpoints = endpoints;
          object.ports = ports;
          object.metadata.annotations = this.#triggerTime();
        });
      }
    });
    slices.slice(wanted.length).forEach(slice => this.#plane.delete(slice));
  }

  #writeEndpoints(service: KubernetesObject, pods: KubernetesObject[]): void {
    const { name, namespace, labels } = service.metadata;
    const subsets = endpointSubsets(service, pods);
    const existing = this.#plane.get('Endpoints', namespace!, name);
    const headless: Record<string, string> =
      service.spec.clusterIP === 'None'
        ? { 'service.kubernetes.io/headless': '' }
        : {};
    if (!existing) {
      this.#plane.create({
        apiVersion: 'v1',
        kind: 'Endpoints',
        metadata: {
          name,
          namespace,
          labels: { ...labels, ...headless },
          annotations: this.#triggerTime(),
        },
        ...(subsets && { subsets }),
      });
    } else if (!sameSubsets(existing.subsets, subsets)) {
      this.#plane.change(existing, object => {
        object.subsets = subsets;
        object.metadata.annotations = this.#triggerTime();
      });
    }
  }

  #triggerTime(): Record<string, string> {
    return { [TRIGGER_TIME]: this.#plane.now() };
  }
}

function sliceLabels({ metadata, spec }: KubernetesObject) {
  return {
    ...metadata.labels,
    [MANAGED_BY]: CONTROLLER,
    [SERVICE_LABEL]: metadata.name,
    ...(spec.clusterIP === 'None' && { 'service.kubernetes.io/headless': '' }),
  };
}

function sameContent(
  slice: KubernetesObject,
  { ports, endpoints }: EndpointGroup,
): boolean {
  return (
    deepEqual(slice.ports, ports) &&
    deepEqual(inAnyOrder(slice.endpoints), inAnyOrder(endpoints))
  );
}

/** The order of addresses means nothing: it alone is no reason to write. */
function sameSubsets(
  a: Record<string, object[]>[] | undefined,
  b: Record<string, object[]>[] | undefined,
): boolean {
  const sorted = (subsets: Record<string, object[]>[] | undefined) =>
    subsets?.map(subset =>
      Object.fromEntries(
        Object.entries(subset).map(([field, list]) => [
          field,
          inAnyOrder(list),
        ]),
      ),
    );
  return deepEqual(sorted(a), sorted(b));
}

function inAnyOrder(list: object[] | null): object[] | null {
  return (
    list &&
    [...list].sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)))
  );
}
