import { ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import { Database, FromEngine, ToEngine } from './messages';

const TRANSFORM = require.resolve('@backstage/cli/config/nodeTransform.cjs');
const CLOCK_SKEW = path.join(__dirname, 'clockSkew.cjs');
const LOGS_KEPT = 40;

/** A process that runs the engine. It loads its code before it is needed, so that a restart is soon over. */
export class EngineProcess {
  readonly #child: ChildProcess;
  readonly #loaded: Promise<void>;
  readonly #ended: Promise<void>;
  readonly logs: string[] = [];
  #isAlive = true;

  static load(): EngineProcess {
    return new EngineProcess();
  }

  private constructor() {
    const { CLOCK_SKEW: _, ...env } = process.env;
    this.#child = fork(path.join(__dirname, 'engineMain.ts'), [], {
      // The clock also of worker threads: they take their options from the environment.
      env: { ...env, NODE_OPTIONS: `--require ${CLOCK_SKEW}` },
      execArgv: ['--require', TRANSFORM],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#ended = new Promise(resolve => {
      this.#child.once('exit', () => {
        this.#isAlive = false;
        resolve();
      });
    });
    this.#loaded = new Promise(resolve => {
      // What the transform says to a watcher of files comes this way, too.
      this.#child.on('message', (message: FromEngine) => {
        if (message.type === 'loaded') {
          resolve();
        } else if (message.type === 'log') {
          this.logs.push(
            `${new Date().toISOString().slice(11, 23)} ${message.level}: ${
              message.message
            }`,
          );
          this.logs.splice(0, this.logs.length - LOGS_KEPT);
        }
      });
    });
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  get ended(): Promise<void> {
    return this.#ended;
  }

  async start(url: string, database: Database): Promise<void> {
    await Promise.race([this.#loaded, this.#ended]);
    this.say({ type: 'start', url, database });
  }

  say(message: ToEngine): void {
    if (this.#isAlive && this.#child.connected) {
      // It may be killed while the message is on its way.
      this.#child.send(message, () => {});
    }
  }

  /** What `TopologyEngine.verify` finds; nothing of a process that has ended. */
  async verify(withVerdicts: boolean): Promise<string[]> {
    const answer = new Promise<string[]>(resolve => {
      const listener = (message: FromEngine) => {
        if (message.type === 'verified') {
          this.#child.off('message', listener);
          resolve(message.differences);
        }
      };
      this.#child.on('message', listener);
    });
    this.say({ type: 'verify', withVerdicts });
    return (await Promise.race([answer, this.#ended])) ?? [];
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }
}
