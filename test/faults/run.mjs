// Storms of faults against the real engine in real processes; after each one the database equals a graph from scratch.
//
//   node test/faults/run.mjs [--storms 208] [--seed 1] [--lanes sqlite,postgres,…] [--lane sqlite-0] [--report file]
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
require('@backstage/cli/config/nodeTransform.cjs');
require('./main.ts');
