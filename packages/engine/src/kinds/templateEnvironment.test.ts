import { environmentProperties } from './templateEnvironment';

const spec = (container: object) => ({
  containers: [{ name: 'app', ...container }],
});

it.each<[string, object, object]>([
  ['no variables', {}, {}],
  ['each once', { env: [{ name: 'A' }, { name: 'B' }] }, {}],
  [
    'one twice',
    { env: [{ name: 'A', value: 'x' }, { name: 'B' }, { name: 'A' }] },
    { ShadowedEnv: ['app.A'] },
  ],
  [
    'one beside a source of many',
    { env: [{ name: 'A' }], envFrom: [{ configMapRef: { name: 'c' } }] },
    { EnvBesideEnvFrom: ['app.A'] },
  ],
  ['what is no list', { env: 'x', envFrom: {} }, {}],
])('tells names of variables and no values: %s', (_, container, expected) => {
  const found = environmentProperties(spec(container));
  expect(JSON.parse(JSON.stringify(found))).toEqual(expected);
});

it.each([undefined, {}, { containers: 'x' }])('reads nothing from %j', one => {
  expect(
    JSON.parse(JSON.stringify(environmentProperties(one as object))),
  ).toEqual({});
});
