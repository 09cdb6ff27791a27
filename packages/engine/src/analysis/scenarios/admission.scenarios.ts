import { Scenario } from './scenario';
import * as t from './templates';

const APP = 'shop/cart';
const SET = 'ReplicaSet/shop/cart-1f6d8c9b1';
const AFFECTED = ['Deployment/shop/cart', SET];

/** A Deployment whose pods the API server refuses with these words, beside one that is well. */
function refused(words: string, options: t.WorkloadOptions = {}): t.Objects {
  return [
    t.deployment(APP, { age: t.FAULT, refused: words, ...options }),
    t.service(APP),
    t.deployment('shop/well'),
    t.service('shop/well'),
  ];
}

const forbidden = (why: string) =>
  `pods "cart-1f6d8c9b1-x7k2p" is forbidden: ${why}`;

function quota(
  reference: string,
  hard: Record<string, string>,
  used: Record<string, string>,
): t.Objects {
  return t.object('v1', 'ResourceQuota', reference, {
    spec: { hard },
    status: { hard, used },
  });
}

function limitRange(reference: string, limits: readonly object[]): t.Objects {
  return t.object('v1', 'LimitRange', reference, { spec: { limits } });
}

const EXCEEDED = forbidden(
  'exceeded quota: compute, requested: limits.memory=512Mi, used: limits.memory=1Gi, limited: limits.memory=1Gi',
);

export const quotaScenarios: readonly Scenario[] = [
  {
    id: 'S050',
    fault: 'a quota is used up: two of four pods are there',
    objects: t.world(
      refused(EXCEEDED, { replicas: 4, created: 2, age: t.OLD }),
      quota(
        'shop/compute',
        { 'limits.memory': '1Gi', pods: '20' },
        { 'limits.memory': '1Gi', pods: '4' },
      ),
      quota('shop/objects', { configmaps: '5' }, { configmaps: '5' }),
      quota('other/compute', { pods: '2' }, { pods: '2' }),
    ),
    expects: {
      roots: ['ResourceQuota/shop/compute'],
      faults: ['QuotaExceeded'],
      affected: AFFECTED,
      says: ['limits.memory', '1Gi of 1Gi', '512Mi', '1536Mi'],
    },
  },
  {
    id: 'S050b',
    fault: 'a quota was lowered below what is in use',
    objects: t.world(
      refused(
        forbidden(
          'exceeded quota: compute, requested: pods=1, used: pods=6, limited: pods=4',
        ),
        { replicas: 4, created: 3, age: t.OLD },
      ),
      quota('shop/compute', { pods: '4' }, { pods: '6' }),
    ),
    expects: {
      roots: ['ResourceQuota/shop/compute'],
      says: ['below what is in use'],
      affected: AFFECTED,
    },
  },
  {
    id: 'S050c',
    fault: 'a quota refuses a StatefulSet, which says so in an event only',
    objects: t.world(
      t.statefulSet('shop/db', {
        age: t.FAULT,
        refused:
          'pods "db-0" is forbidden: exceeded quota: compute, requested: requests.cpu=2, used: requests.cpu=3, limited: requests.cpu=4',
      }),
      t.service('shop/db', { spec: { clusterIP: 'None' } }),
      quota('shop/compute', { 'requests.cpu': '4' }, { 'requests.cpu': '3' }),
    ),
    expects: {
      roots: ['ResourceQuota/shop/compute'],
      affected: ['StatefulSet/shop/db'],
      says: ['requests.cpu', '3 of 4'],
    },
  },
  {
    id: 'S050d',
    fault: 'one pod alone asks for more than the whole quota',
    objects: t.world(
      refused(
        forbidden(
          'exceeded quota: compute, requested: requests.memory=8Gi, used: requests.memory=0, limited: requests.memory=4Gi',
        ),
      ),
      quota(
        'shop/compute',
        { 'requests.memory': '4Gi' },
        { 'requests.memory': '0' },
      ),
    ),
    expects: {
      roots: ['ResourceQuota/shop/compute'],
      says: ['asks for more requests.memory than the whole quota'],
      affected: AFFECTED,
    },
  },
  {
    id: 'S050e',
    fault:
      'a quota refuses the pods of a Job, and nothing but the event names it',
    objects: t.world(
      t.job('shop/import', {
        age: t.FAULT,
        refused:
          'pods "import-x7k2p" is forbidden: exceeded quota: batch, requested: pods=1, used: pods=5, limited: pods=5',
        status: {},
      }),
      quota('shop/batch', { pods: '5' }, { pods: '5' }),
    ),
    expects: {
      roots: ['ResourceQuota/shop/batch'],
      affected: ['Job/shop/import'],
    },
  },
  {
    id: 'S050f',
    fault: 'quotas are used up, and nobody asks for more',
    objects: t.world(
      t.deployment(APP),
      quota('shop/compute', { pods: '2' }, { pods: '2' }),
    ),
    expects: { nothing: true },
  },
  {
    id: 'S051',
    fault: 'a quota on memory refuses pods that do not say how much they need',
    objects: t.world(
      refused(
        forbidden('failed quota: mem: must specify limits.memory for: app'),
        { container: { resources: {} } },
      ),
      quota('shop/mem', { 'limits.memory': '4Gi' }, { 'limits.memory': '0' }),
    ),
    expects: {
      roots: ['ResourceQuota/shop/mem'],
      faults: ['QuotaDemandsValues'],
      affected: AFFECTED,
      says: ['must specify limits.memory', 'LimitRange'],
    },
  },
  {
    id: 'S052',
    fault: 'a LimitRange allows less memory than a container asks for',
    objects: t.world(
      refused(
        forbidden(
          'maximum memory usage per Container is 512Mi, but limit is 1Gi',
        ),
        { container: { resources: { limits: { memory: '1Gi' } } } },
      ),
      limitRange('shop/bounds', [
        { type: 'Container', max: { memory: '512Mi' } },
      ]),
      limitRange('shop/defaults', [
        { type: 'Container', default: { memory: '128Mi' } },
      ]),
      limitRange('other/bounds', [
        { type: 'Container', max: { memory: '512Mi' } },
      ]),
    ),
    expects: {
      roots: ['LimitRange/shop/bounds'],
      affected: AFFECTED,
      says: ['512Mi', '1Gi'],
    },
  },
  {
    id: 'S052b',
    fault:
      'a LimitRange demands more CPU than a container asks for, and a smaller ratio',
    objects: t.world(
      refused(
        forbidden(
          '[minimum cpu usage per Container is 200m, but request is 100m, memory max limit to request ratio per Container is 2, but provided ratio is 4.000000]',
        ),
      ),
      limitRange('shop/bounds', [
        {
          type: 'Container',
          min: { cpu: '200m' },
          maxLimitRequestRatio: { memory: '2' },
        },
      ]),
    ),
    expects: {
      roots: ['LimitRange/shop/bounds'],
      affected: AFFECTED,
      says: ['200m', 'ratio'],
    },
  },
];

const RESTRICTED =
  'violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "app" must set securityContext.allowPrivilegeEscalation=false), runAsNonRoot != true (pod or container "app" must set securityContext.runAsNonRoot=true)';

export const policyScenarios: readonly Scenario[] = [
  {
    id: 'S048',
    fault: 'a webhook denies pods',
    objects: t.world(
      refused(
        'admission webhook "policy.acme.io" denied the request: image must come from registry.acme.io',
      ),
      t.object(
        'admissionregistration.k8s.io/v1',
        'ValidatingWebhookConfiguration',
        'acme-policy',
        {
          fields: {
            webhooks: [
              {
                name: 'policy.acme.io',
                clientConfig: {
                  service: { namespace: 'acme', name: 'policy' },
                },
                rules: [
                  {
                    operations: ['CREATE'],
                    apiGroups: [''],
                    apiVersions: ['v1'],
                    resources: ['pods'],
                  },
                ],
                failurePolicy: 'Fail',
              },
            ],
          },
        },
      ),
      t.deployment('acme/policy'),
      t.service('acme/policy'),
    ),
    expects: {
      roots: ['ValidatingWebhookConfiguration//acme-policy'],
      affected: AFFECTED,
      says: ['registry.acme.io'],
    },
  },
  {
    id: 'S048b',
    fault: 'a policy of Kyverno denies pods',
    objects: t.world(
      refused(
        'admission webhook "validate.kyverno.svc-fail" denied the request: \n\nresource Pod/shop/cart-x was blocked due to the following policies \n\nrequire-labels:\n  check-team: \'validation error: label team is required.\'\n',
      ),
      t.definition('kyverno.io', 'ClusterPolicy', 'clusterpolicies', {
        scope: 'Cluster',
      }),
      t.object('kyverno.io/v1', 'ClusterPolicy', 'require-labels', {
        spec: { validationFailureAction: 'Enforce' },
        status: t.readyStatus('True', 'Succeeded'),
      }),
      t.object('kyverno.io/v1', 'ClusterPolicy', 'other', {
        spec: {},
        status: t.readyStatus('True', 'Succeeded'),
      }),
    ),
    expects: {
      roots: ['ClusterPolicy//require-labels'],
      affected: AFFECTED,
      says: ['label team is required'],
    },
  },
  {
    id: 'S048c',
    fault: 'a constraint of Gatekeeper denies pods',
    objects: t.world(
      refused(
        'admission webhook "validation.gatekeeper.sh" denied the request: [pods-have-team] you must provide labels: {"team"}',
      ),
      t.definition(
        'constraints.gatekeeper.sh',
        'K8sRequiredLabels',
        'k8srequiredlabels',
        { scope: 'Cluster' },
      ),
      ['pods-have-team', 'other'].map(name =>
        t.object(
          'constraints.gatekeeper.sh/v1beta1',
          'K8sRequiredLabels',
          name,
          { spec: {}, status: { totalViolations: 0 } },
        ),
      ),
    ),
    expects: {
      roots: ['K8sRequiredLabels//pods-have-team'],
      affected: AFFECTED,
      says: ['team'],
    },
  },
  {
    id: 'S053',
    fault: 'a namespace enforces the restricted level',
    objects: t.world(
      t.namespace('shop', {
        labels: { 'pod-security.kubernetes.io/enforce': 'restricted' },
      }),
      t.namespace('other', {
        labels: { 'pod-security.kubernetes.io/enforce': 'restricted' },
      }),
      refused(forbidden(RESTRICTED)),
      t.deployment('other/well'),
    ),
    expects: {
      roots: ['Namespace//shop'],
      affected: AFFECTED,
      says: ['restricted', 'allowPrivilegeEscalation'],
    },
  },
  {
    id: 'S053b',
    fault: 'a namespace enforces a level that running pods do not keep',
    objects: t.world(
      t.namespace('shop', {
        labels: { 'pod-security.kubernetes.io/enforce': 'restricted' },
      }),
      t.deployment(APP),
      t.service(APP),
    ),
    expects: { nothing: true },
  },
  {
    id: 'S053c',
    fault: 'the API server enforces a level by its own settings',
    objects: t.world(refused(forbidden(RESTRICTED))),
    expects: { noCause: true },
  },
  {
    id: 'S056',
    fault: 'a ValidatingAdmissionPolicy denies pods',
    objects: t.world(
      refused(
        forbidden(
          "ValidatingAdmissionPolicy 'no-latest' with binding 'no-latest-shop' denied request: images must have a tag other than latest",
        ),
      ),
      t.object(
        'admissionregistration.k8s.io/v1',
        'ValidatingAdmissionPolicy',
        'no-latest',
        {
          spec: {
            failurePolicy: 'Fail',
            matchConstraints: {
              resourceRules: [
                {
                  operations: ['CREATE'],
                  apiGroups: [''],
                  apiVersions: ['v1'],
                  resources: ['pods'],
                },
              ],
            },
            validations: [{ expression: 'true' }],
          },
        },
      ),
      t.object(
        'admissionregistration.k8s.io/v1',
        'ValidatingAdmissionPolicyBinding',
        'no-latest-shop',
        { spec: { policyName: 'no-latest', validationActions: ['Deny'] } },
      ),
    ),
    expects: {
      roots: [
        'ValidatingAdmissionPolicy//no-latest',
        'ValidatingAdmissionPolicyBinding//no-latest-shop',
      ],
      affected: AFFECTED,
      says: ['no-latest-shop', 'tag other than latest', 'Deny'],
    },
  },
];

export const absentScenarios: readonly Scenario[] = [
  {
    id: 'S054',
    fault: 'the service account of a Deployment was deleted',
    objects: t.world(
      refused(
        forbidden(
          'error looking up service account shop/api: serviceaccount "api" not found',
        ),
        { template: { serviceAccountName: 'api' } },
      ),
      t.serviceAccount('other/api'),
    ),
    expects: {
      roots: ['ServiceAccount/shop/api'],
      faults: ['MissingServiceAccount'],
      affected: AFFECTED,
      says: ['kubectl create serviceaccount api -n shop'],
    },
  },
  {
    id: 'S054b',
    fault: 'the name of a service account is misspelt in a DaemonSet',
    objects: t.world(
      t.daemonSet('shop/agent', {
        age: t.FAULT,
        template: { serviceAccountName: 'agnet' },
        refused:
          'pods "agent-" is forbidden: error looking up service account shop/agnet: serviceaccount "agnet" not found',
      }),
      t.serviceAccount('shop/agent'),
    ),
    expects: {
      roots: ['ServiceAccount/shop/agnet'],
      affected: ['DaemonSet/shop/agent'],
      says: ['agent does: a typo?'],
    },
  },
  {
    id: 'S055',
    fault: 'a template names a PriorityClass that does not exist',
    objects: t.world(
      refused(forbidden('no PriorityClass with name gold was found'), {
        template: { priorityClassName: 'gold' },
      }),
      t.object('scheduling.k8s.io/v1', 'PriorityClass', 'silver', {
        fields: { value: 100 },
      }),
    ),
    expects: {
      roots: ['PriorityClass//gold'],
      affected: AFFECTED,
      says: ['gold'],
    },
  },
  {
    id: 'S055b',
    fault: 'a template names a RuntimeClass that does not exist',
    objects: t.world(
      refused(forbidden('pod rejected: RuntimeClass "gvisr" not found'), {
        template: { runtimeClassName: 'gvisr' },
      }),
      t.object('node.k8s.io/v1', 'RuntimeClass', 'gvisor', {
        fields: { handler: 'runsc' },
      }),
    ),
    expects: {
      roots: ['RuntimeClass//gvisr'],
      affected: AFFECTED,
      says: ['gvisor does: a typo?'],
    },
  },
];
