import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { messageOf, usageFailure } from './failure';

/**
 * The queries of a file, or of standard input (`-`): one a line; empty lines and those that begin with `#` are none.
 *
 * @throws Failure when it cannot be read
 */
export async function* queriesOf(path: string): AsyncGenerator<string> {
  const input: Readable = path === '-' ? process.stdin : createReadStream(path);
  const failed = new Promise<never>((_, reject) => {
    input.once('error', reject);
  });
  failed.catch(() => undefined);
  const lines = createInterface({ input, crlfDelay: Infinity })[
    Symbol.asyncIterator
  ]();
  try {
    for (let isFirst = true; ; isFirst = false) {
      const { value, done } = await Promise.race([lines.next(), failed]);
      if (done) {
        return;
      }
      const query = (isFirst ? value.replace(/^\ufeff/, '') : value).trim();
      if (query !== '' && !query.startsWith('#')) {
        yield query;
      }
    }
  } catch (error) {
    throw usageFailure(
      `the queries in ${path} cannot be read: ${messageOf(error)}`,
    );
  } finally {
    input.destroy();
  }
}
