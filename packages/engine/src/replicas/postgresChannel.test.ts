import { TestDatabases } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { systemClock } from '../cluster/clock';
import { eventually } from '../cluster/__testUtils__/eventually';
import { silentLogger } from '../cluster/__testUtils__/quickTuning';
import { PostgresChannel, ReplicaMessage } from './postgresChannel';

const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

describe.each(databases.eachSupportedId())('PostgresChannel, %s', database => {
  let knex: Knex;
  let channel: PostgresChannel;
  let heard: ReplicaMessage[];

  beforeEach(async () => {
    knex = await databases.init(database);
    heard = [];
    channel = await PostgresChannel.create(knex, {
      logger: silentLogger,
      clock: systemClock,
    });
    channel.listen(message => heard.push(message));
  });

  afterEach(() => channel.stop());

  const hears = (message: ReplicaMessage) =>
    eventually(async () => {
      await channel.send(message);
      await new Promise(done => setTimeout(done, 20));
      expect(heard).toContainEqual(message);
    });

  it('hears what is called out, and nothing else', async () => {
    await hears({ type: 'leases' });
    await knex.raw("SELECT pg_notify('kubernetes_topology_public', 'rubbish')");
    await knex.raw(
      `SELECT pg_notify('kubernetes_topology_public', '{"type":"revision","revision":"1; DROP TABLE nodes"}')`,
    );
    await knex.raw('SELECT pg_notify(\'another\', \'{"type":"leases"}\')');
    heard.length = 0;
    await hears({ type: 'revision', revision: 3 });
    expect(heard.every(({ type }) => type === 'revision')).toBe(true);
  });

  it('listens again when its connection was cut', async () => {
    await hears({ type: 'revision', revision: 1 });
    for (let round = 2; round < 5; round++) {
      await knex.raw(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE 'LISTEN%'`,
      );
      await hears({ type: 'revision', revision: round });
    }
    expect(heard).toContainEqual({ type: 'revision', revision: 4 });
  }, 30_000);

  it('leaves no connection behind', async () => {
    await hears({ type: 'leases' });
    await channel.stop();
    await eventually(async () => {
      const { rows } = await knex.raw(
        `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'`,
      );
      expect(rows).toEqual([]);
    });
  });
});
