import { ChildProcess, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';

const COMMAND = path.resolve(__dirname, '../../bin/kube-topology');

export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  env?: Record<string, string>;
  /** Written to standard input. */
  input?: Buffer | string;
  onStart?(): void;
  /** Told what is on standard error so far, whenever something comes. */
  onStderr?(text: string, child: ChildProcess): void;
  /** The same of standard output. */
  onStdout?(text: string, child: ChildProcess): void;
}

/** Runs the real command, from a folder that is not the workspace. */
export async function runCommand(
  args: readonly string[],
  options: RunOptions = {},
): Promise<Outcome> {
  const child = spawn(COMMAND, args, {
    cwd: tmpdir(),
    env: { PATH: process.env.PATH, ...options.env },
  });
  options.onStart?.();
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', chunk => {
    stdout += chunk;
    options.onStdout?.(stdout, child);
  });
  child.stderr.on('data', chunk => {
    stderr += chunk;
    options.onStderr?.(stderr, child);
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input);
  const code = await new Promise<number | null>(resolve =>
    child.on('close', resolve),
  );
  return { code, stdout, stderr };
}
