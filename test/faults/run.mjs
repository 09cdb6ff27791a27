// Storms of faults against the real engine; see docs/testing in main.ts.
//
//   node test/faults/run.mjs [--storms 208] [--seed 1] [--lanes sqlite,postgres,…] [--lane sqlite-0]
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
require('@backstage/cli/config/nodeTransform.cjs');
require('./main.ts');
