import { parseGremlin } from '@kubernetes-topology/engine';
import fc from 'fast-check';
import { gremlinText, verticesOf } from './gremlinText';
import { kindNamed } from './kindNames';
import { selectorSteps } from './labelSelector';
import { parseReferences } from './objectReference';
import { objectSelection } from './objectOptions';

describe('kindNamed', () => {
  it.each([
    ['pod', ['pod'], undefined],
    ['PODS', ['pod'], undefined],
    ['po', ['pod'], undefined],
    ['svc', ['service'], undefined],
    ['deploy', ['deployment'], undefined],
    ['deployments.apps', ['deployment'], 'apps'],
    ['deployments.v1.apps', ['deployment'], 'apps'],
    ['ing', ['ingress'], undefined],
    ['ingresses', ['ingress'], undefined],
    ['ingressclasses', ['ingressclass'], undefined],
    ['networkpolicies', ['networkpolicy'], undefined],
    ['netpol', ['networkpolicy'], undefined],
    ['ep', ['endpoints'], undefined],
    ['endpointslices', ['endpointslice'], undefined],
    ['sa', ['serviceaccount'], undefined],
    ['priorityclasses', ['priorityclass'], undefined],
    ['csistoragecapacities', ['csistoragecapacity'], undefined],
    ['services.serving.knative.dev', ['service'], 'serving.knative.dev'],
    [
      'certificates.cert-manager.io',
      ['certificates', 'certificat', 'certificate'],
      'cert-manager.io',
    ],
    ['policies', ['policies', 'policy', 'polici', 'policie'], undefined],
  ])('%s', (text, types, group) => {
    expect(kindNamed(text)).toMatchObject({
      types,
      ...(group && { group }),
    });
    expect(kindNamed(text).group).toBe(group);
  });

  it.each([
    ['ns', true],
    ['no', true],
    ['pv', true],
    ['pvc', false],
    ['crd', true],
    ['widgets', false],
  ])('%s has no namespace: %s', (text, isClusterScoped) => {
    expect(kindNamed(text).isClusterScoped).toBe(isClusterScoped);
  });
});

describe('parseReferences', () => {
  const shown = (words: string[]) =>
    parseReferences(words).map(each =>
      'key' in each
        ? each.key
        : `${each.kind.types.at(-1)} ${each.name ?? '*'}`,
    );

  it.each<[string[], string[]]>([
    [['pod/web-0'], ['pod web-0']],
    [
      ['pod/web-0', 'svc/web'],
      ['pod web-0', 'service web'],
    ],
    [
      ['pod', 'web-0', 'web-1'],
      ['pod web-0', 'pod web-1'],
    ],
    [['deploy,sts'], ['deployment *', 'statefulset *']],
    [['container/web-0/app'], ['container web-0/app']],
    [['demo/Pod/shop/web-0'], ['demo/Pod/shop/web-0']],
    [['demo/Node//n1'], ['demo/Node//n1']],
    [[], []],
  ])('%j', (words, expected) => {
    expect(shown(words)).toEqual(expected);
  });

  it.each([
    [['pod/']],
    [['/web']],
    [['pod/web', 'web-1']],
    [['']],
    [['pods,']],
  ])('refuses %j', words => {
    expect(() => parseReferences(words)).toThrow(/names no/);
  });

  it.each([
    [['pod/a'], { namespace: 'x', allNamespaces: true }, /not both/],
    [['pod/a'], { selector: 'a=b' }, /not both/],
  ])('refuses %j with %j', (words, options, message) => {
    expect(() => objectSelection(words, options)).toThrow(message);
  });
});

describe('selectorSteps', () => {
  it.each([
    ['app=web', `.Has('K8s.Labels["app"]', 'web')`],
    ['app==web', `.Has('K8s.Labels["app"]', 'web')`],
    ['tier!=db', `.Has('K8s.Labels["tier"]', Nee('db'))`],
    ['app.kubernetes.io/name', `.Has('K8s.Labels["app.kubernetes.io/name"]')`],
    ['!legacy', `.HasNot('K8s.Labels["legacy"]')`],
    [
      'env in (a, b),app=x',
      `.Has('K8s.Labels["env"]', Within('a', 'b')).Has('K8s.Labels["app"]', 'x')`,
    ],
    ['env notin (a)', `.Has('K8s.Labels["env"]', Without('a'))`],
    ['empty=', `.Has('K8s.Labels["empty"]', '')`],
    ['', ''],
  ])('%s', (selector, steps) => {
    expect(selectorSteps(selector)).toBe(steps);
    expect(() => parseGremlin(`G.V()${steps}`)).not.toThrow();
  });

  it.each(['a b', '=x', 'a=b=c"', `x"]','y`, 'env in a', '-a'])(
    'refuses %s',
    selector => {
      expect(() => selectorSteps(selector)).toThrow(/is no label selector/);
    },
  );
});

describe('gremlinText', () => {
  it('reads back as it was, whatever it holds', () => {
    const text = fc
      .string({ unit: 'binary' })
      .filter(each => !each.includes('\0'));
    fc.assert(
      fc.property(text, value => {
        const { steps } = parseGremlin(`G.V(${gremlinText(value)})`);
        expect(steps).toHaveLength(2);
        expect(JSON.stringify(steps[1])).toContain(JSON.stringify(value));
      }),
    );
  });

  it('names many objects in queries that are short enough', () => {
    const keys = Array.from(
      { length: 2_000 },
      (_, nth) => `demo/Pod/default/web-${nth}`,
    );
    const parts = verticesOf(keys);
    expect(parts.length).toBeGreaterThan(1);
    for (const part of parts) {
      expect(() => parseGremlin(`G.${part}.OutE().SubGraph()`)).not.toThrow();
    }
    expect(parts.join(',').match(/'demo/g)).toHaveLength(2_000);
    expect(verticesOf([])).toEqual([]);
  });
});
