import { controlScenarios } from './scenarios/controls.scenarios';
import { judgeScenario } from './scenarios/judgeScenario';
import { ScenarioBench } from './scenarios/runScenario';
import { Scenario } from './scenarios/scenario';
import * as t from './scenarios/templates';

/** Within its grace: the scheduler has looked for 5 s. */
const JUST_NOW = 5 / 60;

const TOO_LARGE =
  '0/3 nodes are available: 3 Insufficient memory. preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.';

const justBroken: Scenario = {
  id: 'E1',
  fault: 'pods ask for more than any node has, since 5 s',
  objects: t.world(
    t.deployment('shop/cart', {
      age: JUST_NOW,
      since: JUST_NOW,
      container: { resources: { requests: { memory: '64Gi' } } },
      pods: t.unschedulable(TOO_LARGE, JUST_NOW),
    }),
    t.service('shop/cart'),
  ),
  expects: { nothing: true },
};

describe('incidents of what does not go on by itself', () => {
  let bench: ScenarioBench;

  beforeAll(async () => {
    bench = await ScenarioBench.create();
  }, 60_000);

  afterAll(() => bench.close());

  it('tell what Kubernetes says is wrong with a pod, also within its grace', async () => {
    const waiting = await bench.run(justBroken);
    expect(
      judgeScenario({ nothing: true }, waiting.incidents).problems,
    ).toEqual([]);
    const { incidents } = await bench.run(justBroken, { eager: true });
    const roots = ['Deployment/shop/cart'];
    const affected = ['Service/shop/cart'];
    expect(judgeScenario({ roots, affected }, incidents).problems).toEqual([]);
  });

  it.each(controlScenarios.map(one => [one.id, one.fault, one] as const))(
    '%s %s',
    async (_id, _fault, scenario) => {
      const { incidents } = await bench.run(scenario, { eager: true });
      expect(judgeScenario(scenario.expects, incidents).problems).toEqual([]);
    },
  );
});
