import fc from 'fast-check';
import { kindText } from '../identity';
import { KindCatalog } from '../kindCatalog';
import { KindDefinition } from '../kindDefinition';
import { MalformedObjectError } from '../metadata';
import { shippedCatalog } from './__testUtils__/shippedCatalog';
import { kindFromText } from './kindText';
import { loadShippedRules } from './loadRules';

jest.setTimeout(120_000);

/** Field names that rules look for, so that random objects get somewhere. */
const WORDS = [
  'metadata',
  'name',
  'namespace',
  'labels',
  'annotations',
  'ownerReferences',
  'finalizers',
  'deletionTimestamp',
  'creationTimestamp',
  'generation',
  'spec',
  'status',
  'conditions',
  'type',
  'reason',
  'message',
  'lastTransitionTime',
  'observedGeneration',
  'phase',
  'state',
  'replicas',
  'readyReplicas',
  'issuerRef',
  'secretRef',
  'secretName',
  'kind',
  'group',
  'selector',
  'matchLabels',
  'matchExpressions',
  'key',
  'operator',
  'values',
  'http',
  'route',
  'destination',
  'host',
  'template',
  'containers',
  'volumes',
  'env',
  'valueFrom',
  'secretKeyRef',
  'resources',
  'inventory',
  'entries',
  'id',
  'sourceRef',
  'parents',
  'suspend',
  'triggers',
  'strategy',
] as const;

const value = fc.letrec(tie => ({
  any: fc.oneof(
    { maxDepth: 7, depthSize: 'medium' },
    fc.constantFrom<unknown>(
      null,
      true,
      false,
      0,
      -1,
      3,
      '',
      'web',
      'True',
      'False',
      'Ready',
      'Secret',
      'a/b',
      'shop_web_apps_Deployment',
      '2026-01-01T00:00:00Z',
      'not a time',
    ),
    fc.string(),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom<string>(...WORDS), tie('any'), {
      maxKeys: 8,
    }),
    fc.dictionary(fc.string(), tie('any'), { maxKeys: 3 }),
  ),
})).any;

const object = fc.record(
  {
    metadata: fc.oneof(
      { arbitrary: value, weight: 1 },
      {
        weight: 8,
        arbitrary: fc.record(
          {
            name: fc.constantFrom<unknown>('web', 'db', 'x', '', 7),
            namespace: fc.constantFrom<unknown>('shop', 'a', 'b', '', null),
            labels: value,
            annotations: value,
            ownerReferences: value,
            finalizers: value,
            deletionTimestamp: value,
            creationTimestamp: value,
            generation: value,
          },
          { requiredKeys: ['name', 'namespace'] },
        ),
      },
    ),
    spec: value,
    status: fc.oneof(value, fc.record({ conditions: value })),
    data: value,
  },
  { requiredKeys: [] },
);

function definitions(
  catalog: KindCatalog,
  kinds: readonly string[],
): KindDefinition[] {
  return kinds.flatMap(text => {
    const id = kindFromText(text);
    return [true, false].flatMap(
      namespaced =>
        catalog.definitionFor({
          id,
          version: 'v1',
          plural: `${kindText(id).toLowerCase()}s`,
          namespaced,
        }) ?? [],
    );
  });
}

/** Kinds of rules alone: what the engine's own kinds make of odd objects is their own tests' matter. */
async function ruledKinds(): Promise<KindDefinition[]> {
  const texts = (await loadShippedRules())
    .flatMap(({ rules }) => rules.kinds)
    .map(({ kind }) => kind);
  return definitions(await shippedCatalog(), [
    ...new Set(texts),
    'Vault.example.com',
  ]).filter(({ id }) => !isBuiltIn(id.group));
}

function isBuiltIn(group: string): boolean {
  return group === '' || !group.includes('.') || group.endsWith('.k8s.io');
}

it('no object, however odd, makes a kind throw anything but MalformedObjectError', async () => {
  const kinds = await ruledKinds();
  expect(kinds.length).toBeGreaterThan(60);
  let observed = 0;
  fc.assert(
    fc.property(object, fc.constantFrom(...kinds), (odd, kind) => {
      try {
        const found = kind.observe(odd as object, { cluster: 'c', now: 1e12 });
        observed++;
        // What comes out has to become rows.
        JSON.stringify(found);
      } catch (error) {
        if (!(error instanceof MalformedObjectError)) {
          throw error;
        }
      }
    }),
    { numRuns: 3000 },
  );
  expect(observed).toBeGreaterThan(500);
});

it('what comes out of an object is bounded and holds nothing from its data', async () => {
  const kinds = await ruledKinds();
  fc.assert(
    fc.property(
      fc.constantFrom(...kinds),
      fc.string({ minLength: 12, maxLength: 20 }),
      (kind, secret) => {
        const found = kind.observe(
          {
            metadata: {
              name: 'web',
              namespace: 'shop',
              annotations: {
                'kubectl.kubernetes.io/last-applied-configuration': `x${secret}x`,
              },
              managedFields: [{ manager: `x${secret}x` }],
            },
            data: { password: `x${secret}x` },
            stringData: { password: `x${secret}x` },
          },
          { cluster: 'c', now: 1e12 },
        );
        expect(JSON.stringify(found)).not.toContain(
          JSON.stringify(`x${secret}x`).slice(1, -1),
        );
      },
    ),
    { numRuns: 500 },
  );
});
