import { ClusterState, kindText } from '@kubernetes-topology/engine';
import { Failure } from './failure';

const POLL = 100;

export interface FirstListsOptions {
  /** `undefined` before anything was written. */
  read(): Promise<ClusterState | undefined>;
  /** A state of an earlier time is that of an earlier process. Milliseconds since the epoch. */
  since: number;
  /** Milliseconds. */
  timeout: number;
  /** How long it may be failing before nobody waits for it any more. Milliseconds. */
  longestOutage: number;
  /** While the first lists are read. */
  onState(state: ClusterState | undefined): void;
  now(): number;
  /** Rejects when the caller wants an end. */
  sleep(milliseconds: number): Promise<void>;
}

/**
 * The state of a cluster once its first lists are through, or once it is clear that they will not be: then it is `failing`.
 *
 * @throws Failure when it takes too long
 */
export async function firstLists(
  options: FirstListsOptions,
): Promise<ClusterState> {
  const { read, since, timeout, longestOutage } = options;
  const { onState, now, sleep } = options;
  const began = now();
  let failingSince: number | undefined;
  for (;;) {
    const stored = await read();
    const state = stored && stored.at >= since ? stored : undefined;
    onState(state);
    if (state?.state === 'ready') {
      return state;
    }
    failingSince =
      state?.state === 'failing' ? failingSince ?? now() : undefined;
    if (
      state &&
      failingSince !== undefined &&
      now() - failingSince >= longestOutage
    ) {
      return state;
    }
    if (now() - began >= timeout) {
      throw new Failure(
        `the first lists were not through after ${Math.round(
          timeout / 1000,
        )} s; give --timeout more, or read less with --namespaces`,
      );
    }
    await sleep(POLL);
  }
}

/** Why a failing cluster cannot be read, with what the API server said where it said something. */
export function failingText({ message, kinds }: ClusterState): string {
  const worst = kinds.find(
    kind => kind.state === 'forbidden' || kind.state === 'failing',
  );
  return message.startsWith('No kind can be read') &&
    worst &&
    'message' in worst &&
    worst.message
    ? `no kind can be read; ${kindText(worst.kind)}: ${worst.message}`
    : message;
}
