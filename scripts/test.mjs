// npm test: sets up what is missing, then runs every check and test there is (scripts/suites.mjs).
import path from 'node:path';
import {
  bringChromium,
  bringDependencies,
  bringNode,
  environment,
  main,
  root,
  run,
  step,
} from './toolchain.mjs';

const STEPS = 4;

main(async () => {
  step(1, STEPS, 'Node');
  const node = bringNode();
  step(2, STEPS, 'Dependencies');
  bringDependencies(node);
  step(3, STEPS, 'Browser');
  const chromium = bringChromium(node);
  console.log(`      ${chromium}`);
  step(4, STEPS, 'Suites');
  return run(node, [path.join(root, 'scripts/suites.mjs')], {
    env: environment(node, { CHROMIUM: chromium }),
  });
});
