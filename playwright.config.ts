import { defineConfig } from '@playwright/test';
import os from 'node:os';
import path from 'node:path';
import fs from 'node:fs';

const PORTAL = 'http://localhost:13000';
const BACKEND = 'http://localhost:17007';
const CLUSTER = 'http://localhost:17117';

// A portal of its own, beside one that may be running, started the way a user starts it.
const portal = {
  APP_CONFIG_app_baseUrl: JSON.stringify(PORTAL),
  APP_CONFIG_backend_baseUrl: JSON.stringify(BACKEND),
  APP_CONFIG_backend_listen_port: '17007',
  APP_CONFIG_backend_cors_origin: JSON.stringify(PORTAL),
  KUBE_TOPOLOGY_DEMO_CLUSTER: CLUSTER,
  // The configuration is read again in each worker: the first one chooses.
  KUBE_TOPOLOGY_DATA:
    process.env.KUBE_TOPOLOGY_DATA ??
    fs.mkdtempSync(path.join(os.tmpdir(), 'topology-e2e-')),
  BROWSER: 'none',
};
Object.assign(process.env, portal);

export default defineConfig({
  testDir: 'test/browser',
  outputDir: 'test-results',
  timeout: 90_000,
  expect: { timeout: 15_000 },
  // One portal and one cluster: tests change the cluster and must not meet.
  workers: 1,
  fullyParallel: false,
  reporter: [['list'], ['json']],
  use: {
    baseURL: PORTAL,
    viewport: { width: 1440, height: 900 },
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-background-networking'],
    },
  },
  webServer: {
    command: 'node scripts/start.mjs',
    // Backend and frontend both answer.
    wait: { stdout: /Ready: http/ },
    timeout: 240_000,
    env: portal,
    stdout: 'pipe',
    reuseExistingServer: false,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 10_000 },
  },
});
