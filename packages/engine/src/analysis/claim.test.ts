import { CausalGraphBuilder, told } from './__testUtils__/causalGraphBuilder';

const UNBOUND =
  '0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.';
const CLASS_NOT_FOUND = 'storageclass.storage.k8s.io "manual" not found';

/** The pod of the task-pv example and its claim, which asks for 3Gi of class `manual`. */
function taskPv(claim: { [property: string]: string | string[] } = {}) {
  return CausalGraphBuilder.create()
    .node('Pod/docs/task-pv-pod', {
      level: 'down',
      reason: 'VolumeNotReady',
      message: UNBOUND,
    })
    .node('PersistentVolumeClaim/docs/task-pv-claim', {
      level: 'down',
      reason: 'ProvisioningFailed',
      properties: {
        Status: 'Pending',
        StorageRequest: '3Gi',
        StorageClassName: 'manual',
        AccessModes: ['ReadWriteOnce'],
        ...claim,
      },
    })
    .edge(
      'Pod/docs/task-pv-pod',
      'pod-persistentvolumeclaim',
      'PersistentVolumeClaim/docs/task-pv-claim',
    );
}

function withMissingClass(graph: CausalGraphBuilder) {
  return graph
    .node('StorageClass//manual', { level: 'missing' })
    .edge(
      'StorageClass//manual',
      'storageclass-persistentvolumeclaim',
      'PersistentVolumeClaim/docs/task-pv-claim',
    )
    .event(
      'PersistentVolumeClaim/docs/task-pv-claim',
      'ProvisioningFailed',
      CLASS_NOT_FOUND,
    );
}

function volume(
  graph: CausalGraphBuilder,
  name: string,
  properties: { [property: string]: string | string[] | { storage: string } },
) {
  return graph.node(`PersistentVolume//${name}`, {
    properties: {
      Status: 'Available',
      StorageClassName: 'manual',
      AccessModes: ['ReadWriteOnce'],
      Capacity: { storage: '5Gi' },
      ...properties,
    },
  });
}

const CLAIM_IS_ROOT =
  'PersistentVolumeClaim/task-pv-claim NoMatchingVolume proven: PersistentVolumeClaim/task-pv-claim > Pod/task-pv-pod';

describe('a pod whose claim no volume satisfies', () => {
  it('says what the volume offers and what the claim asks for, with the words of scheduler and binder', async () => {
    const graph = volume(withMissingClass(taskPv()), 'task-pv-volume', {
      Capacity: { storage: '1Gi' },
    });
    const explanation = await graph.explain('Pod/docs/task-pv-pod');
    expect(told(explanation)).toEqual([CLAIM_IS_ROOT]);
    expect(explanation).toMatchObject({
      causes: [
        {
          summary: `Pod task-pv-pod is down because PersistentVolumeClaim task-pv-claim is down because no volume satisfies it: task-pv-volume offers 1Gi, the claim asks for 3Gi. The scheduler says: "${UNBOUND}" The binder says: "${CLASS_NOT_FOUND}".`,
        },
      ],
    });
  });

  it.each([
    [
      'capacity',
      { Capacity: { storage: '1Gi' } },
      'offers 1Gi, the claim asks for 3Gi',
    ],
    [
      'access modes',
      { AccessModes: ['ReadOnlyMany'] },
      'allows ReadOnlyMany, the claim asks for ReadWriteOnce',
    ],
    [
      'volume mode',
      { VolumeMode: 'Block' },
      'has volume mode Block, the claim asks for Filesystem',
    ],
    [
      'bound to another claim',
      { Status: 'Bound', ClaimNamespace: 'docs', ClaimRef: 'first' },
      'is bound to claim docs/first',
    ],
    [
      'released by another claim',
      { Status: 'Released', ClaimNamespace: 'docs', ClaimRef: 'first' },
      'is released by claim docs/first and not free again',
    ],
  ])('names the misfit: %s', async (_, properties, words) => {
    const graph = volume(withMissingClass(taskPv()), 'vol', properties);
    const explanation = await graph.explain('Pod/docs/task-pv-pod');
    expect(told(explanation)).toEqual([CLAIM_IS_ROOT]);
    expect(explanation).toMatchObject({
      causes: [{ summary: expect.stringContaining(`vol ${words}`) }],
    });
  });

  it('S068: names the volume that a former claim of its name has released', async () => {
    const graph = volume(withMissingClass(taskPv()), 'vol', {
      Status: 'Released',
      ClaimNamespace: 'docs',
      ClaimRef: 'task-pv-claim',
    });
    expect(told(await graph.explain('Pod/docs/task-pv-pod'))).toEqual([
      'PersistentVolume/vol VolumeReleased proven: PersistentVolume/vol > PersistentVolumeClaim/task-pv-claim > Pod/task-pv-pod',
    ]);
  });

  it('tells of the nearest volumes first, and of how many more', async () => {
    const graph = withMissingClass(taskPv());
    for (let i = 0; i < 7; i++) {
      volume(graph, `far-${i}`, {
        Capacity: { storage: '1Gi' },
        AccessModes: ['ReadOnlyMany'],
      });
    }
    volume(graph, 'near', { Capacity: { storage: '2Gi' } });
    expect(await graph.explain('Pod/docs/task-pv-pod')).toMatchObject({
      causes: [
        {
          summary: expect.stringMatching(
            /satisfies it: near offers 2Gi.*; and 3 more do not fit/,
          ),
        },
      ],
    });
  });

  it('S063: no class, and no volume without one', async () => {
    const graph = taskPv({ StorageClassName: '' });
    expect(told(await graph.explain('Pod/docs/task-pv-pod'))).toEqual([
      CLAIM_IS_ROOT,
    ]);
  });

  it('is silent when a volume does fit: the binder has not come to it yet', async () => {
    const graph = volume(withMissingClass(taskPv()), 'vol', {});
    expect(await graph.explain('Pod/docs/task-pv-pod')).toMatchObject({
      answer: 'unexplained',
      because: expect.stringContaining('volume vol satisfies it'),
    });
  });
});

describe('the storage class of a claim that is not bound', () => {
  it('S062: is the root when neither a class nor a volume has the name', async () => {
    const graph = withMissingClass(taskPv());
    volume(graph, 'other', { StorageClassName: 'fast' });
    expect(told(await graph.explain('Pod/docs/task-pv-pod'))).toEqual([
      'StorageClass/manual MissingStorageClass proven: StorageClass/manual > PersistentVolumeClaim/task-pv-claim > Pod/task-pv-pod',
    ]);
  });

  it('is no fault when volumes carry the name: that is how one binds by hand', async () => {
    const graph = volume(withMissingClass(taskPv()), 'vol', {
      Capacity: { storage: '1Gi' },
    });
    expect(told(await graph.explain('StorageClass//manual'))).toEqual([
      'healthy',
    ]);
  });

  it('S064: provisions, and has not: nobody but the provisioner knows why', async () => {
    const graph = taskPv({ StorageClassName: 'gp3' })
      .node('StorageClass//gp3', {
        properties: { Provisioner: 'ebs.csi.aws.com' },
      })
      .edge(
        'StorageClass//gp3',
        'storageclass-persistentvolumeclaim',
        'PersistentVolumeClaim/docs/task-pv-claim',
      )
      .event(
        'PersistentVolumeClaim/docs/task-pv-claim',
        'ExternalProvisioning',
        'Waiting for a volume to be created',
      );
    expect(await graph.explain('Pod/docs/task-pv-pod')).toMatchObject({
      answer: 'unexplained',
      because: expect.stringContaining('ebs.csi.aws.com'),
    });
  });

  it('S066: waits for its first consumer, which is unschedulable for a reason of its own', async () => {
    const graph = CausalGraphBuilder.create()
      .node('Pod/docs/web', {
        level: 'down',
        reason: 'Unschedulable',
        message: '0/3 nodes are available: 3 Insufficient cpu.',
      })
      .node('PersistentVolumeClaim/docs/data', {
        reason: 'WaitForFirstConsumer',
        properties: { Status: 'Pending' },
      })
      .edge(
        'Pod/docs/web',
        'pod-persistentvolumeclaim',
        'PersistentVolumeClaim/docs/data',
      );
    expect(told(await graph.explain('Pod/docs/web'))).toEqual([
      'Pod/web InsufficientResources likely: Pod/web',
    ]);
  });
});

describe('a claim that is not there, or has lost its volume', () => {
  it('S038: the claim does not exist', async () => {
    const graph = CausalGraphBuilder.create()
      .node('Pod/docs/web', {
        level: 'down',
        reason: 'VolumeNotReady',
        message:
          '0/3 nodes are available: persistentvolumeclaim "data" not found. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.',
      })
      .node('PersistentVolumeClaim/docs/data', { level: 'missing' })
      .node('PersistentVolumeClaim/docs/logs', {
        level: 'progressing',
        properties: { Status: 'Pending' },
      })
      .edge(
        'Pod/docs/web',
        'pod-persistentvolumeclaim',
        'PersistentVolumeClaim/docs/data',
      )
      .edge(
        'Pod/docs/web',
        'pod-persistentvolumeclaim',
        'PersistentVolumeClaim/docs/logs',
      );
    expect(told(await graph.explain('Pod/docs/web'))).toEqual([
      'PersistentVolumeClaim/data MissingPersistentVolumeClaim proven: PersistentVolumeClaim/data > Pod/web',
    ]);
  });

  it('S067: the volume was deleted by hand', async () => {
    const graph = CausalGraphBuilder.create()
      .node('PersistentVolumeClaim/docs/data', {
        level: 'down',
        reason: 'VolumeLost',
        properties: { Status: 'Lost', VolumeName: 'pv-1' },
      })
      .node('PersistentVolume//pv-1', { level: 'missing' })
      .edge(
        'PersistentVolumeClaim/docs/data',
        'persistentvolumeclaim-persistentvolume',
        'PersistentVolume//pv-1',
      );
    expect(
      told(await graph.explain('PersistentVolumeClaim/docs/data')),
    ).toEqual([
      'PersistentVolume/pv-1 MissingPersistentVolume proven: PersistentVolume/pv-1 > PersistentVolumeClaim/data',
    ]);
  });

  it('claim and volume refer to each other, and the search still ends', async () => {
    const graph = CausalGraphBuilder.create()
      .node('PersistentVolumeClaim/docs/data', {
        level: 'degraded',
        reason: 'NotBound',
        properties: { Status: 'Pending', VolumeName: 'pv-1' },
      })
      .node('PersistentVolume//pv-1')
      .edge(
        'PersistentVolumeClaim/docs/data',
        'persistentvolumeclaim-persistentvolume',
        'PersistentVolume//pv-1',
      )
      .edge(
        'PersistentVolume//pv-1',
        'owner',
        'PersistentVolumeClaim/docs/data',
      );
    expect(
      await graph.explain('PersistentVolumeClaim/docs/data'),
    ).toMatchObject({ answer: 'unexplained' });
  });
});
