import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/** A line of standard input; on a terminal it is asked for, and what is typed is not shown. */
export async function readSecret(question: string): Promise<string> {
  const { stdin, stderr } = process;
  const isTerminal = stdin.isTTY === true;
  if (isTerminal) {
    stderr.write(question);
  }
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({
    input: stdin,
    output: nowhere,
    terminal: isTerminal,
  });
  try {
    // In raw mode Ctrl-C is a key like others.
    lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
    return await new Promise<string>(resolve => {
      lines.once('line', resolve);
      lines.once('close', () => resolve(''));
    });
  } finally {
    lines.close();
    if (isTerminal) {
      stderr.write('\n');
    }
  }
}
