// An engine in a process of its own, with its own connections, as a replica of a portal runs it.
import knexFactory from 'knex';
import { TopologyEngine } from '../../engine';
import { openSqlite } from '../../store/openSqlite';
import { FromReplica, ReplicaSetUp, ToReplica } from './replicaMessages';

const say = (message: FromReplica) => process.send?.(message);

async function run({
  id,
  database,
  clusters,
  replicas,
  workers = false,
}: ReplicaSetUp): Promise<void> {
  const knex =
    'sqlite' in database
      ? openSqlite(database.sqlite)
      : knexFactory({
          client: 'pg',
          connection: database.postgres,
          pool: { min: 0, max: 8 },
        });
  const log = (message: string) => say({ type: 'log', message });
  const sourcesOf = (urls: Record<string, string>) =>
    Object.entries(urls).map(([name, url]) => ({
      name,
      connection: { url },
      headers: async () => ({}),
    }));
  const engine = await TopologyEngine.create({
    knex,
    clusters: sourcesOf(clusters),
    logger: { debug: log, info: log, warn: log, error: log },
    workers,
    replicas,
    replicaId: id,
  });
  engine.onRevision(revision => say({ type: 'revision', revision }));
  process.on('message', (message: ToReplica) => {
    switch (message.type) {
      case 'stop':
        engine
          .stop()
          .then(() => knex.destroy())
          .then(() => process.exit(0));
        break;
      case 'setClusters':
        engine.setClusters(sourcesOf(message.clusters));
        break;
      default:
    }
  });
  engine.start();
  say({ type: 'started' });
}

process.on('disconnect', () => process.exit(1));
run(JSON.parse(process.argv[2])).catch(error => {
  process.stderr.write(`A replica cannot start: ${error.stack}\n`);
  process.exit(1);
});
