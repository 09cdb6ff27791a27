import { Scenario } from './scenario';
import { REFUSED, forbidden, refused } from './templateRefusals';
import * as t from './templates';

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
      affected: REFUSED,
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
      affected: REFUSED,
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
      affected: REFUSED,
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
      affected: REFUSED,
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
      t.deployment('shop/cart'),
      t.service('shop/cart'),
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
      affected: REFUSED,
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
      affected: REFUSED,
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
      affected: REFUSED,
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
      affected: REFUSED,
      says: ['gvisor does: a typo?'],
    },
  },
];
