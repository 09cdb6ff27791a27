import { scratchFolder } from './__testUtils__/scratch';
import { BatchLine, answerAll } from './queryBatch';
import { queriesOf } from './queryFile';
import { QueryFailure } from './queryFailure';

describe('files of queries', () => {
  const scratch = scratchFolder();
  const read = async (text: string) => {
    const found: string[] = [];
    for await (const query of queriesOf(await scratch.write('q', text))) {
      found.push(query);
    }
    return found;
  };

  it.each<[string, string, string[]]>([
    ['nothing', '', []],
    ['one without a line end', 'G.V()', ['G.V()']],
    [
      'empty lines and comments',
      '# a\n\n  \nG\n  # b\nG.E()\n',
      ['G', 'G.E()'],
    ],
    [
      'spaces around, the line ends of Windows',
      '  G \r\nG.E()\r\n',
      ['G', 'G.E()'],
    ],
    ['a byte order mark', '\ufeffG\n', ['G']],
    [
      'a hash in a query',
      `G.V().Has('Name', '#1')`,
      [`G.V().Has('Name', '#1')`],
    ],
  ])('reads %s', async (_, text, queries) => {
    await expect(read(text)).resolves.toEqual(queries);
  });

  it('says what cannot be read', async () => {
    const queries = queriesOf(scratch.path('nowhere'));
    await expect(queries.next()).rejects.toThrow(
      /the queries in .*nowhere cannot be read: .*ENOENT/,
    );
  });

  it('answers in order, and goes on after a wrong one', async () => {
    async function* asked() {
      yield* ['a', 'wrong', 'cut', 'misspelt', 'b'];
    }
    const lines: BatchLine[] = [];
    const failed = await answerAll(
      {
        async query(text) {
          if (text === 'wrong') {
            throw new QueryFailure('line 1, column 7: no such step', 'x');
          }
          if (text === 'misspelt') {
            return { value: [], hint: 'did you mean pod?' };
          }
          return text === 'cut'
            ? { value: [1], cut: 'after 1 row' }
            : { value: text };
        },
      },
      asked(),
      async line => {
        lines.push(line);
      },
    );
    expect(failed).toBe(1);
    expect(lines).toEqual([
      { query: 'a', result: 'a' },
      {
        query: 'wrong',
        error: {
          message: 'line 1, column 7: no such step',
          line: 1,
          column: 7,
        },
      },
      { query: 'cut', result: [1], cut: 'after 1 row' },
      { query: 'misspelt', result: [], hint: 'did you mean pod?' },
      { query: 'b', result: 'b' },
    ]);
  });

  it('ends when the source is at fault and not the query', async () => {
    async function* asked() {
      yield 'a';
    }
    const broken = async () => {
      throw new Error('the disk is full');
    };
    await expect(
      answerAll({ query: broken }, asked(), async () => {}),
    ).rejects.toThrow('the disk is full');
  });
});
