import { CommanderError } from 'commander';
import { Failure, Interrupted, messageOf } from './failure';
import { createProgram } from './program';

/** Runs the command line and leaves its exit code to the process, so that what is written is flushed first. */
export async function run(argv: readonly string[]): Promise<void> {
  // `kube-topology … | head` closes the pipe early; that is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') {
      process.exit(0);
    }
    throw error;
  });
  try {
    const program = await createProgram(argv.slice(2));
    await program.parseAsync([...argv]);
  } catch (error) {
    process.exitCode = report(error);
  }
}

function report(error: unknown): number {
  // Commander has written its message already; help and version are no faults.
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? 0 : 2;
  }
  if (error instanceof Failure) {
    process.stderr.write(`kube-topology: ${error.message}\n`);
    if (error.details) {
      process.stderr.write(`${error.details}\n`);
    }
    return error.exitCode;
  }
  process.stderr.write(`kube-topology: ${messageOf(error)}\n`);
  if (error instanceof Interrupted) {
    // All is in order now, and what still waits (standard input, a login) is not wanted any more.
    process.exit(error.exitCode);
  }
  return 1;
}
