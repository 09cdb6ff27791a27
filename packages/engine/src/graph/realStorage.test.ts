import { KIND_DEFINITIONS, RELATIONS } from '../kinds';
import { KubernetesObject } from '../kinds/kindDefinition';
import { DeltaTable } from './__fixtures__/deltaTable';
import { updatesOf } from './__testUtils__/capturedUpdates';
import { ClusterGraph } from './clusterGraph';
import { NodeId } from './delta';

const NOW = Date.parse('2026-01-01T12:00:00Z');
const ago = (minutes: number) => new Date(NOW - minutes * 60_000).toISOString();

function of(
  apiVersion: string,
  kind: string,
  name: string,
  rest: { [field: string]: unknown } = {},
): KubernetesObject {
  const { namespace, ...fields } = rest;
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(namespace ? { namespace } : {}),
      uid: `${kind}-${name}`,
      creationTimestamp: ago(60),
    },
    ...fields,
  };
}

const node = (name: string, ready = 'True') =>
  of('v1', 'Node', name, {
    status: {
      conditions: [
        { type: 'Ready', status: ready, lastTransitionTime: ago(9) },
      ],
    },
  });
const volume = of('v1', 'PersistentVolume', 'pv-1', {
  spec: {
    accessModes: ['ReadWriteOnce'],
    csi: { driver: 'ebs.csi.aws.com', volumeHandle: 'vol-1' },
  },
  status: { phase: 'Bound' },
});
const attachment = (name: string, nodeName: string, status = {}) =>
  of('storage.k8s.io/v1', 'VolumeAttachment', name, {
    spec: {
      attacher: 'ebs.csi.aws.com',
      nodeName,
      source: { persistentVolumeName: 'pv-1' },
    },
    status,
  });
const csiNode = (name: string, ...drivers: string[]) =>
  of('storage.k8s.io/v1', 'CSINode', name, {
    spec: { drivers: drivers.map(driver => ({ name: driver, nodeID: name })) },
  });

/** What the graph of a cluster says of these objects: `Kind/name` → `level Reason`, without what is well. */
function judged(...objects: KubernetesObject[]): Record<string, string> {
  const table = new DeltaTable();
  let nextId = 1;
  const graph = ClusterGraph.create({
    cluster: 'c',
    kinds: KIND_DEFINITIONS,
    relations: RELATIONS,
    allocateId: () => nextId++ as NodeId,
  });
  for (const update of updatesOf(objects, 'c', NOW)) {
    table.apply(graph.apply(update, NOW));
  }
  const told = [...table.nodes.values()].filter(
    ({ kind, verdict }) => kind.kind !== 'Namespace' && verdict.level !== 'ok',
  );
  return Object.fromEntries(
    told.map(({ kind, name, verdict }) => [
      `${kind.kind}/${name}`,
      `${verdict.level} ${verdict.reason}`,
    ]),
  );
}

const NO_DRIVER_OBJECT = {
  'CSIDriver/ebs.csi.aws.com': 'missing OptionalNotFound',
};

it.each([
  [
    'a volume that is attached',
    [
      node('n1'),
      volume,
      csiNode('n1', 'ebs.csi.aws.com'),
      attachment('a', 'n1', { attached: true }),
    ],
    NO_DRIVER_OBJECT,
  ],
  [
    'a volume that is wanted on a second node while the first, which is dead, has it',
    [
      node('n1', 'Unknown'),
      node('n2'),
      volume,
      csiNode('n1', 'ebs.csi.aws.com'),
      csiNode('n2', 'ebs.csi.aws.com'),
      attachment('a', 'n1', { attached: true }),
      attachment('b', 'n2', { attached: false }),
    ],
    {
      ...NO_DRIVER_OBJECT,
      'Node/n1': 'down Unreachable',
      'PersistentVolume/pv-1': 'down MultiAttach',
      'VolumeAttachment/b': 'down MultiAttach',
    },
  ],
  [
    'a volume whose driver is not on the node',
    [
      node('n1'),
      volume,
      csiNode('n1', 'efs.csi.aws.com'),
      attachment('a', 'n1', {
        attached: false,
        attachError: { message: 'no driver', time: ago(1) },
      }),
    ],
    {
      ...NO_DRIVER_OBJECT,
      'CSIDriver/efs.csi.aws.com': 'missing OptionalNotFound',
      'CSINode/n1': 'degraded DriverNotRegistered',
      'VolumeAttachment/a': 'down AttachError',
    },
  ],
  [
    'an attachment of a volume and to a node that are gone',
    [attachment('a', 'n9', { attached: true })],
    {
      ...NO_DRIVER_OBJECT,
      'Node/n9': 'missing NotFound',
      'CSINode/n9': 'missing OptionalNotFound',
      'PersistentVolume/pv-1': 'missing NotFound',
    },
  ],
  [
    'a claim that is not served by a class without a driver',
    [
      of('storage.k8s.io/v1', 'StorageClass', 'fast', { provisioner: 'ebs' }),
      of('v1', 'PersistentVolumeClaim', 'data', {
        namespace: 'shop',
        spec: { storageClassName: 'fast' },
        status: { phase: 'Pending' },
      }),
    ],
    {
      'CSIDriver/ebs': 'missing OptionalNotFound',
      'StorageClass/fast': 'degraded DriverMissing',
      'PersistentVolumeClaim/data': 'degraded NotBound',
    },
  ],
])('%s', (_, objects, expected) => {
  expect(judged(...objects)).toEqual(expected);
});
