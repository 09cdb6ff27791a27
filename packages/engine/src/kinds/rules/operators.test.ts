import { KubernetesObject } from '../kindDefinition';
import { conditions, told } from './__testUtils__/shippedCatalog';

describe('Operator Lifecycle Manager', () => {
  const olm = (kind: string, rest: KubernetesObject): KubernetesObject => ({
    apiVersion: 'operators.coreos.com/v1alpha1',
    kind,
    ...rest,
  });
  const install = {
    install: { spec: { deployments: [{ name: 'etcd-operator' }] } },
    customresourcedefinitions: {
      owned: [{ name: 'etcdclusters.etcd.database.coreos.com' }],
    },
  };

  it('a ClusterServiceVersion has Deployments, definitions and a group (R179)', async () => {
    const { references } = await told(
      olm('ClusterServiceVersion', {
        metadata: {
          annotations: {
            'olm.operatorGroup': 'global',
            'olm.operatorNamespace': 'operators',
          },
        },
        spec: install,
      }),
    );
    expect(references).toEqual([
      'clusterserviceversion-operatorgroup > OperatorGroup.operators.coreos.com operators/global',
      'clusterserviceversion-deployment > Deployment.apps shop/etcd-operator',
      'clusterserviceversion-customresourcedefinition > CustomResourceDefinition.apiextensions.k8s.io /etcdclusters.etcd.database.coreos.com',
    ]);
  });

  it('a copy in another namespace has no Deployments there', async () => {
    const { references } = await told(
      olm('ClusterServiceVersion', {
        metadata: { labels: { 'olm.copiedFrom': 'operators' } },
        spec: install,
      }),
    );
    expect(references).toHaveLength(1);
  });

  it('a Subscription names its catalog, plan and version (R180)', async () => {
    const { references } = await told(
      olm('Subscription', {
        spec: { source: 'community', sourceNamespace: 'olm', name: 'etcd' },
        status: {
          installPlanRef: { name: 'install-1', namespace: 'shop' },
          installedCSV: 'etcd.v0.9.4',
          currentCSV: 'etcd.v0.9.5',
        },
      }),
    );
    expect(references).toEqual([
      'subscription-catalogsource > CatalogSource.operators.coreos.com olm/community',
      'subscription-installplan > InstallPlan.operators.coreos.com shop/install-1',
      'subscription-clusterserviceversion > ClusterServiceVersion.operators.coreos.com shop/etcd.v0.9.4',
      'subscription-clusterserviceversion > ClusterServiceVersion.operators.coreos.com shop/etcd.v0.9.5?',
    ]);
  });

  it.each<[string, string, object, string]>([
    [
      'ClusterServiceVersion',
      'failed',
      { phase: 'Failed', reason: 'ComponentUnhealthy', message: 'waiting' },
      'degraded ComponentUnhealthy',
    ],
    [
      'ClusterServiceVersion',
      'installed',
      { phase: 'Succeeded' },
      'ok Succeeded',
    ],
    [
      'Subscription',
      'that cannot be resolved',
      conditions('ResolutionFailed=True:ConstraintsNotSatisfiable'),
      'degraded ConstraintsNotSatisfiable',
    ],
    [
      'Subscription',
      'whose catalogs are well',
      {
        ...conditions('CatalogSourcesUnhealthy=False'),
        state: 'AtLatestKnown',
      },
      'ok AtLatestKnown',
    ],
    ['InstallPlan', 'failed', { phase: 'Failed' }, 'degraded Failed'],
    [
      'InstallPlan',
      'that waits for somebody',
      { phase: 'RequiresApproval' },
      'suspended RequiresApproval',
    ],
    [
      'CatalogSource',
      'that answers',
      { connectionState: { lastObservedState: 'READY' } },
      'ok Ready',
    ],
    [
      'CatalogSource',
      'that does not',
      {
        connectionState: {
          lastObservedState: 'TRANSIENT_FAILURE',
          lastConnect: '2026-01-01T12:00:00Z',
        },
      },
      'degraded ConnectionFailed',
    ],
  ])('a %s %s (H160)', async (kind, _, status, expected) => {
    expect((await told(olm(kind, { spec: {}, status }))).status).toBe(expected);
  });
});

describe('Prometheus Operator (R181)', () => {
  const monitoring = (
    kind: string,
    rest: KubernetesObject,
  ): KubernetesObject => ({
    apiVersion: 'monitoring.coreos.com/v1',
    kind,
    ...rest,
  });

  it.each<[string, object, string]>([
    ['its own namespace', {}, 'monitor-target > Service [own] app=web'],
    [
      'named namespaces',
      { namespaceSelector: { matchNames: ['a', 'b'] } },
      'monitor-target > Service [kubernetes.io/metadata.name in (a,b)] app=web',
    ],
    [
      'all namespaces',
      { namespaceSelector: { any: true } },
      'monitor-target > Service [all] app=web',
    ],
  ])('a ServiceMonitor selects Services in %s', async (_, spec, expected) => {
    const { selectors, status } = await told(
      monitoring('ServiceMonitor', {
        spec: { selector: { matchLabels: { app: 'web' } }, ...spec },
      }),
    );
    expect(selectors).toEqual([expected]);
    expect(status).toBe('ok Exists');
  });

  it('a Prometheus selects monitors and rules: an absent selector none, an empty one all', async () => {
    const { selectors } = await told(
      monitoring('Prometheus', {
        spec: {
          serviceMonitorSelector: {},
          serviceMonitorNamespaceSelector: {},
          ruleSelector: { matchLabels: { team: 'a' } },
        },
      }),
    );
    expect(selectors).toEqual([
      'prometheus-monitor > ServiceMonitor.monitoring.coreos.com [all]',
      'prometheus-monitor > PrometheusRule.monitoring.coreos.com [own] team=a',
    ]);
  });

  it.each([
    ['Available=True', 'ok Available'],
    ['Available=Degraded:SomePodsNotReady', 'degraded SomePodsNotReady'],
    ['Available=False:NoPodReady', 'down NoPodReady'],
  ])('a Prometheus with %s', async (condition, expected) => {
    const { status } = await told(
      monitoring('Prometheus', { spec: {}, status: conditions(condition) }),
    );
    expect(status).toBe(expected);
  });
});

describe('Crossplane (R182)', () => {
  it('a Provider that is not healthy', async () => {
    const { status } = await told({
      apiVersion: 'pkg.crossplane.io/v1',
      kind: 'Provider',
      metadata: { namespace: '' },
      spec: { package: 'xpkg.io/provider-aws:v1' },
      status: conditions(
        'Installed=True',
        'Healthy=False:UnhealthyPackageRevision',
      ),
    });
    expect(status).toBe('degraded UnhealthyPackageRevision');
  });

  it('a claim leads to its composite, as nobody has declared it', async () => {
    const { references, status } = await told({
      apiVersion: 'db.example.org/v1',
      kind: 'Postgres',
      spec: {
        resourceRef: {
          apiVersion: 'db.example.org/v1',
          kind: 'XPostgres',
          name: 'pg-x1',
        },
        writeConnectionSecretToRef: { name: 'pg' },
      },
      status: conditions('Synced=True', 'Ready=False:Creating'),
    });
    expect(references).toEqual([
      'object-reference > XPostgres.db.example.org shop/pg-x1?',
    ]);
    expect(status).toBe('progressing Creating');
  });
});

describe('Cluster API (R183)', () => {
  const capi = (kind: string, rest: KubernetesObject): KubernetesObject => ({
    apiVersion: 'cluster.x-k8s.io/v1beta1',
    kind,
    ...rest,
  });
  const infrastructureRef = {
    apiVersion: 'infrastructure.cluster.x-k8s.io/v1beta1',
    kind: 'DockerMachine',
    name: 'm1',
  };

  it('a Machine belongs to a Cluster and becomes a Node', async () => {
    const { references } = await told(
      capi('Machine', {
        spec: {
          clusterName: 'prod',
          infrastructureRef,
          bootstrap: { dataSecretName: 'm1-data' },
        },
        status: { nodeRef: { kind: 'Node', name: 'node-1' } },
      }),
    );
    expect(references).toEqual([
      'capi-cluster < Cluster.cluster.x-k8s.io shop/prod',
      'machine-infrastructure > DockerMachine.infrastructure.cluster.x-k8s.io shop/m1',
      'machine-secret > Secret shop/m1-data',
      'machine-node > Node /node-1?',
    ]);
  });

  it.each([
    [{ phase: 'Running' }, 'ok Running'],
    [{ phase: 'Provisioning' }, 'progressing Provisioning'],
    [{ phase: 'Failed', failureMessage: 'no quota' }, 'down Failed'],
    [
      conditions('Ready=False:InstanceTerminated'),
      'degraded InstanceTerminated',
    ],
  ])('a Machine with %j', async (status, expected) => {
    expect((await told(capi('Machine', { spec: {}, status }))).status).toBe(
      expected,
    );
  });
});

describe('Karpenter (R129, H161)', () => {
  const claim = (rest: KubernetesObject): KubernetesObject => ({
    apiVersion: 'karpenter.sh/v1',
    kind: 'NodeClaim',
    ...rest,
    metadata: { namespace: '', labels: { 'karpenter.sh/nodepool': 'general' } },
  });

  it('a NodeClaim names its pool, class and node', async () => {
    const { references } = await told(
      claim({
        spec: {
          nodeClassRef: {
            group: 'karpenter.k8s.aws',
            kind: 'EC2NodeClass',
            name: 'd',
          },
        },
        status: { nodeName: 'node-1' },
      }),
    );
    expect(references).toEqual([
      'nodeclaim-nodepool > NodePool.karpenter.sh /general',
      'nodepool-nodeclass > EC2NodeClass.karpenter.k8s.aws /d',
      'nodeclaim-node > Node /node-1?',
    ]);
  });

  it('is given fifteen minutes to join', async () => {
    const status = conditions(
      'Launched=True',
      'Registered=Unknown:NodeNotFound',
    );
    const noon = Date.parse('2026-01-01T12:00:00Z');
    expect((await told(claim({ status }), noon + 14 * 60_000)).status).toBe(
      'progressing NotRegistered',
    );
    expect((await told(claim({ status }), noon + 15 * 60_000)).status).toBe(
      'degraded NotRegistered',
    );
  });
});

describe('OpenShift (R185, H162)', () => {
  const route = (status?: object): KubernetesObject => ({
    apiVersion: 'route.openshift.io/v1',
    kind: 'Route',
    spec: {
      to: { kind: 'Service', name: 'web', weight: 90 },
      alternateBackends: [{ kind: 'Service', name: 'canary', weight: 10 }],
    },
    status,
  });

  it('a Route leads to Services by weight', async () => {
    expect((await told(route())).references).toEqual([
      'route-service > Service shop/web {"weights":["90"]}',
      'route-service > Service shop/canary {"weights":["10"]}',
    ]);
  });

  const ingress = (...texts: string[]) => ({
    ingress: texts.map(text => ({ host: 'a.b', ...conditions(text) })),
  });
  it.each<[string, object | undefined, string]>([
    ['admitted', ingress('Admitted=True'), 'ok Admitted'],
    [
      'refused by one router',
      ingress('Admitted=True', 'Admitted=False:HostAlreadyClaimed'),
      'degraded HostAlreadyClaimed',
    ],
    ['seen by no router', {}, 'degraded NotAdmitted'],
  ])('a Route %s', async (_, status, expected) => {
    expect((await told(route(status))).status).toBe(expected);
  });
});
