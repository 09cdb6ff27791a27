import { ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { FromReplica, ReplicaSetUp, ToReplica } from './replicaMessages';

/** A replica as a process that can be killed, paused and woken. */
export class ReplicaProcess {
  readonly id: string;
  readonly revisions: number[] = [];
  readonly logs: string[] = [];
  readonly #child: ChildProcess;
  readonly #started: Promise<void>;
  readonly #ended: Promise<void>;

  static async start(setUp: ReplicaSetUp): Promise<ReplicaProcess> {
    const replica = new ReplicaProcess(setUp);
    await Promise.race([
      replica.#started,
      replica.#ended.then(() => {
        throw new Error(
          `Replica ${setUp.id} did not start:\n${replica.logs.join('\n')}`,
        );
      }),
    ]);
    return replica;
  }

  private constructor(setUp: ReplicaSetUp) {
    this.id = setUp.id;
    // Jest's own settings would make the process a test.
    const { NODE_OPTIONS: _, ...env } = process.env;
    this.#child = fork(
      join(__dirname, 'replicaMain.ts'),
      [JSON.stringify(setUp)],
      {
        env,
        execArgv: [
          '--require',
          require.resolve('@backstage/cli/config/nodeTransform.cjs'),
        ],
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      },
    );
    this.#ended = new Promise(resolve => {
      this.#child.once('exit', () => resolve());
    });
    this.#started = new Promise(resolve => {
      this.#child.on('message', (message: FromReplica) => {
        switch (message.type) {
          case 'started':
            resolve();
            break;
          case 'revision':
            this.revisions.push(message.revision);
            break;
          case 'log':
            this.logs.push(message.message);
            break;
          default:
        }
      });
    });
  }

  say(message: ToReplica): void {
    this.#child.send(message);
  }

  /** In good order. */
  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.say({ type: 'stop' });
      await this.#ended;
    }
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  pause(): void {
    this.#child.kill('SIGSTOP');
  }

  wakeUp(): void {
    this.#child.kill('SIGCONT');
  }
}
