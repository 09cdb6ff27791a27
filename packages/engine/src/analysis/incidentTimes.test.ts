import { hardScenarios } from './scenarios/hard.scenarios';
import { ScenarioBench } from './scenarios/runScenario';
import { at } from './scenarios/templates';

it('begins when the Secret was deleted, not when the pods were restarted (M7)', async () => {
  const bench = await ScenarioBench.create();
  const scenario = hardScenarios.find(({ id }) => id === 'M7')!;
  const { incidents } = await bench.run(scenario);
  expect(incidents.incidents.map(({ since }) => since)).toEqual([at(140)]);
  await bench.close();
});
