// npm start: the demo portal on http://localhost:3000, fed by the cluster simulator.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import {
  SetUpError,
  bringDependencies,
  bringNode,
  environment,
  main,
  root,
  step,
} from './toolchain.mjs';

const PORTAL =
  process.env.APP_CONFIG_app_baseUrl?.replace(/"/g, '') ??
  'http://localhost:3000';
const BACKEND =
  process.env.APP_CONFIG_backend_baseUrl?.replace(/"/g, '') ??
  'http://localhost:7007';
const CLUSTER =
  process.env.KUBE_TOPOLOGY_DEMO_CLUSTER ?? 'http://localhost:7117';
const CLUSTER_TOKEN =
  process.env.KUBE_TOPOLOGY_DEMO_CLUSTER_TOKEN ?? 'demo-cluster-token';
const STEPS = 5;

const children = [];
function stopAll() {
  for (const child of children) {
    try {
      // Each child leads a process group of its own, so that what it started goes with it.
      process.kill(-child.pid, 'SIGTERM');
    } catch {
      // Already gone.
    }
  }
}

function start(name, command, args, env) {
  const child = spawn(command, args, {
    cwd: root,
    env,
    stdio: 'inherit',
    detached: process.platform !== 'win32',
  });
  children.push(child);
  child.on('exit', code => {
    console.error(`\nFAILED: ${name} ended with code ${code}; see above`);
    stopAll();
    process.exit(1);
  });
}

function portIsFree(url) {
  const { hostname, port } = new URL(url);
  return new Promise(resolve => {
    const probe = net.connect({ host: hostname, port: Number(port) });
    probe.on('connect', () => {
      probe.destroy();
      resolve(false);
    });
    probe.on('error', () => resolve(true));
  });
}

async function answers(url) {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2000) })).ok;
  } catch {
    return false;
  }
}

async function until(what, check, seconds) {
  const began = Date.now();
  while (!(await check())) {
    if (Date.now() - began > seconds * 1000) {
      throw new SetUpError(`${what} did not answer within ${seconds} s`);
    }
    await new Promise(resolve => setTimeout(resolve, 250));
  }
}

main(async () => {
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => {
      stopAll();
      process.exit(0);
    });
  }
  process.on('exit', stopAll);

  step(1, STEPS, 'Node');
  const node = bringNode();
  step(2, STEPS, 'Dependencies');
  bringDependencies(node);
  for (const [what, url] of [
    ['the portal', PORTAL],
    ['its backend', BACKEND],
    ['the cluster simulator', CLUSTER],
  ]) {
    if (!(await portIsFree(url))) {
      throw new SetUpError(
        `${what} needs ${url}, where something else already answers; stop that first`,
      );
    }
  }

  step(3, STEPS, `Cluster simulator on ${CLUSTER}`);
  const data = process.env.KUBE_TOPOLOGY_DATA ?? path.join(root, '.data');
  fs.mkdirSync(data, { recursive: true });
  const env = environment(node, {
    KUBE_TOPOLOGY_DATA: data,
    NODE_ENV: 'development',
    // backstage-cli opens a browser where there is a desktop to open it on.
    ...(process.env.CI || (process.platform === 'linux' && !process.env.DISPLAY)
      ? { BROWSER: 'none' }
      : {}),
  });
  start(
    'the cluster simulator',
    node,
    [
      path.join(root, 'packages/cluster-simulator/bin/cluster-simulator'),
      '--port',
      new URL(CLUSTER).port,
      '--token',
      CLUSTER_TOKEN,
      '--landscape',
      'demo',
    ],
    env,
  );
  await until('the cluster simulator', () => answers(`${CLUSTER}/version`), 30);

  step(4, STEPS, 'Portal: backend and frontend');
  start(
    'the portal',
    node,
    [path.join(root, 'node_modules/.bin/backstage-cli'), 'repo', 'start'],
    env,
  );
  await until(
    'the backend',
    () => answers(`${BACKEND}/.backstage/health/v1/readiness`),
    180,
  );
  await until('the portal', () => answers(PORTAL), 180);

  step(5, STEPS, `Ready: ${PORTAL} (Ctrl-C stops everything)`);
  await new Promise(() => {});
});
