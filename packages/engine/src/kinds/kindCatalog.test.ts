import { KIND_DEFINITIONS } from './index';
import { KindId, kindText } from './identity';
import { KindCatalog, ServedKind } from './kindCatalog';
import { Observation } from './observation';
import { RELATIONS } from './relations';
import { loadShippedRules } from './rules/loadRules';
import { parseKindText } from './rules/kindText';
import { parseRules } from './rules/parseRules';

function served(text: string, rest: Partial<ServedKind> = {}): ServedKind {
  const id = parseKindText(text) as KindId;
  return {
    id,
    version: 'v1',
    plural: `${id.kind.toLowerCase()}s`,
    namespaced: true,
    ...rest,
  };
}

function withRules(data: unknown): KindCatalog {
  return KindCatalog.create({
    rules: [{ where: 'test', rules: parseRules(data, 'test') }],
  });
}

const catalog = KindCatalog.create();

describe('which kinds are read', () => {
  it('all of the engine’s own', () => {
    for (const definition of KIND_DEFINITIONS) {
      const { id, version, plural, namespaced } = definition;
      expect(catalog.definitionFor({ id, version, plural, namespaced })).toBe(
        definition,
      );
    }
  });

  it.each<[string, string]>([
    ['events under their other name', 'Event.events.k8s.io'],
    ['old names', 'Ingress.extensions'],
    ['metrics', 'PodMetrics.metrics.k8s.io'],
    ['custom metrics', 'MetricValueList.custom.metrics.k8s.io'],
    ['questions', 'TokenReview.authentication.k8s.io'],
    ['questions about rights', 'SelfSubjectAccessReview.authorization.k8s.io'],
    ['component statuses', 'ComponentStatus'],
    ['bindings', 'Binding'],
  ])('not %s', (_, text) => {
    expect(catalog.definitionFor(served(text))).toBeUndefined();
  });

  it.each([[['get', 'watch']], [['get', 'list']], [['create']]])(
    'not what can only %j',
    verbs => {
      expect(
        catalog.definitionFor(served('Foo.example.com', { verbs })),
      ).toBeUndefined();
    },
  );

  it.each<[object, string, boolean]>([
    [
      { exclude: ['Lease.coordination.k8s.io'] },
      'Lease.coordination.k8s.io',
      false,
    ],
    [{ exclude: ['Lease.coordination.k8s.io'] }, 'Lease.example.com', true],
    [{ exclude: ['*.cilium.io'] }, 'CiliumEndpoint.cilium.io', false],
    [{ exclude: ['*.cilium.io'] }, 'CiliumEndpoint.isovalent.com', true],
    [{ include: ['Pod', '*.apps'] }, 'Pod', true],
    [{ include: ['Pod', '*.apps'] }, 'Deployment.apps', true],
    [{ include: ['Pod', '*.apps'] }, 'Service', false],
    [{ include: ['Pod'], exclude: ['Pod'] }, 'Pod', false],
  ])('with the scope %j: %s %s', (scope, text, isRead) => {
    const scoped = KindCatalog.create({ scope });
    expect(scoped.definitionFor(served(text)) !== undefined).toBe(isRead);
  });

  it('the same question has the same answer', () => {
    const one = catalog.definitionFor(served('Foo.example.com'));
    expect(catalog.definitionFor(served('Foo.example.com'))).toBe(one);
  });
});

describe('in which version', () => {
  it.each<[string, Partial<ServedKind>, string]>([
    ['the definition’s own', { version: 'v1' }, 'v1'],
    [
      'the definition’s own, though the server likes a newer one',
      { version: 'v2', versions: ['v2', 'v1'] },
      'v1',
    ],
  ])('%s', (_, rest, version) => {
    expect(
      catalog.definitionFor(served('Deployment.apps', rest)),
    ).toMatchObject({ version, type: 'deployment' });
  });

  it('reads a version that the definition does not know as any other kind', () => {
    const definition = catalog.definitionFor(
      served('Deployment.apps', { version: 'v9' }),
    )!;
    expect(definition.version).toBe('v9');
    const { references } = definition.observe(
      { metadata: { name: 'web', namespace: 'shop' } },
      { cluster: 'c', now: 0 },
    ) as Observation;
    // Its place in the namespace has a relation of its own all the same.
    expect(references.map(({ relation }) => relation)).toEqual([
      'namespace-deployment',
    ]);
  });

  it('reads the version that rules are written for', () => {
    const ruled = withRules({
      kinds: [
        {
          kind: 'Foo.example.com',
          versions: ['v1beta1'],
          properties: { Size: 'spec.size' },
        },
      ],
    });
    const definition = ruled.definitionFor(
      served('Foo.example.com', { version: 'v1', versions: ['v1', 'v1beta1'] }),
    );
    expect(definition?.version).toBe('v1beta1');
    const newer = ruled.definitionFor(served('Foo.example.com'))!;
    const observed = newer.observe(
      { metadata: { name: 'f', namespace: 'n' }, spec: { size: 3 } },
      { cluster: 'c', now: 0 },
    ) as Observation;
    expect(observed.properties).toEqual({});
  });
});

describe('rules for a kind of the engine’s own', () => {
  const ruled = withRules({
    kinds: [
      {
        kind: 'Service',
        properties: { Team: 'metadata.annotations["example.com/team"]' },
        references: [
          {
            path: 'metadata.annotations["example.com/dns-zone"]',
            to: 'Zone.dns.example.com',
            class: 'routing',
          },
        ],
        health: {
          rules: [
            {
              when: {
                field: 'metadata.annotations["example.com/broken"]',
                equals: 'yes',
              },
              level: 'degraded',
              reason: 'MarkedBroken',
            },
            {
              when: { field: 'spec.type', exists: true },
              level: 'ok',
              reason: 'NeverBetter',
            },
          ],
        },
      },
    ],
  });
  const definition = ruled.definitionFor(served('Service'))!;
  const observe = (annotations: object, spec: object = {}) =>
    definition.observe(
      { metadata: { name: 'web', namespace: 'shop', annotations }, spec },
      { cluster: 'c', now: 0 },
    ) as Observation;

  it('add to what it is', () => {
    const base = KIND_DEFINITIONS.find(({ id }) => kindText(id) === 'Service')!;
    expect(definition.contextRelations).toBe(base.contextRelations);
    const observed = observe({
      'example.com/team': 'payments',
      'example.com/dns-zone': 'shop',
    });
    expect(observed.properties).toMatchObject({ Team: 'payments' });
    expect(observed.references.map(({ relation }) => relation)).toEqual([
      'namespace-service',
      'service-zone',
    ]);
    expect(observed.verdict.level).toBe('ok');
  });

  it('may find more that is wrong, and nothing that is well again', () => {
    expect(observe({ 'example.com/broken': 'yes' }).verdict).toMatchObject({
      level: 'degraded',
      reason: 'MarkedBroken',
    });
    const pending = { type: 'LoadBalancer' };
    expect(observe({}, pending).verdict.reason).not.toBe('NeverBetter');
  });

  it('read of Secrets and ConfigMaps what their metadata says, and nothing else', () => {
    expect(() =>
      withRules({
        kinds: [{ kind: 'Secret', properties: { Type: 'type' } }],
      }),
    ).toThrow(
      "properties.Type of Secret: 'type' is not read: only the metadata of this kind is. Name a path that starts with metadata.",
    );
    const secrets = withRules({
      kinds: [
        {
          kind: 'Secret',
          properties: { Owner: 'metadata.labels["example.com/owner"]' },
        },
      ],
    }).definitionFor(served('Secret'))!;
    expect(secrets.metadataOnly).toBe(true);
  });
});

describe('the relations of a catalog', () => {
  it('are those of the engine and those of the rules, each name once', async () => {
    const { relations } = KindCatalog.create({
      rules: await loadShippedRules(),
    });
    const names = relations.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining(RELATIONS.map(r => r.name)));
    expect(relations.find(({ name }) => name === 'certificate-issuer')).toEqual(
      {
        name: 'certificate-issuer',
        relationType: 'certificate',
        class: 'config',
        rules: ['R173'],
        suffers: 'source',
        strength: 'hard',
        bitesAt: ['run'],
      },
    );
  });

  it('cite where they come from, if they come with the engine', async () => {
    const { relations } = KindCatalog.create({
      rules: await loadShippedRules(),
    });
    expect(
      relations
        .filter(({ rules }) => rules.length === 0)
        .map(({ name }) => name)
        .filter(name => !name.startsWith('cluster-')),
    ).toEqual([]);
  });

  it('may be used by name, and not be told differently', () => {
    const kind = (relation: object) => ({
      kinds: [
        {
          kind: 'Foo.example.com',
          references: [
            {
              path: 'spec.a',
              to: 'Secret',
              relation: 'pod-secret',
              ...relation,
            },
          ],
        },
      ],
    });
    expect(withRules(kind({})).relations).toHaveLength(RELATIONS.length);
    expect(() => withRules(kind({ class: 'routing' }))).toThrow(
      "the relation 'pod-secret' is known already, as config of type pod, the source suffers, hard, at start: it cannot also be routing of type pod",
    );
  });

  it('of owner references may have names of their own', () => {
    const ruled = withRules({
      kinds: [
        {
          kind: 'Foo.example.com',
          owns: [
            { kind: 'Pod' },
            { kind: 'Bar.example.com', relation: 'foo-part' },
          ],
        },
      ],
    });
    const foo = { group: 'example.com', kind: 'Foo' };
    const name = (kind: string) =>
      ruled.ownerRelation(foo, parseKindText(kind)!).name;
    expect(name('Pod')).toBe('foo-pod');
    expect(name('Bar.example.com')).toBe('foo-part');
    expect(name('Secret')).toBe('owner');
    expect(
      ruled.ownerRelation(
        { group: 'apps', kind: 'ReplicaSet' },
        { group: '', kind: 'Pod' },
      ).name,
    ).toBe('replicaset-pod');
  });
});

it('is made again from its data, in another thread', async () => {
  const here = KindCatalog.create({ rules: await loadShippedRules() });
  const there = KindCatalog.create(structuredClone(here.data));
  expect(there.relations).toEqual(here.relations);
});
