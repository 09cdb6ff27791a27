import { groupOf } from '../cluster/staticObjects';
import { KubernetesObject } from '../kinds/kindDefinition';
import { selectorFromObject, matchesLabels } from '../kinds/labelSelector';
import { isMap, listOf } from '../kinds/wellFormed';
import { addressText, parseAddress } from './ipRange';
import { PROTOCOLS } from './portSet';
import { NamedPort, ReachablePod, WorkloadName } from './reachabilityInput';
import { nameOf, namespaceOf, Owners, workloadKey } from './owners';

/** Kinds with a pod template, and where it is. */
const TEMPLATES: Readonly<Record<string, readonly string[]>> = {
  'apps/Deployment': ['spec', 'template'],
  'apps/StatefulSet': ['spec', 'template'],
  'apps/DaemonSet': ['spec', 'template'],
  'apps/ReplicaSet': ['spec', 'template'],
  '/ReplicationController': ['spec', 'template'],
  'batch/Job': ['spec', 'template'],
  'batch/CronJob': ['spec', 'jobTemplate', 'spec', 'template'],
};

/**
 * The pods of a dump or of manifests. Those that have ended reach nobody. A workload that was never applied
 * has no pods: its template stands for them; so it does where the input holds no pods at all.
 */
export function podsOfObjects(
  objects: readonly KubernetesObject[],
): ReachablePod[] {
  const owners = new Owners(objects);
  const pods = objects.filter(isPod);
  const owned = new Set(pods.map(pod => workloadKey(pod, owners.topOf(pod))));
  const templates = objects
    .filter(object => templateOf(object) && !owners.isOwned(object))
    .filter(object => pods.length === 0 || !isApplied(object))
    .filter(
      object =>
        !owned.has(workloadKey(object, nameOf(object))) &&
        !pods.some(pod => isSelectedPod(object, pod)),
    );
  return [
    ...pods.filter(isAlive).map(pod =>
      reachablePod(pod, {
        name: String(pod.metadata.name),
        labels: pod.metadata.labels,
        workload: owners.topOf(pod),
        isTemplate: false,
      }),
    ),
    ...templates.map(object => {
      const template = templateOf(object) ?? {};
      return reachablePod(
        { metadata: object.metadata, spec: template.spec ?? {} },
        {
          name: String(object.metadata.name),
          labels: template.metadata?.labels,
          workload: nameOf(object),
          isTemplate: true,
        },
      );
    }),
  ];
}

function isPod(object: KubernetesObject): boolean {
  return object.kind === 'Pod' && groupOf(object.apiVersion) === '';
}

function isAlive({ status }: KubernetesObject): boolean {
  return status?.phase !== 'Succeeded' && status?.phase !== 'Failed';
}

/** An API server has given it a uid: were there pods of it, they would be in the dump. */
function isApplied({ metadata }: KubernetesObject): boolean {
  return typeof metadata?.uid === 'string';
}

function templateOf(object: KubernetesObject): KubernetesObject | undefined {
  const path = TEMPLATES[`${groupOf(object.apiVersion)}/${object.kind}`];
  const template = path?.reduce(
    (value: any, field) => (isMap(value) ? value[field] : undefined),
    object,
  );
  return isMap(template) ? template : undefined;
}

/** Pods of a folder need not say who owns them. */
function isSelectedPod(
  workload: KubernetesObject,
  pod: KubernetesObject,
): boolean {
  const selector = selectorFromObject(
    isMap(workload.spec?.selector?.matchLabels) ? workload.spec.selector : null,
  );
  return (
    selector !== undefined &&
    selector.length > 0 &&
    namespaceOf(workload) === namespaceOf(pod) &&
    listOf(pod.metadata.ownerReferences).length > 0 &&
    matchesLabels(selector, textLabels(pod.metadata.labels))
  );
}

function reachablePod(
  { metadata, spec = {}, status = {} }: KubernetesObject,
  given: {
    name: string;
    labels: unknown;
    workload: WorkloadName;
    isTemplate: boolean;
  },
): ReachablePod {
  const { name, workload, isTemplate } = given;
  return {
    namespace: namespaceOf({ metadata }),
    name,
    labels: textLabels(given.labels),
    addresses: isTemplate ? [] : addressesOf(status, 'podIP'),
    nodeAddresses: isTemplate ? [] : addressesOf(status, 'hostIP'),
    hostNetwork: spec?.hostNetwork === true,
    node: typeof spec?.nodeName === 'string' ? spec.nodeName : '',
    namedPorts: namedPorts(spec),
    workload,
    isTemplate,
  };
}

/** As they are written in short: an IPv6 address can be written in many ways. */
function addressesOf(
  status: KubernetesObject,
  field: 'podIP' | 'hostIP',
): string[] {
  const all = [
    status?.[field],
    ...listOf(status?.[`${field}s`]).map(one =>
      isMap(one) ? one.ip : undefined,
    ),
  ];
  return [
    ...new Set(
      all.flatMap(ip => {
        const address = typeof ip === 'string' ? parseAddress(ip) : undefined;
        return address ? addressText(address.family, address.value) : [];
      }),
    ),
  ];
}

/** An init container counts where it stays: `FindPort` upstream looks at sidecars, too. */
function namedPorts(spec: KubernetesObject): NamedPort[] {
  const sidecars = listOf(spec?.initContainers).filter(
    one => isMap(one) && one.restartPolicy === 'Always',
  );
  return [...listOf(spec?.containers), ...sidecars].flatMap(container =>
    listOf(isMap(container) ? container.ports : undefined).flatMap(port => {
      if (!isMap(port) || typeof port.name !== 'string' || port.name === '') {
        return [];
      }
      const protocol = port.protocol ?? 'TCP';
      return PROTOCOLS.includes(protocol) &&
        Number.isInteger(port.containerPort)
        ? [{ name: port.name, protocol, port: port.containerPort }]
        : [];
    }),
  );
}

function textLabels(labels: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(isMap(labels) ? labels : {}).filter(
      ([, value]) => typeof value === 'string',
    ),
  );
}
