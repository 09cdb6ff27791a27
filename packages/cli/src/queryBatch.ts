import { Failure } from './failure';
import type { OpenTopology } from './openTopology';
import { QueryFailure } from './queryFailure';

/** One line of the answer to many queries. */
export type BatchLine =
  | { query: string; result: unknown; cut?: string; hint?: string }
  | {
      query: string;
      error: { message: string; line?: number; column?: number };
    };

/**
 * Answers queries in their order, against one source; a wrong one does not stop the others.
 *
 * @returns how many had no answer
 */
export async function answerAll(
  topology: Pick<OpenTopology, 'query'>,
  queries: AsyncIterable<string>,
  write: (line: BatchLine) => Promise<void>,
): Promise<number> {
  let failed = 0;
  for await (const query of queries) {
    const line = await lineOf(topology, query);
    failed += 'error' in line ? 1 : 0;
    await write(line);
  }
  return failed;
}

async function lineOf(
  topology: Pick<OpenTopology, 'query'>,
  query: string,
): Promise<BatchLine> {
  try {
    const { value, cut, hint } = await topology.query(query);
    return {
      query,
      result: value,
      ...(cut && { cut }),
      ...(hint && { hint }),
    };
  } catch (error) {
    if (!(error instanceof Failure)) {
      throw error;
    }
    const { message } = error;
    const { line, column }: Partial<QueryFailure> =
      error instanceof QueryFailure ? error : {};
    return {
      query,
      error: {
        message,
        ...(line !== undefined && { line }),
        ...(column !== undefined && { column }),
      },
    };
  }
}
