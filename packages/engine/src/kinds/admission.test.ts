import {
  condition,
  judged,
  neighbour,
  NOW,
  object,
  observe,
  verdictText,
} from './__testUtils__/objects';
import { mutatingPolicyKind, validatingPolicyKind } from './admissionPolicy';
import {
  mutatingPolicyBindingKind,
  validatingPolicyBindingKind,
} from './admissionPolicyBinding';
import { apiServiceKind } from './apiService';
import { certificateSigningRequestKind } from './certificateSigningRequest';
import { customResourceDefinitionKind } from './customResourceDefinition';
import { flowSchemaKind, priorityLevelKind } from './flowControl';
import { KindDefinition, KubernetesObject } from './kindDefinition';
import {
  mutatingWebhookKind,
  validatingWebhookKind,
} from './webhookConfiguration';
import { CA_UNTIL_2020, CA_UNTIL_2036 } from './__testUtils__/authorities';

const inCluster = (parts: Parameters<typeof object>[0]) =>
  object({ ...parts, metadata: { namespace: undefined, ...parts?.metadata } });
const young = {
  creationTimestamp: new Date(NOW - 30_000).toISOString(),
};
const WEBHOOK_KINDS: [string, KindDefinition][] = [
  ['validatingwebhookconfiguration', validatingWebhookKind],
  ['mutatingwebhookconfiguration', mutatingWebhookKind],
];

describe.each(WEBHOOK_KINDS)('a %s', (type, definition) => {
  const webhook = (parts: {} = {}, clientConfig: {} = {}) => ({
    name: 'pods.example.com',
    clientConfig: {
      service: { namespace: 'shop', name: 'hook', path: '/validate' },
      ...clientConfig,
    },
    rules: [
      {
        operations: ['CREATE'],
        apiGroups: ['', 'apps'],
        resources: ['pods'],
      },
    ],
    ...parts,
  });
  const configuration = (...webhooks: unknown[]) => inCluster({ webhooks });
  const ignoring = webhook({ failurePolicy: 'Ignore' });

  it.each<[string, KubernetesObject, any, string]>([
    ['is there', configuration(webhook()), 'ok', 'keeps its own'],
    [
      'does not exist (H144)',
      configuration(webhook()),
      'missing',
      'down WebhookBackendDown H144',
    ],
    [
      'has no endpoints (H144)',
      configuration(webhook()),
      'down',
      'down WebhookBackendDown H144',
    ],
    [
      'has none on purpose (H144)',
      configuration(webhook()),
      'idle',
      'down WebhookBackendDown H144',
    ],
    [
      'does not exist, and need not (H145)',
      configuration(ignoring),
      'missing',
      'degraded WebhookBackendDown H145',
    ],
    [
      'does not exist, and one of two must be asked (H144)',
      configuration(ignoring, webhook()),
      'missing',
      'down WebhookBackendDown H144',
    ],
    ['may not be read', configuration(webhook()), 'unknown', 'keeps its own'],
    ['is starting', configuration(webhook()), 'progressing', 'keeps its own'],
  ])('whose Service %s', (_, item, level, expected) => {
    const found = judged(definition, item, {
      [`${type}-service out`]: [neighbour('Service', 'hook', level)],
    });
    expect(verdictText(found)).toBe(expected);
  });

  it.each<[string, {}, string, string]>([
    ['none', {}, 'Fail', 'ok Exists'],
    [
      'one that cannot be read',
      { caBundle: 'bm8=' },
      'Fail',
      'down WebhookCABad H146',
    ],
    [
      'one that has expired',
      { caBundle: CA_UNTIL_2020 },
      'Fail',
      'down WebhookCABad H146',
    ],
    [
      'one that has expired, of who need not be asked',
      { caBundle: CA_UNTIL_2020 },
      'Ignore',
      'degraded WebhookCABad H146',
    ],
  ])(
    'with %s as authority (H146)',
    (_, clientConfig, failurePolicy, expected) => {
      const item = configuration(webhook({ failurePolicy }, clientConfig));
      expect(verdictText(observe(definition, item).verdict)).toBe(expected);
    },
  );

  it('expires when its authority does (H146)', () => {
    const item = configuration(webhook({}, { caBundle: CA_UNTIL_2036 }));
    const { verdict } = observe(definition, item);
    expect(verdict.level).toBe('ok');
    expect(new Date(verdict.sequel!.at).getUTCFullYear()).toBe(2036);
    expect(verdict.sequel!.verdict).toMatchObject({
      level: 'down',
      reason: 'WebhookCABad',
    });
  });

  it('counts the longest of several authorities: they overlap in a change-over (H146)', () => {
    const both = [CA_UNTIL_2020, CA_UNTIL_2036]
      .map(one => Buffer.from(one, 'base64').toString())
      .join('');
    const caBundle = Buffer.from(both).toString('base64');
    const item = configuration(webhook({}, { caBundle }));
    expect(observe(definition, item).verdict.level).toBe('ok');
  });

  it('refers to its Service, its namespaces and the source of its authority (R158–R160)', () => {
    const item = inCluster({
      metadata: {
        annotations: { 'cert-manager.io/inject-ca-from': 'infra/hook' },
      },
      webhooks: [
        webhook({ namespaceSelector: { matchLabels: { team: 'a' } } }),
        ignoring,
      ],
    });
    const { references, selectors, properties } = observe(definition, item);
    expect(
      references
        .slice(0, -1)
        .map(({ relation, other, required, details }) => [
          relation,
          `${other.namespace}/${other.name}`,
          required,
          details,
        ]),
    ).toEqual([
      [
        `${type}-service`,
        'shop/hook',
        true,
        {
          webhooks: ['pods.example.com', 'pods.example.com'],
          failurePolicy: 'Fail',
          port: 443,
        },
      ],
      [`${type}-certificate`, 'infra/hook', true, undefined],
    ]);
    // The second one has no selector: it is asked everywhere, which its properties say.
    expect(selectors).toEqual([
      {
        relation: `${type}-namespace`,
        end: 'source',
        kind: { group: '', kind: 'Namespace' },
        namespaces: 'all',
        selector: [{ key: 'team', operator: 'In', values: ['a'] }],
        details: {
          webhooks: ['pods.example.com'],
          rules: ['CREATE pods,pods.apps'],
          failurePolicy: 'Fail',
        },
      },
    ]);
    expect(properties.Webhooks).toEqual([
      {
        Name: 'pods.example.com',
        FailurePolicy: 'Fail',
        TimeoutSeconds: 10,
        Rules: ['CREATE pods,pods.apps'],
        NamespaceSelector: { matchLabels: { team: 'a' } },
        ObjectSelector: {},
        Calls: 'shop/hook',
      },
      {
        Name: 'pods.example.com',
        FailurePolicy: 'Ignore',
        TimeoutSeconds: 10,
        Rules: ['CREATE pods,pods.apps'],
        NamespaceSelector: {},
        ObjectSelector: {},
        Calls: 'shop/hook',
      },
    ]);
  });

  it('keeps no path of a URL, which may hold a token, and no authority', () => {
    const item = configuration(
      webhook(
        {},
        {
          service: undefined,
          url: 'https://hook.example.com/secret-token',
          caBundle: CA_UNTIL_2036,
        },
      ),
    );
    const text = JSON.stringify(observe(definition, item));
    expect(text).toContain('hook.example.com');
    expect(text).not.toContain('secret-token');
    expect(text).not.toContain(CA_UNTIL_2036.slice(0, 40));
  });
});

describe('admission policies', () => {
  it.each<[string, KindDefinition]>([
    ['validating', validatingPolicyKind],
    ['mutating', mutatingPolicyKind],
  ])(
    '%s: say whom they judge (R163), and warn of types (H147)',
    (type, definition) => {
      const item = (expressionWarnings: unknown[]) =>
        inCluster({
          spec: {
            paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
            matchConstraints: {
              namespaceSelector: { matchLabels: { team: 'a' } },
              resourceRules: [
                {
                  operations: ['UPDATE'],
                  apiGroups: ['apps'],
                  resources: ['deployments'],
                },
              ],
            },
          },
          status: { typeChecking: { expressionWarnings } },
        });
      const plain = observe(definition, item([]));
      expect(verdictText(plain.verdict)).toBe('ok Exists');
      expect(plain.properties).toMatchObject({
        FailurePolicy: 'Fail',
        ParamKind: 'v1 ConfigMap',
        Rules: ['UPDATE deployments.apps'],
      });
      expect(plain.selectors.map(({ relation }) => relation)).toEqual([
        `${type}admissionpolicy-namespace`,
      ]);
      const warned = observe(
        definition,
        item([{ fieldRef: 'spec.validations[0]', warning: 'undefined field' }]),
      );
      expect(verdictText(warned.verdict)).toBe('ok TypeWarnings H147');
      expect(warned.verdict.evidence).toHaveLength(1);
    },
  );

  it.each<[string, KindDefinition]>([
    ['validating', validatingPolicyBindingKind],
    ['mutating', mutatingPolicyBindingKind],
  ])(
    '%s: are bound by name (R161), in namespaces (R163), with parameters (R162)',
    (type, definition) => {
      const { references, selectors, properties } = observe(
        definition,
        inCluster({
          spec: {
            policyName: 'limits',
            paramRef: { name: 'p', parameterNotFoundAction: 'Deny' },
            validationActions: ['Deny'],
            matchResources: {
              namespaceSelector: { matchLabels: { team: 'a' } },
            },
          },
        }),
      );
      expect(references[0]).toMatchObject({
        relation: `${type}admissionpolicybinding-${type}admissionpolicy`,
        other: { name: 'limits', namespace: '' },
        required: true,
      });
      expect(selectors.map(({ relation }) => relation)).toEqual([
        `${type}admissionpolicybinding-namespace`,
      ]);
      expect(properties.ParamRef).toEqual({
        Name: 'p',
        Namespace: '',
        NotFound: 'Deny',
      });
    },
  );
});

describe('an APIService (H129)', () => {
  const apiService = (conditions: unknown[], metadata = {}) =>
    inCluster({
      metadata,
      spec: { group: 'metrics.k8s.io', version: 'v1beta1' },
      status: { conditions },
    });
  it.each<[string, KubernetesObject, string]>([
    [
      'that is available',
      apiService([condition('Available', 'True', 'Passed')]),
      'ok Passed',
    ],
    [
      'that is not',
      apiService([condition('Available', 'False', 'MissingEndpoints')]),
      'down MissingEndpoints H129',
    ],
    [
      'that is not since a moment ago',
      apiService([condition('Available', 'False', 'FailedDiscoveryCheck', 20)]),
      'progressing FailedDiscoveryCheck H129 > 40: down FailedDiscoveryCheck H129',
    ],
    [
      'that nobody has checked yet',
      apiService([], young),
      'progressing NotAvailable H129 > 30: unknown NotAvailable H129',
    ],
  ])('%s', (_, item, expected) => {
    expect(verdictText(observe(apiServiceKind, item).verdict)).toBe(expected);
  });

  it.each<[string, {}, unknown[]]>([
    [
      'a Service (R167)',
      { service: { namespace: 'kube-system', name: 'metrics-server' } },
      ['apiservice-service kube-system/metrics-server'],
    ],
    ['the API server itself', {}, []],
  ])('is answered by %s', (_, spec, expected) => {
    const { references } = observe(apiServiceKind, inCluster({ spec }));
    expect(
      references
        .slice(0, -1)
        .map(
          ({ relation, other }) =>
            `${relation} ${other.namespace}/${other.name}`,
        ),
    ).toEqual(expected);
  });
});

describe('a CustomResourceDefinition', () => {
  const definition = (conditions: unknown[], metadata = {}, conversion = {}) =>
    inCluster({
      metadata,
      spec: {
        group: 'example.com',
        names: { kind: 'Vault' },
        versions: [
          { name: 'v1', served: true },
          { name: 'v1alpha1', served: false },
        ],
        conversion,
      },
      status: { conditions },
    });
  const established = condition('Established', 'True');
  it.each<[string, KubernetesObject, string]>([
    ['that is served', definition([established]), 'ok Established'],
    [
      'that is not (H131)',
      definition([condition('Established', 'False', 'NotAccepted')]),
      'down NotEstablished H131',
    ],
    [
      'that is not yet (H131)',
      definition([], young),
      'progressing NotEstablished H131 > 30: down NotEstablished H131',
    ],
    [
      'whose names another one has (H131)',
      definition([condition('NamesAccepted', 'False', 'KindConflict')]),
      'down NamesNotAccepted H131',
    ],
    [
      'without a structural schema (H132)',
      definition([established, condition('NonStructuralSchema', 'True')]),
      'degraded NonStructuralSchema H132',
    ],
    [
      'that is being removed (H132)',
      definition([established, condition('Terminating', 'True')]),
      'degraded Terminating H132',
    ],
    [
      'whose conversion nobody can trust (H146)',
      definition(
        [established],
        {},
        {
          strategy: 'Webhook',
          webhook: { clientConfig: { caBundle: CA_UNTIL_2020 } },
        },
      ),
      'down WebhookCABad H146',
    ],
  ])('%s', (_, item, expected) => {
    expect(
      verdictText(observe(customResourceDefinitionKind, item).verdict),
    ).toBe(expected);
  });

  it.each([
    ['missing', true, 'degraded WebhookBackendDown H144'],
    ['down', true, 'degraded WebhookBackendDown H144'],
    ['ok', true, 'keeps its own'],
    // One version is never converted.
    ['missing', false, 'keeps its own'],
  ] as const)(
    'whose conversion Service is %s, with several versions: %s',
    (level, several, expected) => {
      const versions = ['v1', ...(several ? ['v2'] : [])].map(name => ({
        name,
        served: true,
      }));
      const plain = definition([established]);
      const item = { ...plain, spec: { ...plain.spec, versions } };
      const found = judged(customResourceDefinitionKind, item, {
        'customresourcedefinition-service out': [
          neighbour('Service', 'convert', level),
        ],
      });
      expect(verdictText(found)).toBe(expected);
    },
  );

  it('refers to who converts (R169) and to its group version (R168)', () => {
    const { references } = observe(
      customResourceDefinitionKind,
      definition(
        [],
        {},
        {
          strategy: 'Webhook',
          webhook: {
            clientConfig: { service: { namespace: 'infra', name: 'convert' } },
          },
        },
      ),
    );
    expect(
      references
        .slice(0, -1)
        .map(({ relation, end, other, required }) => [
          relation,
          end,
          `${other.namespace}/${other.name}`,
          required,
        ]),
    ).toEqual([
      ['customresourcedefinition-service', 'source', 'infra/convert', true],
      [
        'apiservice-customresourcedefinition',
        'target',
        '/v1.example.com',
        false,
      ],
    ]);
  });
});

describe('flow control (R170)', () => {
  const schema = (conditions: unknown[]) =>
    inCluster({
      spec: { priorityLevelConfiguration: { name: 'global-default' } },
      status: { conditions },
    });
  it('refers from a schema to its level', () => {
    expect(observe(flowSchemaKind, schema([])).references[0]).toMatchObject({
      relation: 'flowschema-prioritylevelconfiguration',
      other: { name: 'global-default' },
      required: true,
    });
    expect(
      observe(priorityLevelKind, inCluster({ spec: { type: 'Exempt' } }))
        .properties,
    ).toEqual({ LevelType: 'Exempt' });
  });
  it.each([
    ['does not exist', 'True', 'degraded NotFound H163'],
    ['exists', 'False', 'ok NoDangling H163'],
  ])('whose level %s', (_, status, expected) => {
    const item = schema([condition('Dangling', status, 'NotFound')]);
    expect(verdictText(observe(flowSchemaKind, item).verdict)).toBe(expected);
  });
});

describe('a CertificateSigningRequest (R142)', () => {
  it.each([
    ['system:node:node-1', ['certificatesigningrequest-node', '', 'node-1']],
    [
      'system:serviceaccount:infra:issuer',
      ['certificatesigningrequest-serviceaccount', 'infra', 'issuer'],
    ],
    ['jane', ['cluster-certificatesigningrequest', '', 'c']],
  ])('of %s', (username, expected) => {
    const [{ relation, other }] = observe(
      certificateSigningRequestKind,
      inCluster({ spec: { username, signerName: 'kubernetes.io/kubelet' } }),
    ).references;
    expect([relation, other.namespace, other.name]).toEqual(expected);
  });

  it.each<[string, unknown[], string]>([
    ['is open', [], 'ok Pending'],
    ['is approved', [condition('Approved', 'True')], 'ok Approved'],
    ['is denied', [condition('Denied', 'True')], 'ok Denied'],
    [
      'could not be signed',
      [
        condition('Approved', 'True'),
        condition('Failed', 'True', 'SignerError'),
      ],
      'down SignerError H163',
    ],
  ])('that %s', (_, conditions, expected) => {
    const item = inCluster({ spec: {}, status: { conditions } });
    expect(
      verdictText(observe(certificateSigningRequestKind, item).verdict),
    ).toBe(expected);
  });
});
