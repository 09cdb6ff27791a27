import { writeFileSync } from 'node:fs';
import os from 'node:os';
import { parseArgs } from 'node:util';
import { Lane, StormResult } from './lane';
import { FAULT_NAMES } from './storm';

const { values } = parseArgs({
  options: {
    storms: { type: 'string', default: '208' },
    seed: { type: 'string', default: '1' },
    lanes: { type: 'string', default: 'sqlite,postgres' },
    /** Only this one of the lanes, to play a failure again. */
    lane: { type: 'string' },
    /** A file for `{ passed, failed }` as JSON. */
    report: { type: 'string' },
  },
});
const seed = Number(values.seed);
const storms = Number(values.storms);

const names = values.lanes.split(',').map((kind, nth) => `${kind}-${nth}`);
const lanes = names.filter(name => !values.lane || name === values.lane);
const perLane = Math.ceil(storms / lanes.length);

function report({ lane, nth, storm, differences, logs }: StormResult): void {
  console.log(
    [
      `\nStorm ${nth} of lane ${lane} left ${differences.length} differences (seed ${seed}). The storm:`,
      ...storm.steps.map(step => `  ${JSON.stringify(step)}`),
      'The differences:',
      ...differences.slice(0, 20).map(line => `  ${line}`),
      'What the engine said last:',
      ...logs.slice(-15).map(line => `  ${line}`),
      'Play it again, from the beginning of its lane:',
      `  node test/faults/run.mjs --seed ${seed} --lanes ${
        values.lanes
      } --lane ${lane} --storms ${nth + 1}\n`,
    ].join('\n'),
  );
}

/** A lane whose database is wrong goes on with a new one. */
async function play(name: string): Promise<StormResult[]> {
  const kind = name.startsWith('sqlite') ? 'sqlite' : 'postgres';
  const results: StormResult[] = [];
  let lane = await Lane.start(name, kind, seed);
  for (let nth = 0; nth < perLane; nth++) {
    const result = await lane.blow(nth);
    results.push(result);
    if (result.differences.length > 0) {
      report(result);
      await lane.stop();
      lane = await Lane.start(name, kind, seed);
    }
  }
  await lane.stop();
  return results;
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((one, other) => one - other)[
    Math.floor(numbers.length / 2)
  ];
}

function table(results: readonly StormResult[], seconds: number): void {
  const count = (name: string) =>
    results.reduce(
      (sum, { storm }) =>
        sum +
        storm.steps.filter(step => 'fault' in step && step.fault === name)
          .length,
      0,
    );
  const row = (name: string, value: string | number) =>
    console.log(`  ${name.padEnd(40)} ${String(value).padStart(8)}`);
  console.log(`\nFaults: seed ${seed}, ${lanes.length} lanes (${lanes})`);
  row('storms', results.length);
  FAULT_NAMES.forEach(name => row(name, count(name)));
  row(
    'changes of the landscape',
    results.reduce(
      (sum, { storm }) =>
        sum + storm.steps.filter(step => 'change' in step).length,
      0,
    ),
  );
  row('nodes compared, median', median(results.map(({ objects }) => objects)));
  row(
    'verdicts that time decides, median',
    median(results.map(({ undecided }) => undecided)),
  );
  row(
    'differences',
    results.reduce((sum, result) => sum + result.differences.length, 0),
  );
  row('median ms until equal', median(results.map(({ took }) => took)));
  const slowest = results.reduce((one, other) =>
    one.took > other.took ? one : other,
  );
  row(`longest (storm ${slowest.nth} of ${slowest.lane})`, slowest.took);
  row('seconds in all', Math.round(seconds));
}

async function main(): Promise<void> {
  const begun = Date.now();
  const results = (await Promise.all(lanes.map(play))).flat();
  table(results, (Date.now() - begun) / 1000);
  const failed = results.filter(result => result.differences.length > 0);
  if (values.report) {
    const passed = results.length - failed.length;
    writeFileSync(
      values.report,
      JSON.stringify({ passed, failed: failed.length }),
    );
  }
  console.log(
    `\n${results.length - failed.length} storms passed, ${
      failed.length
    } failed`,
  );
  process.exit(failed.length === 0 ? 0 : 1);
}

main().catch(error => {
  console.error(error, os.loadavg());
  process.exit(1);
});
