import { usageFailure } from './failure';

/** Bytes of standard input: as large as a file of manifests may be. */
export const LARGEST_INPUT = 256 * 1024 * 1024;

/** @throws Failure when there is too much */
export async function readInput(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin) {
    size += chunk.length;
    if (size > LARGEST_INPUT) {
      throw usageFailure(
        `standard input is larger than ${LARGEST_INPUT} bytes; split it into files of a folder, and name that`,
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
