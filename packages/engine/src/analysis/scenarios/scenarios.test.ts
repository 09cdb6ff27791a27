import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { ScenarioOutcome, judgeScenario } from './judgeScenario';
import { ScenarioBench } from './runScenario';
import { Scenario } from './scenario';

/** `SCENARIOS=S008,M` runs those whose id begins so. */
const only = process.env.SCENARIOS?.split(',');

/** Every array that a file `<family>.scenarios.ts` exports. */
function scenariosIn(folder: string): [string, Scenario[]][] {
  return readdirSync(folder)
    .filter(file => file.endsWith('.scenarios.ts'))
    .sort()
    .map(file => {
      // The names of the files are not known before the folder is read.
      const exported = require(resolve(folder, file)) as Record<
        string,
        readonly Scenario[]
      >;
      const all = Object.values(exported).flat();
      return [
        file.replace('.scenarios.ts', ''),
        all.filter(
          ({ id }) => !only || only.some(prefix => id.startsWith(prefix)),
        ),
      ];
    });
}

const families = scenariosIn(__dirname).filter(([, all]) => all.length > 0);
const outcomes: ScenarioOutcome[] = [];
const times: number[] = [];
let bench: ScenarioBench;

beforeAll(async () => {
  bench = await ScenarioBench.create();
}, 60_000);

afterAll(async () => {
  await bench.close();
  process.stdout.write(`${tally()}\n`);
});

it('has no two scenarios of one id', () => {
  const ids = families.flatMap(([, all]) => all.map(({ id }) => id));
  expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
});

describe.each(families)('%s', (_, scenarios) => {
  it.each(scenarios.map(one => [one.id, one.fault, one] as const))(
    '%s %s',
    async (_id, _fault, scenario) => {
      const { incidents, milliseconds } = await bench.run(scenario);
      const { outcome, problems } = judgeScenario(scenario.expects, incidents);
      outcomes.push(outcome);
      times.push(milliseconds);
      expect(problems).toEqual([]);
    },
    20_000,
  );
});

function tally(): string {
  const count = (wanted: ScenarioOutcome) =>
    outcomes.filter(outcome => outcome === wanted).length;
  const sorted = [...times].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return `scenarios ${outcomes.length}, top-1 right ${count(
    'right',
  )}, wrong ${count('wrong')}, silent ${count('silent')}, false alarms ${count(
    'false alarm',
  )}, median time ${Math.round(median)} ms`;
}
