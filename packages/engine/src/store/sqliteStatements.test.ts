import { openSqlite } from './openSqlite';
import { selectRows } from './sqlDialect';

describe('statements that stay prepared on SQLite', () => {
  const knex = openSqlite(':memory:');

  beforeAll(async () => {
    await knex.raw('CREATE TABLE things (id integer PRIMARY KEY, name text)');
    await knex.raw("INSERT INTO things VALUES (1, 'one'), (2, 'two')");
  });
  afterAll(() => knex.destroy());

  const named = (id: number, connection = knex) =>
    selectRows(connection, 'SELECT name FROM things WHERE id = ?', [id]);

  it('answers with the values of each time', async () => {
    expect(await named(1)).toEqual([{ name: 'one' }]);
    expect(await named(2)).toEqual([{ name: 'two' }]);
    expect(await named(3)).toEqual([]);
  });

  it('answers many at once on the one connection', async () => {
    const answers = await Promise.all([1, 2, 1, 2].map(id => named(id)));
    expect(answers.flat()).toEqual([
      { name: 'one' },
      { name: 'two' },
      { name: 'one' },
      { name: 'two' },
    ]);
  });

  it('compiles a statement once', async () => {
    const connection = await knex.client.acquireConnection();
    await knex.client.releaseConnection(connection);
    const prepare = jest.spyOn(connection, 'prepare');
    const sql = 'SELECT id FROM things WHERE name = ?';
    await selectRows(knex, sql, ['one']);
    await selectRows(knex, sql, ['two']);
    expect(prepare.mock.calls.filter(([text]) => text === sql)).toHaveLength(1);
    prepare.mockRestore();
  });

  it('goes on after more texts than are kept', async () => {
    for (let nth = 0; nth < 250; nth++) {
      expect(
        await selectRows(knex, `SELECT ${nth} AS n, ? AS given`, ['x']),
      ).toEqual([{ n: nth, given: 'x' }]);
    }
    expect(await named(1)).toEqual([{ name: 'one' }]);
  });

  it('sees what its transaction wrote, and after a rollback what was', async () => {
    await expect(
      knex.transaction(async trx => {
        await trx('things').where({ id: 1 }).update({ name: 'changed' });
        expect(await named(1, trx)).toEqual([{ name: 'changed' }]);
        throw new Error('back');
      }),
    ).rejects.toThrow('back');
    expect(await named(1)).toEqual([{ name: 'one' }]);
  });

  it('returns what a write returns, and leaves the connection free when one fails', async () => {
    const returning = 'UPDATE things SET name = ? WHERE id = ? RETURNING name';
    expect(await selectRows(knex, returning, ['first', 1])).toEqual([
      { name: 'first' },
    ]);
    await expect(selectRows(knex, 'SELECT nothing')).rejects.toThrow('nothing');
    expect(await selectRows(knex, returning, ['one', 1])).toEqual([
      { name: 'one' },
    ]);
  });

  it('goes on after the table was made anew', async () => {
    await knex.raw('ALTER TABLE things ADD COLUMN size integer');
    expect(await named(2)).toEqual([{ name: 'two' }]);
  });
});
