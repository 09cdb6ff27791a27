import { Relation } from './relation';
import { Family, inCluster, inNamespace, typed } from './relationFamily';

/** The stored reference's owner suffers when the other end is broken or missing. */
const needs = (
  rule: string,
  bitesAt: Relation['bitesAt'],
  strength: Relation['strength'] = 'hard',
): Family => ({
  class: 'storage',
  rules: [rule],
  suffers: 'source',
  strength,
  bitesAt,
});

/** Workloads whose containers keep a driver's socket where the kubelet looks for it. */
const DRIVER_WORKLOADS = ['daemonset', 'deployment', 'statefulset'] as const;

/**
 * Section C of `relationships.md`, beyond claims, volumes and classes themselves. Arrows point as the reference is
 * stored: Skydive has none of these.
 */
export const STORAGE_RELATIONS: readonly Relation[] = [
  ...inCluster(
    'csidriver',
    'csinode',
    'volumeattachment',
    'volumeattributesclass',
    'volumesnapshotclass',
    'volumesnapshotcontent',
  ),
  ...inNamespace('csistoragecapacity', 'volumesnapshot'),

  typed(
    'persistentvolumeclaim',
    'volumeattributesclass',
    needs('R046', ['run'], 'soft'),
  ),
  typed('persistentvolumeclaim', 'datasource', needs('R047', ['start'])),
  typed('persistentvolume', 'csidriver', needs('R049', ['start', 'run'])),
  typed(
    'persistentvolume',
    'volumeattributesclass',
    needs('R046', ['run'], 'soft'),
  ),
  typed('storageclass', 'csidriver', needs('R052', ['start'])),
  typed('storageclass', 'secret', needs('R053', ['start'])),
  ...DRIVER_WORKLOADS.map(workload => ({
    ...typed('csidriver', workload, needs('R054', ['run'])),
    inferred: true,
  })),
  typed('csinode', 'node', needs('R055', ['run'])),
  typed('csinode', 'csidriver', needs('R056', ['start'])),
  typed(
    'csistoragecapacity',
    'storageclass',
    needs('R057', ['schedule'], 'soft'),
  ),
  typed('csistoragecapacity', 'node', needs('R057', ['schedule'], 'soft')),
  // A volume that cannot be attached, or is still attached elsewhere, is of no use to the pod that waits for it.
  typed('volumeattachment', 'persistentvolume', {
    ...needs('R058', ['start']),
    suffers: 'target',
  }),
  typed('volumeattachment', 'node', needs('R059', ['start'])),
  typed('volumeattachment', 'csinode', needs('R056', ['start'])),
  typed('volumeattachment', 'csidriver', needs('R060', ['start'])),
  typed('volumeattributesclass', 'csidriver', needs('R046', ['run'], 'soft')),
  typed('volumesnapshot', 'persistentvolumeclaim', needs('R061', ['run'])),
  typed('volumesnapshot', 'volumesnapshotcontent', needs('R061', ['run'])),
  typed('volumesnapshot', 'volumesnapshotclass', needs('R061', ['run'])),
  typed(
    'volumesnapshotcontent',
    'volumesnapshotclass',
    needs('R061', ['run'], 'soft'),
  ),
  typed('volumesnapshotcontent', 'csidriver', needs('R061', ['run'])),
  typed('volumesnapshotclass', 'csidriver', needs('R061', ['run'])),
  typed('volumesnapshotclass', 'secret', needs('R053', ['run'])),
];
