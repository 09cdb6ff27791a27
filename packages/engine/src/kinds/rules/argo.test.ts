import { KubernetesObject } from '../kindDefinition';
import { conditions, told } from './__testUtils__/shippedCatalog';

const argo = (kind: string, rest: KubernetesObject = {}): KubernetesObject => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind,
  ...rest,
});

describe('Argo CD', () => {
  const resources = [
    {
      group: 'apps',
      version: 'v1',
      kind: 'Deployment',
      namespace: 'shop',
      name: 'cart',
    },
    { version: 'v1', kind: 'Namespace', name: 'shop' },
    {
      group: 'rbac.authorization.k8s.io',
      kind: 'ClusterRole',
      name: 'cart:read',
    },
  ];

  it.each([
    [{ server: 'https://kubernetes.default.svc' }],
    [{ name: 'in-cluster' }],
  ])(
    'an Application with %j manages objects here (R177)',
    async destination => {
      const { references } = await told(
        argo('Application', {
          metadata: { namespace: 'argocd' },
          spec: { project: 'default', destination },
          status: { resources },
        }),
      );
      expect(references).toEqual([
        'application-appproject > AppProject.argoproj.io argocd/default',
        'application-object > Deployment.apps shop/cart?',
        'application-object > Namespace /shop?',
        'application-object > ClusterRole.rbac.authorization.k8s.io /cart:read?',
      ]);
    },
  );

  it('claims nothing here that is in another cluster', async () => {
    const { references } = await told(
      argo('Application', {
        spec: { destination: { server: 'https://10.0.0.1' } },
        status: { resources },
      }),
    );
    expect(references).toEqual([]);
  });

  const health = (status: string) => ({ health: { status } });
  it.each<[string, object | undefined, string]>([
    ['healthy', health('Healthy'), 'ok Healthy'],
    [
      'healthy and out of sync',
      { ...health('Healthy'), sync: { status: 'OutOfSync' } },
      'ok Healthy',
    ],
    ['progressing', health('Progressing'), 'progressing Progressing'],
    ['degraded', health('Degraded'), 'degraded Degraded'],
    ['suspended', health('Suspended'), 'suspended Suspended'],
    ['missing', health('Missing'), 'degraded Missing'],
    ['unknown', health('Unknown'), 'unknown Unknown'],
    [
      'not synced',
      {
        ...health('Healthy'),
        operationState: {
          phase: 'Failed',
          message: 'one or more objects failed',
        },
      },
      'degraded SyncFailed',
    ],
    [
      'not comparable',
      {
        ...health('Unknown'),
        conditions: [{ type: 'ComparisonError', message: 'rpc error' }],
      },
      'degraded ComparisonError',
    ],
    ['without a status', undefined, 'unknown NoStatus'],
  ])('an Application that is %s (H157)', async (_, status, expected) => {
    expect((await told(argo('Application', { status }))).status).toBe(expected);
  });

  it('an ApplicationSet says what went wrong', async () => {
    const set = (...texts: string[]) =>
      argo('ApplicationSet', { status: conditions(...texts) });
    expect(
      (await told(set('ErrorOccurred=True:ApplicationParamsGenerationError')))
        .status,
    ).toBe('degraded ApplicationParamsGenerationError');
    expect((await told(set('ErrorOccurred=False'))).status).toBe(
      'ok Generated',
    );
  });
});

describe('Argo Rollouts', () => {
  it('a Rollout names its Services, routes and templates (R176)', async () => {
    const { references } = await told(
      argo('Rollout', {
        spec: {
          strategy: {
            canary: {
              canaryService: 'web-canary',
              stableService: 'web',
              trafficRouting: {
                istio: { virtualService: { name: 'web', routes: ['main'] } },
              },
              analysis: {
                templates: [
                  { templateName: 'errors' },
                  { templateName: 'latency', clusterScope: true },
                ],
              },
              steps: [
                { setWeight: 20 },
                { analysis: { templates: [{ templateName: 'smoke' }] } },
              ],
            },
          },
          template: {
            spec: {
              containers: [
                {
                  name: 'web',
                  image: 'web:1',
                  envFrom: [{ configMapRef: { name: 'web' } }],
                },
              ],
            },
          },
        },
      }),
    );
    expect(references.map(line => line.replace(/ \{.*/, ''))).toEqual([
      'rollout-service > Service shop/web-canary',
      'rollout-service > Service shop/web',
      'rollout-trafficrouting > VirtualService.networking.istio.io shop/web',
      'rollout-analysistemplate > AnalysisTemplate.argoproj.io shop/errors',
      'rollout-analysistemplate > ClusterAnalysisTemplate.argoproj.io /latency',
      'rollout-analysistemplate > AnalysisTemplate.argoproj.io shop/smoke',
      'rollout-configmap > ConfigMap shop/web',
    ]);
  });

  it.each<[string, object, string]>([
    ['healthy', { phase: 'Healthy' }, 'ok Healthy'],
    ['in a pause of its canary', { phase: 'Paused' }, 'suspended Paused'],
    ['progressing', { phase: 'Progressing' }, 'progressing Progressing'],
    [
      'degraded',
      { phase: 'Degraded', message: 'ProgressDeadlineExceeded' },
      'degraded Degraded',
    ],
    ['aborted', { phase: 'Degraded', abort: true }, 'degraded RolloutAborted'],
  ])('a Rollout that is %s (H156)', async (_, status, expected) => {
    expect(
      (await told(argo('Rollout', { spec: { replicas: 2 }, status }))).status,
    ).toBe(expected);
  });

  it('a Rollout that is paused or scaled to zero is left alone', async () => {
    expect(
      (await told(argo('Rollout', { spec: { paused: true }, status: {} })))
        .status,
    ).toBe('suspended Paused');
    expect(
      (
        await told(
          argo('Rollout', {
            spec: { replicas: 0 },
            status: { phase: 'Healthy' },
          }),
        )
      ).status,
    ).toBe('idle ScaledToZero');
  });

  it.each([
    ['Successful', 'ok Successful'],
    ['Failed', 'degraded Failed'],
    ['Inconclusive', 'unknown Inconclusive'],
    ['Running', 'progressing Running'],
  ])('an AnalysisRun that is %s', async (phase, expected) => {
    expect(
      (await told(argo('AnalysisRun', { status: { phase } }))).status,
    ).toBe(expected);
  });
});

describe('Argo Workflows', () => {
  it('a Workflow needs its template, account and volumes', async () => {
    const { references } = await told(
      argo('Workflow', {
        spec: {
          workflowTemplateRef: { name: 'build' },
          serviceAccountName: 'ci',
          volumes: [
            { name: 'a', secret: { secretName: 'git', optional: true } },
            { name: 'b', persistentVolumeClaim: { claimName: 'cache' } },
            {
              name: 'c',
              configMap: { name: '{{workflow.parameters.config}}' },
            },
          ],
        },
      }),
    );
    expect(references).toEqual([
      'workflow-template > WorkflowTemplate.argoproj.io shop/build',
      'workflow-serviceaccount > ServiceAccount shop/ci',
      'workflow-secret > Secret shop/git?',
      'workflow-persistentvolumeclaim > PersistentVolumeClaim shop/cache',
    ]);
  });

  it.each([
    ['Succeeded', 'ok Succeeded'],
    ['Running', 'ok Running'],
    ['Pending', 'progressing Pending'],
    ['Failed', 'down Failed'],
    ['Error', 'down Error'],
  ])('a Workflow that is %s', async (phase, expected) => {
    expect((await told(argo('Workflow', { status: { phase } }))).status).toBe(
      expected,
    );
  });

  it('a CronWorkflow that is suspended is not red', async () => {
    const { references, status } = await told(
      argo('CronWorkflow', {
        spec: {
          suspend: true,
          schedule: '0 * * * *',
          workflowSpec: {
            workflowTemplateRef: { name: 'all', clusterScope: true },
          },
        },
        status: conditions('SubmissionError=True'),
      }),
    );
    expect(references).toEqual([
      'workflow-template > ClusterWorkflowTemplate.argoproj.io /all',
    ]);
    expect(status).toBe('suspended Suspended');
  });
});
