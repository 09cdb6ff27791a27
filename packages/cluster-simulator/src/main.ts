import { Command, InvalidArgumentError } from 'commander';
import { ClusterSimulator } from './clusterSimulator';
import { demoLandscape } from './landscape/demo';
import { generateLandscape } from './landscape/generate';
import { definitionsFirst, readObjectsFromFile } from './landscape/readObjects';
import { KubernetesObject } from './objects/kubernetesObject';

interface Options {
  port: number;
  host: string;
  load?: string[];
  generate?: number;
  seed: number;
  token?: string[];
  landscape?: 'demo';
  controllers?: boolean;
  speed: number;
  kubernetes: number;
  watchList?: boolean;
}

const program = new Command('cluster-simulator')
  .description(
    'An HTTP server that a Kubernetes client takes for an API server.',
  )
  .option('--port <number>', 'port to listen on; 0: any', wholeNumber, 8001)
  .option('--host <address>', 'address to listen on', '127.0.0.1')
  .option(
    '--load <files...>',
    'captured `v1 List` dumps (JSON) or Kubernetes YAML; served frozen without --controllers',
  )
  .option('--generate <pods>', 'a landscape of so many pods', wholeNumber)
  .option('--seed <number>', 'another seed, another landscape', wholeNumber, 1)
  .option('--landscape <name>', 'a landscape that comes along: demo', demoOnly)
  .option(
    '--token <tokens...>',
    'bearer tokens that may do everything; without any, everybody may',
  )
  .option(
    '--controllers',
    'run the controllers (on by default for --landscape)',
  )
  .option('--no-controllers', 'serve everything frozen')
  .option(
    '--kubernetes <version>',
    'the version that it says it is, and whose kinds it serves',
    minorVersion,
    31,
  )
  .option('--watch-list', 'stream initial lists (by default from 1.34 on)')
  .option('--no-watch-list', 'refuse to stream initial lists')
  .option('--speed <factor>', 'how much faster pods start and stop', Number, 1)
  .action(run);

async function run(options: Options): Promise<void> {
  const simulator = await ClusterSimulator.start({
    port: options.port,
    host: options.host,
    controllers: options.controllers ?? options.landscape !== undefined,
    speed: options.speed,
    minorVersion: options.kubernetes,
    ...(options.watchList !== undefined && {
      watchList: options.watchList ? 'on' : 'off',
    }),
    tokens:
      options.token &&
      Object.fromEntries(
        options.token.map(token => [token, { user: 'kubernetes-admin' }]),
      ),
    objects: objectsFor(options),
  });
  process.stdout.write(
    `A simulated cluster answers at ${simulator.url} (stop with Ctrl-C)\n`,
  );
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      void simulator.stop().then(() => process.exit(0));
    });
  }
}

function* objectsFor(options: Options): Iterable<KubernetesObject> {
  yield* definitionsFirst([
    ...(options.landscape ? demoLandscape() : []),
    ...(options.load ?? []).flatMap(path => readObjectsFromFile(path)),
  ]);
  if (options.generate !== undefined) {
    yield* generateLandscape({ pods: options.generate, seed: options.seed });
  }
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) {
    throw new InvalidArgumentError('must be a whole number.');
  }
  return Number(text);
}

function minorVersion(text: string): number {
  const minor = /^1\.(\d+)$/.exec(text)?.[1];
  if (!minor) {
    throw new InvalidArgumentError('must be a version such as 1.31.');
  }
  return Number(minor);
}

function demoOnly(text: string): 'demo' {
  if (text !== 'demo') {
    throw new InvalidArgumentError('the only one is "demo".');
  }
  return text;
}

program.parseAsync().catch(error => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
