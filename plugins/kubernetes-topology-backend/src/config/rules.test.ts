import { createMockDirectory } from '@backstage/backend-test-utils';
import { userRules } from './rules';

const widget = (path: string) => ({
  kinds: [{ kind: 'Widget.example.com', properties: { Size: path } }],
});
const yaml = (path: string) =>
  `kinds: [{kind: Widget.example.com, properties: {Size: ${path}}}]`;

describe('userRules', () => {
  const folder = createMockDirectory({
    content: {
      'one.yaml': yaml('spec.one'),
      rules: {
        'b.yaml': yaml('spec.b'),
        'a.yaml': yaml('spec.a'),
        'c.txt': '',
      },
      'no.yaml': 'kinds: [',
      'odd.yaml': 'kinds: [{kind: 7}]',
    },
  });
  const at = (name: string) => folder.resolve(name);

  it('reads those of modules, files, folders and the configuration; the last speaks first', async () => {
    const [added] = await userRules(
      { rules: widget('spec.added'), ruleFiles: [] },
      [],
    );
    const rules = await userRules(
      {
        rules: widget('spec.inline'),
        ruleFiles: [at('one.yaml'), at('rules')],
      },
      [{ ...added, where: 'a module' }],
    );
    expect(rules.map(({ where }) => where)).toEqual([
      'a module',
      at('one.yaml'),
      at('rules/a.yaml'),
      at('rules/b.yaml'),
      'app-config.yaml kubernetesTopology.rules',
    ]);
    expect(rules.map(each => each.rules.kinds[0].kind)).toEqual(
      Array(5).fill('Widget.example.com'),
    );
  });

  it('is empty without rules', async () => {
    expect(await userRules({ rules: undefined, ruleFiles: [] }, [])).toEqual(
      [],
    );
  });

  it.each<[string, unknown, string[], RegExp]>([
    [
      'a faulty rule of the configuration',
      { kinds: [{ kind: 'Widget.example.com', references: [{}] }] },
      [],
      /app-config\.yaml kubernetesTopology\.rules cannot be used:[^]*kinds\[0\]\.references\[0\]\.path: /,
    ],
    [
      'a file that is not there',
      undefined,
      ['one.yaml', 'gone.yaml'],
      /kubernetesTopology\.ruleFiles\[1\]: the rules in .*gone\.yaml cannot be read from .*ENOENT/,
    ],
    [
      'a file that is no YAML',
      undefined,
      ['no.yaml'],
      /no\.yaml cannot be used/,
    ],
    [
      'a faulty rule of a file',
      undefined,
      ['odd.yaml'],
      /odd\.yaml cannot be used:[^]*kinds\[0\]\.kind: /,
    ],
  ])(
    'refuses %s and says where it stands',
    async (_, rules, files, message) => {
      await expect(
        userRules({ rules, ruleFiles: files.map(at) }, []),
      ).rejects.toThrow(message);
    },
  );
});
