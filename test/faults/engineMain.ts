// The real engine in a process of its own, as a portal's backend runs it: its own threads, its own connections.
import {
  differenceText,
  openSqlite,
  TopologyEngine,
} from '@kubernetes-topology/engine';
import knexFactory, { Knex } from 'knex';
import { CLUSTER, Database, FromEngine, ToEngine } from './messages';

declare global {
  /** `clockSkew.cjs` */
  // eslint-disable-next-line no-var
  var setClockSkew: (milliseconds: number) => void;
}

/** The product's times, cut down to a storm's: nothing else differs. */
const reading = {
  pageSize: 15,
  watchSeconds: { least: 5, most: 8 },
  silenceSlack: 300,
  shortWatch: 100,
  backOff: { base: 20, max: 200 },
  patience: { head: 6_000, idle: 6_000 },
  streaming: { isWanted: true, patience: 1_000 },
  discovery: { every: 5_000, afterChange: [50, 300] },
  slowRetry: 300,
  failingAfter: { tries: 3, milliseconds: 500 },
  probe: { every: 200, everyWhileAway: 100, timeout: 5_000 },
};
const replicas = { renewEvery: 200, leaseFor: 900, pollEvery: 300 };
const writing = { backOff: { base: 25, max: 300 }, tries: 6 };

const say = (message: FromEngine) => process.send?.(message);
let knex: Knex | undefined;
let engine: TopologyEngine | undefined;
/** Resolves when the engine runs. */
let started: Promise<void> | undefined;

function connect(database: Database): Knex {
  return 'sqlite' in database
    ? openSqlite(database.sqlite)
    : knexFactory({
        client: 'pg',
        connection: database.postgres,
        pool: { min: 0, max: 5 },
      });
}

async function start(url: string, database: Database): Promise<void> {
  knex = connect(database);
  if ('sqlite' in database) {
    // A locked file is then an error that has to be survived, and not only a wait.
    await knex.raw('PRAGMA busy_timeout = 50');
  }
  engine = await TopologyEngine.create({
    knex,
    clusters: [
      { name: CLUSTER, connection: { url }, headers: async () => ({}) },
    ],
    logger: {
      debug() {},
      info() {},
      warn: message => say({ type: 'log', level: 'warn', message }),
      error: (message, fields) =>
        say({
          type: 'log',
          level: 'error',
          message: `${message} ${JSON.stringify(fields ?? {})}`,
        }),
    },
    reading,
    writing,
    replicas,
  });
  engine.start();
}

async function verify(withVerdicts: boolean): Promise<void> {
  try {
    await started;
    const found = await engine!.verify(CLUSTER, { patience: 1_000 });
    const counting = found.differences.filter(
      ({ what, fields }) =>
        withVerdicts ||
        what !== 'node' ||
        fields.length === 0 ||
        fields.some(({ field }) => field !== 'verdict' && field !== 'level'),
    );
    say({
      type: 'verified',
      differences: [
        ...counting.map(differenceText),
        ...found.unsettled.map(subject => `unsettled: ${subject}`),
      ],
    });
  } catch (error) {
    say({ type: 'verified', differences: [String(error)] });
  }
}

function killWithinBatch(statements: number): void {
  let left = statements;
  let isWithin = false;
  knex?.on('query', ({ sql }: { sql: string }) => {
    if (/^BEGIN/i.test(sql)) {
      isWithin = true;
    } else if (/^(COMMIT|ROLLBACK)/i.test(sql)) {
      isWithin = false;
    }
    if (isWithin && left-- <= 0) {
      process.kill(process.pid, 'SIGKILL');
    }
  });
}

process.on('message', (message: ToEngine) => {
  switch (message.type) {
    case 'start':
      started = start(message.url, message.database);
      started.catch(error => {
        say({ type: 'log', level: 'error', message: String(error) });
        process.exit(1);
      });
      break;
    case 'setClock':
      globalThis.setClockSkew(message.skew);
      break;
    case 'killWithinBatch':
      killWithinBatch(message.statements);
      break;
    case 'verify':
      verify(message.withVerdicts);
      break;
    default:
      message satisfies never;
  }
});
process.on('disconnect', () => process.exit(1));
say({ type: 'loaded' });
