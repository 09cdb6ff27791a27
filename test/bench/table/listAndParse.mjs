// List and parse alone: the bare reader of the first sync's probe, with no writer beside it.
//
// argv[2]: { url, token, paths }
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

const worker = new Worker(new URL('../probeReader.mjs', import.meta.url), {
  workerData: JSON.parse(process.argv[2]),
});
await once(worker, 'message');
const began = performance.now();
const objects = await new Promise((resolve, reject) => {
  worker.on('message', message => message.done && resolve(message.objects));
  worker.on('error', reject);
  worker.postMessage('go');
});
process.stdout.write(
  JSON.stringify({ seconds: (performance.now() - began) / 1000, objects }),
);
process.exit(0);
