// Every check and test, one after another, with one closing line. Started by test.mjs under the right Node.
// `node scripts/suites.mjs jest browser` runs some of them only.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { SetUpError, main, root, run } from './toolchain.mjs';
import { startPostgres } from './postgres.mjs';

const artifacts = path.join(root, 'test', 'artifacts');
const bin = name => path.join(root, 'node_modules', '.bin', name);
const total = { passed: 0, failed: 0 };

/** A tool that either is content or not counts as one test. */
async function check(command, args) {
  const code = await run(process.execPath, [bin(command), ...args]);
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 };
}

async function jest() {
  const postgres = await startPostgres();
  const report = path.join(artifacts, 'jest.json');
  fs.rmSync(report, { force: true });
  try {
    const code = await run(
      process.execPath,
      [
        bin('backstage-cli'),
        'repo',
        'test',
        '--ci',
        '--watchAll=false',
        `--maxWorkers=${Math.max(2, os.cpus().length - 1)}`,
        '--json',
        `--outputFile=${report}`,
      ],
      {
        env: {
          ...process.env,
          BACKSTAGE_TEST_DISABLE_DOCKER: '1',
          BACKSTAGE_TEST_DATABASE_POSTGRES18_CONNECTION_STRING:
            postgres.connectionString,
        },
      },
    );
    if (!fs.existsSync(report)) {
      throw new SetUpError('jest wrote no report; it says why above');
    }
    const result = JSON.parse(fs.readFileSync(report, 'utf8'));
    if (result.numPendingTests > 0) {
      console.error(
        `${result.numPendingTests} tests were skipped; a test that cannot run here must fail and say what it needs`,
      );
    }
    const failed =
      result.numFailedTests +
      result.numPendingTests +
      result.numRuntimeErrorTestSuites;
    return {
      passed: result.numPassedTests,
      failed: failed || (code === 0 ? 0 : 1),
    };
  } finally {
    await postgres.stop();
  }
}

async function browser() {
  const report = path.join(artifacts, 'browser.json');
  fs.rmSync(report, { force: true });
  await run(process.execPath, [bin('playwright'), 'test'], {
    env: { ...process.env, PLAYWRIGHT_JSON_OUTPUT_NAME: report },
  });
  if (!fs.existsSync(report)) {
    throw new SetUpError('the browser tests wrote no report; see above');
  }
  const { stats, errors } = JSON.parse(fs.readFileSync(report, 'utf8'));
  return {
    passed: stats.expected,
    failed:
      stats.unexpected + stats.flaky + stats.skipped + (errors?.length ?? 0),
  };
}

/** Storms of faults against real processes; each storm is a test. */
async function faults() {
  const report = path.join(artifacts, 'faults.json');
  fs.rmSync(report, { force: true });
  const code = await run(process.execPath, [
    path.join(root, 'test', 'faults', 'run.mjs'),
    '--report',
    report,
  ]);
  if (!fs.existsSync(report)) {
    throw new SetUpError('the fault tests wrote no report; see above');
  }
  const { passed, failed } = JSON.parse(fs.readFileSync(report, 'utf8'));
  return { passed, failed: failed || (code === 0 ? 0 : 1) };
}

const SUITES = {
  types: () => check('tsc', ['--noEmit', '-p', root]),
  lint: () => check('backstage-cli', ['repo', 'lint', '--max-warnings', '0']),
  prettier: () => check('prettier', ['--check', '--loglevel', 'warn', root]),
  jest,
  faults,
  browser,
};

main(async () => {
  fs.mkdirSync(artifacts, { recursive: true });
  const asked = process.argv.slice(2);
  const unknown = asked.find(name => !(name in SUITES));
  if (unknown) {
    throw new SetUpError(
      `no suite ${unknown}; there are ${Object.keys(SUITES).join(', ')}`,
    );
  }
  const rows = [];
  for (const [name, suite] of Object.entries(SUITES)) {
    if (asked.length > 0 && !asked.includes(name)) {
      continue;
    }
    console.log(`\n== ${name}`);
    const began = Date.now();
    const { passed, failed } = await suite();
    total.passed += passed;
    total.failed += failed;
    rows.push(
      `${name.padEnd(10)} ${String(passed).padStart(5)} passed ${String(
        failed,
      ).padStart(4)} failed  ${Math.round((Date.now() - began) / 1000)} s`,
    );
  }
  console.log(`\n${rows.join('\n')}\n`);
  console.log(`${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0 ? 0 : 1;
});
