import { KubernetesObject } from './kindDefinition';
import { templateFields } from './templateFields';

const template = (container: object, spec: object = {}): KubernetesObject => ({
  spec: {
    containers: [{ name: 'app', image: 'shop/cart:v9', ...container }],
    ...spec,
  },
});

/** The fields in which two templates differ. */
function differences(one: KubernetesObject, other: KubernetesObject): string[] {
  const [a, b] = [templateFields(one), templateFields(other)];
  return Object.keys({ ...a, ...b }).filter(field => a[field] !== b[field]);
}

it('keeps images, amounts and names as they are', () => {
  expect(
    templateFields(
      template(
        { resources: { limits: { memory: '256Mi' } } },
        { nodeSelector: { disk: 'ssd' }, imagePullSecrets: [{ name: 'r' }] },
      ),
    ),
  ).toEqual({
    'app.image': 'shop/cart:v9',
    'app.limits.memory': '256Mi',
    nodeSelector: '{"disk":"ssd"}',
    imagePullSecrets: 'r',
  });
});

it('keeps of environment, command and arguments only a mark of 16 bits', () => {
  const fields = templateFields(
    template({
      env: [{ name: 'PASSWORD', value: 'hunter2' }],
      command: ['run', 'hunter2'],
      args: ['--password=hunter2'],
      livenessProbe: { httpGet: { path: '/?token=hunter2', port: 1 } },
      lifecycle: { postStart: { exec: { command: ['hunter2'] } } },
    }),
  );
  expect(JSON.stringify(fields)).not.toContain('hunter2');
  expect(Object.keys(fields)).toContain('app.env.PASSWORD');
  expect(fields['app.env.PASSWORD']).toMatch(/^#[0-9a-f]{4}$/);
});

describe('a change is one of', () => {
  const before = template({
    env: [
      { name: 'DB_HOST', value: 'db' },
      { name: 'MODE', value: 'x' },
    ],
  });
  it.each<[string, KubernetesObject, string[]]>([
    ['nothing', before, []],
    [
      'a variable',
      template({
        env: [
          { name: 'DB_HOST', value: 'bd' },
          { name: 'MODE', value: 'x' },
        ],
      }),
      ['app.env.DB_HOST'],
    ],
    [
      'a variable less',
      template({ env: [{ name: 'DB_HOST', value: 'db' }] }),
      ['app.env.MODE'],
    ],
    [
      'where a variable is from',
      template({
        env: [
          { name: 'DB_HOST', valueFrom: { configMapKeyRef: { name: 'c' } } },
          { name: 'MODE', value: 'x' },
        ],
      }),
      ['app.env.DB_HOST'],
    ],
    [
      'a volume',
      template(before.spec.containers[0], {
        volumes: [{ name: 'v', emptyDir: {} }],
      }),
      ['volumes.v'],
    ],
  ])('%s', (_, after, expected) => {
    expect(differences(before, after)).toEqual(expected);
  });
});

it.each([undefined, {}, { spec: null }, { spec: { containers: 'x' } }])(
  'reads no fields from %j',
  one => {
    expect(templateFields(one as KubernetesObject | undefined)).toEqual({});
  },
);
