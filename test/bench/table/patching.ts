// Runs `patcher.mjs` in a process of its own, and tells how late each change was seen.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { percentile } from './database';

export interface Patching {
  url: string;
  token: string;
  /** `<namespace>/<name>` */
  pods: readonly string[];
  rate: number;
  seconds: number;
  /** Larger than any change of a former run on the same cluster: the same value again would be no change. */
  base: number;
}

export interface Lateness {
  p50: number;
  p95: number;
  p99: number;
  /** Of the first and the last third of the changes: a queue that grows makes the last one later. */
  thirds: [number, number];
  acknowledgedP95: number;
  /** Changes a second that were acknowledged. */
  rate: number;
}

export function milliseconds(): number {
  return performance.timeOrigin + performance.now();
}

/** The change that a pod's restarts tell. */
export function changeOf(restarts: number, base: number): number {
  return Math.floor(restarts / 1000) - base;
}

/** When each change was sent and acknowledged. */
export function patchPods(patching: Patching): Promise<[number, number][]> {
  const file = path.join(
    fs.mkdtempSync(path.join(os.tmpdir(), 'patching-')),
    'options.json',
  );
  fs.writeFileSync(file, JSON.stringify(patching));
  return new Promise((resolve, reject) => {
    const patcher = spawn(
      process.execPath,
      [path.join(__dirname, 'patcher.mjs'), file],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    let output = '';
    patcher.stdout.on('data', data => {
      output += data;
    });
    patcher.on('close', code => {
      fs.rmSync(path.dirname(file), { recursive: true });
      return code === 0
        ? resolve(JSON.parse(output))
        : reject(new Error(`patcher.mjs ended with code ${code}`));
    });
  });
}

/** @param seen when the nth change was seen; those that a later one of the same pod overtook are seen with it */
export function lateness(
  changes: readonly [number, number][],
  seen: ReadonlyMap<number, number>,
): Lateness {
  const late = changes.map(([, acknowledged], nth) => {
    const at = seen.get(nth + 1);
    if (at === undefined) {
      throw new Error(`change ${nth + 1} was not seen`);
    }
    return at - acknowledged;
  });
  const third = Math.floor(late.length / 3);
  const lastAcknowledged = Math.max(...changes.map(change => change[1]));
  return {
    p50: percentile(late, 0.5),
    p95: percentile(late, 0.95),
    p99: percentile(late, 0.99),
    thirds: [
      percentile(late.slice(0, third), 0.95),
      percentile(late.slice(-third), 0.95),
    ],
    acknowledgedP95: percentile(
      changes.map(([sent, acknowledged]) => acknowledged - sent),
      0.95,
    ),
    rate: changes.length / ((lastAcknowledged - changes[0][0]) / 1000),
  };
}
