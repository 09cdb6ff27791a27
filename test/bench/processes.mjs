// What the benchmarks start: scripts in processes of their own, a simulated cluster, new databases.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import pg from 'pg';
import { root } from '../../scripts/toolchain.mjs';

const TOKEN = 'bench';
const require = createRequire(import.meta.url);
const transform = require.resolve('@backstage/cli/config/nodeTransform.cjs');

/** Runs a script to its end with `options` as its one argument; its last line of output is JSON. */
export function runScript(script, options, nodeOptions = []) {
  return new Promise((resolve, reject) => {
    const file = path.join(root, 'test/bench', script);
    const started = spawn(
      process.execPath,
      [
        ...nodeOptions,
        ...(script.endsWith('.ts') ? ['--require', transform] : []),
        file,
        JSON.stringify(options),
      ],
      { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    let output = '';
    started.stdout.on('data', data => {
      output += data;
    });
    started.on('close', code =>
      code === 0
        ? resolve(JSON.parse(output.trim().split('\n').pop()))
        : reject(new Error(`${script} ended with code ${code}`)),
    );
  });
}

export async function startSimulator(pods) {
  const port = 7300 + Math.floor(Math.random() * 500);
  const url = `http://127.0.0.1:${port}`;
  const simulator = spawn(
    process.execPath,
    [
      // The objects of 150,000 pods do not fit into Node's default heap.
      '--max-old-space-size=12000',
      path.join(root, 'packages/cluster-simulator/bin/cluster-simulator'),
      '--port',
      String(port),
      '--token',
      TOKEN,
      '--generate',
      String(pods),
    ],
    { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  for (let tries = 0; ; tries++) {
    try {
      await fetch(`${url}/version`);
      return { url, token: TOKEN, stop: () => simulator.kill() };
    } catch (error) {
      if (tries > 3000 || simulator.exitCode !== null) {
        throw error;
      }
      await new Promise(resolve => setTimeout(resolve, 100));
    }
  }
}

async function administer(connectionString, statement) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  await client.query(statement);
  await client.end();
}

let databases = 0;

/** @param template a database to start from; nobody may be connected to it */
export async function freshPostgres(connectionString, template) {
  const name = `bench_${Date.now()}_${databases++}`;
  await administer(
    connectionString,
    `CREATE DATABASE ${name}${
      template ? ` TEMPLATE ${new URL(template).pathname.slice(1)}` : ''
    }`,
  );
  const url = new URL(connectionString);
  url.pathname = `/${name}`;
  return url.toString();
}

export async function dropPostgres(connectionString, database) {
  await administer(
    connectionString,
    `DROP DATABASE IF EXISTS ${new URL(database).pathname.slice(
      1,
    )} WITH (FORCE)`,
  );
}

export const median = numbers =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
