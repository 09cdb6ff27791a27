import { KindDefinition, KubernetesObject } from './kindDefinition';
import { CSI_DRIVER } from './kindIds';
import { existenceVerdict, observation } from './metadata';
import { Reference } from './observation';

/** Where the kubelet looks for the socket of a driver, which is named like the driver. */
const PLUGIN_FOLDER = /^\/var\/lib\/kubelet\/plugins\/([^/]+)\/?$/;
/** Built into Kubernetes, or into nothing: no driver has these names. */
const BUILT_IN = /^kubernetes\.io\//;

export const csiDriverKind: KindDefinition = {
  id: CSI_DRIVER,
  type: 'csidriver',
  version: 'v1',
  plural: 'csidrivers',
  namespaced: false,
  observe(driver, context) {
    const { spec = {} } = driver;
    return observation(CSI_DRIVER, false, driver, context, {
      properties: {
        AttachRequired: spec.attachRequired,
        PodInfoOnMount: spec.podInfoOnMount,
        StorageCapacity: spec.storageCapacity,
        VolumeLifecycleModes: spec.volumeLifecycleModes,
      },
      verdict: existenceVerdict(driver),
    });
  },
};

/**
 * An edge to a driver by its name. A driver works without a CSIDriver object, so its absence breaks nothing by itself;
 * what waits for the driver then says so.
 */
export function driverReference(
  relation: string,
  name: string | undefined,
  details?: Reference['details'],
): Reference[] {
  if (!name || BUILT_IN.test(name)) {
    return [];
  }
  return [
    {
      relation,
      end: 'source',
      other: { kind: CSI_DRIVER, namespace: '', name },
      required: false,
      ...(details ? { details } : {}),
    },
  ];
}

/**
 * The drivers that a workload runs, told from the folder of their socket (R054): a guess, as nothing in the API says it.
 *
 * @param workload `daemonset`, `deployment` or `statefulset`
 * @param spec of its pods
 */
export function drivenBy(
  workload: string,
  spec: KubernetesObject | undefined,
): Reference[] {
  const volumes: any[] = spec?.volumes ?? [];
  const names = volumes.flatMap(({ hostPath }) => {
    const name = PLUGIN_FOLDER.exec(hostPath?.path ?? '')?.[1];
    return name ? [name] : [];
  });
  return [...new Set(names)].map(name => ({
    relation: `csidriver-${workload}`,
    end: 'target',
    other: { kind: CSI_DRIVER, namespace: '', name },
    required: false,
  }));
}
