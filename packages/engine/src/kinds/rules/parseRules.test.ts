import { parseRules, RulesError } from './parseRules';
import { parseRulesText } from './loadRules';

const kind = (rest: object) => ({
  kinds: [{ kind: 'Gadget.example.com', ...rest }],
});
const reference = (rest: object) =>
  kind({ references: [{ path: 'spec.ref', to: 'Secret', ...rest }] });
const health = (...rules: object[]) => kind({ health: { rules } });
const when = (test: unknown) => health({ when: test, level: 'down' });

function errorOf(data: unknown, where: string): RulesError {
  try {
    parseRules(data, where);
  } catch (error) {
    if (error instanceof RulesError) {
      return error;
    }
    throw error;
  }
  throw new Error('nothing was found to be wrong');
}

describe('says what is wrong with rules, and where', () => {
  it.each<[unknown, string]>([
    [[], 'the rules: expected fields, but it is a list'],
    [
      { kind: [] },
      "the rules: unknown field 'kind'; known here are relations, kinds",
    ],
    [{ kinds: {} }, 'kinds: expected a list, but it is an object'],
    [{ kinds: [{}] }, 'kinds[0].kind: is missing: expected a text'],
    [
      { kinds: [{ kind: 'gadgets' }] },
      "kinds[0].kind: expected a kind with its API group, such as Certificate.cert-manager.io, or Secret for the core group, but it is 'gadgets'",
    ],
    [
      kind({ referneces: [] }),
      "kinds[0]: unknown field 'referneces'; known here are kind, versions, metadataOnly, properties, references, selectors, podTemplate, owns, health, events",
    ],
    [
      kind({ properties: { Size: 'spec..size' } }),
      "kinds[0].properties.Size: 'spec..size', column 6: expected a field's name",
    ],
    [kind({ properties: { 'a b': 'spec.size' } }), 'kinds[0].properties.a b: '],
    [
      kind({ properties: { Value: 'data.password' } }),
      "kinds[0].properties.Value: 'data.password' may hold the values of a Secret or ConfigMap, which stay in the cluster",
    ],
    [
      kind({ properties: { Value: '["data"].password' } }),
      'may hold the values of a Secret or ConfigMap',
    ],
    [
      kind({ properties: { Value: '[*].password' } }),
      "kinds[0].properties.Value: '[*].password': expected a field's name first",
    ],
    [
      kind({ properties: { Value: 'metadata.annotations[*]' } }),
      'may hold the values of a Secret or ConfigMap',
    ],
    [
      kind({
        properties: {
          Value:
            'metadata.annotations["kubectl.kubernetes.io/last-applied-configuration"]',
        },
      }),
      'may hold the values of a Secret or ConfigMap',
    ],
    [
      reference({ details: { keys: '^.^.data.password' } }),
      'may hold the values of a Secret or ConfigMap',
    ],
    [
      kind({ references: [{ path: '^.name', to: 'Secret' }] }),
      "kinds[0].references[0].path: '^.name': ^ is for fields beside a reference",
    ],
    [
      kind({ references: [{ to: 'Secret' }] }),
      'kinds[0].references[0].path: is missing: expected a text',
    ],
    [
      kind({ references: [{ path: 'spec.ref' }] }),
      'kinds[0].references[0]: expected `to`: the kind that is named',
    ],
    [
      reference({ to: { kindFrom: 'kind' } }),
      'kinds[0].references[0]: expected `relation`: a name for edges to several kinds',
    ],
    [
      reference({ to: { kind: 'kind' }, relation: 'a-b' }),
      "kinds[0].references[0].to: unknown field 'kind'; known here are kindFrom, groupFrom, apiVersionFrom, default, only, clusterScoped",
    ],
    [
      reference({ to: 7 }),
      'kinds[0].references[0].to: expected a kind such as Secret, or where it stands: { kindFrom: kind, groupFrom: group, default: Secret }, but it is 7',
    ],
    [
      reference({ suffers: 'both' }),
      "kinds[0].references[0].suffers: expected 'source', 'target', 'none', but it is 'both'",
    ],
    [
      reference({ bitesAt: ['sometimes'] }),
      "kinds[0].references[0].bitesAt[0]: expected 'admission', 'schedule', 'start', 'run', 'scale', 'rollout', 'disrupt', 'delete', but it is 'sometimes'",
    ],
    [
      reference({ class: 'magic' }),
      "kinds[0].references[0].class: expected 'ownership', 'control', ",
    ],
    [
      reference({ namespace: 'elsewhere' }),
      "kinds[0].references[0].namespace: expected 'own', 'none', { fixed: a namespace } or { from: the field beside the name }, but it is 'elsewhere'",
    ],
    [
      reference({ namespace: { beside: 'namespace' } }),
      'kinds[0].references[0].namespace: ',
    ],
    [
      reference({ required: 'no' }),
      'kinds[0].references[0].required: expected true, false or { unless: the field that makes it optional }',
    ],
    [
      reference({ relation: 'Gadget Secret' }),
      "kinds[0].references[0].relation: expected the name of a relation: lower-case letters, digits and -, such as certificate-issuer, but it is 'Gadget Secret'",
    ],
    [
      reference({ when: { field: 'kind', equals: 'A', oneOf: ['B'] } }),
      'kinds[0].references[0].when: expected exactly one of equals, oneOf, notOneOf, lessThan, greaterThan, contains, exists, past',
    ],
    [
      kind({ selectors: [{ selects: 'Pod' }] }),
      'kinds[0].selectors[0]: expected either path or labels',
    ],
    [
      kind({ selectors: [{ path: 'spec.selector', selects: 'pods' }] }),
      'kinds[0].selectors[0].selects: expected a kind with its API group',
    ],
    [
      health({ when: { condition: 'Ready', is: 'False' } }),
      "kinds[0].health.rules[0].level: expected 'ok', 'progressing', ",
    ],
    [
      health({ when: { condition: 'Ready', is: 'False' }, level: 'missing' }),
      "but it is 'missing'",
    ],
    [
      health({
        when: { condition: 'Ready', is: 'False' },
        level: 'down',
        grace: 'a while',
      }),
      "kinds[0].health.rules[0].grace: expected a duration such as 30s, 10m or 1h, but it is 'a while'",
    ],
    [
      when({ condition: 'Ready', is: 'No' }),
      "kinds[0].health.rules[0].when.is: expected 'True', 'False' or 'Unknown', or a list of them, but it is 'No'",
    ],
    [
      when({ condition: 'Ready', iss: 'False' }),
      'kinds[0].health.rules[0].when.is: ',
    ],
    [
      when({ field: 'status.phase', equal: 'Failed' }),
      "kinds[0].health.rules[0].when: unknown field 'equal'; known here are field, of, equals,",
    ],
    [
      when({ field: 'status.phase' }),
      'kinds[0].health.rules[0].when: expected exactly one of equals,',
    ],
    [
      when([{ field: 'status.phase', equals: 'A' }, 'and so on']),
      'kinds[0].health.rules[0].when[1]: ',
    ],
  ])('%j', (data, expected) => {
    const told = String(
      errorOf(data, 'app-config.yaml kubernetesTopology.rules').message,
    );
    expect(told).toContain(
      'The rules in app-config.yaml kubernetesTopology.rules cannot be used:\n',
    );
    expect(told).toContain(expected);
  });
});

it('tells of everything that is wrong at once', () => {
  const data = { kinds: [{ kind: 'x' }, { kind: 'Y.example.com', owns: 3 }] };
  expect(errorOf(data, 'rules.yaml').problems).toHaveLength(2);
});

it('says that a file is no YAML', () => {
  expect(() => parseRulesText('kinds: [', '/etc/rules/mine.yaml')).toThrow(
    /The rules in \/etc\/rules\/mine.yaml cannot be used:\n {2}it is no YAML/,
  );
});

it('takes nothing for no rules', () => {
  expect(parseRules(undefined, 'x')).toEqual({ relations: [], kinds: [] });
});

it('gives plain data, which a worker thread can be sent', () => {
  const rules = parseRules(
    reference({ details: { keys: 'key' } }),
    'app-config.yaml',
  );
  expect(structuredClone(rules)).toEqual(rules);
  expect(parseRules(rules, 'again')).toEqual(rules);
});

it('reads False, which YAML takes for a boolean, as a status', () => {
  const rules = parseRulesText(
    'kinds: [{ kind: A.b.c, health: { rules: [{ when: { condition: Ready, is: False }, level: down }] } }]',
    'x',
  );
  expect(rules.kinds[0].health?.rules[0].when[0]).toMatchObject({
    is: ['False'],
  });
});
