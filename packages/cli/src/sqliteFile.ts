import { open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { usageFailure } from './failure';

/** How each file of SQLite begins. */
const HEADER = 'SQLite format 3\0';

/**
 * Says what is wrong with a file before a database is opened in it.
 *
 * @throws Failure when it is no file of SQLite; or not there, where it must be (else one can be made there)
 */
export async function assertSqliteFile(
  file: string,
  options: { mustExist: boolean },
): Promise<void> {
  try {
    const handle = await open(file, 'r');
    try {
      const { buffer, bytesRead } = await handle.read(
        Buffer.alloc(HEADER.length),
        { position: 0 },
      );
      const isNew = bytesRead === 0 && !options.mustExist;
      if (!isNew && buffer.toString() !== HEADER) {
        throw usageFailure(`${file} is no database of SQLite`);
      }
    } finally {
      await handle.close();
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) {
      throw error;
    }
    if (code !== 'ENOENT' || options.mustExist) {
      throw usageFailure(
        `${file} cannot be read (${code}); --database takes a file of SQLite${
          options.mustExist ? ' or postgresql://…' : ''
        }`,
      );
    }
    const isFolder = await stat(dirname(file)).then(
      each => each.isDirectory(),
      () => false,
    );
    if (!isFolder) {
      throw usageFailure(
        `${file} cannot be made: there is no folder ${dirname(file)}`,
      );
    }
  }
}
