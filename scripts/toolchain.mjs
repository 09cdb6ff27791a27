// Brings what the other scripts need on a machine that has only Node (18 or later) and npm: the right Node, the
// pinned Yarn, the dependencies, and for the tests a browser. All of it lands inside the checkout.
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(
  path.dirname(fileURLToPath(import.meta.url)),
  '..',
);
const toolchain = path.join(root, '.toolchain');
const NODE_VERSION = '22.23.3';
const CHROMIUM_PACKAGE = '@sparticuz/chromium@153.0.0';

/** A failure that is told in one line, without a stack. */
export class SetUpError extends Error {}

export function step(number, of, text) {
  console.log(`[${number}/${of}] ${text}`);
}

function npmInstall(what, why) {
  fs.mkdirSync(toolchain, { recursive: true });
  const manifest = path.join(toolchain, 'package.json');
  if (!fs.existsSync(manifest)) {
    fs.writeFileSync(manifest, '{ "private": true }\n');
  }
  try {
    execFileSync(
      process.platform === 'win32' ? 'npm.cmd' : 'npm',
      ['install', '--no-audit', '--no-fund', '--prefix', toolchain, what],
      { stdio: ['ignore', 'ignore', 'pipe'], cwd: toolchain },
    );
  } catch (error) {
    const last = String(error.stderr ?? error)
      .trim()
      .split('\n')
      .pop();
    throw new SetUpError(
      `cannot install ${what} (${why}) from the npm registry: ${last}`,
    );
  }
}

/** The Node to run everything with: the machine's if it is 22 or 24, else Node 22 from npm. */
export function bringNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major === 22 || major === 24) {
    return process.execPath;
  }
  // The package that the npm package `node` picks for this machine; taken directly, it needs no install script.
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const name = `node-${platform}-${process.arch}`;
  const binary = path.join(
    toolchain,
    'node_modules',
    name,
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
  const installed = () =>
    fs.existsSync(binary) &&
    execFileSync(binary, ['--version']).toString().trim() ===
      `v${NODE_VERSION}`;
  if (!installed()) {
    console.log(
      `      this machine has Node ${process.versions.node}; fetching Node ${NODE_VERSION} (npm package ${name})`,
    );
    npmInstall(`${name}@${NODE_VERSION}`, 'Node 22');
    if (!installed()) {
      throw new SetUpError(
        `Node ${NODE_VERSION} does not run on ${process.platform} ${process.arch}; install Node 22 yourself and try again`,
      );
    }
  }
  return binary;
}

/** The environment in which `node` and workspace binaries are the right ones. */
export function environment(node, extra = {}) {
  return {
    ...process.env,
    PATH: [
      path.dirname(node),
      path.join(root, 'node_modules', '.bin'),
      process.env.PATH,
    ].join(path.delimiter),
    ...extra,
  };
}

/** Installs the dependencies with the pinned Yarn, unless the lock file is the one last installed. */
export function bringDependencies(node) {
  const digest = createHash('sha256')
    .update(fs.readFileSync(path.join(root, 'yarn.lock')))
    .update(process.platform + process.arch)
    .digest('hex');
  const stamp = path.join(root, 'node_modules', '.installed-lock');
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === digest) {
    console.log('      already installed');
    return;
  }
  const yarn = fs
    .readFileSync(path.join(root, '.yarnrc.yml'), 'utf8')
    .match(/^yarnPath: (.+)$/m)[1];
  try {
    execFileSync(node, [path.join(root, yarn), 'install', '--immutable'], {
      cwd: root,
      env: environment(node),
      stdio: 'inherit',
    });
  } catch {
    throw new SetUpError(
      'the dependencies could not be installed; Yarn says why above',
    );
  }
  fs.writeFileSync(stamp, digest);
}

function runs(binary) {
  try {
    execFileSync(binary, ['--version', '--no-sandbox', '--headless'], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
}

function chromiumFromNpm(node) {
  console.log(
    `      no Chromium here; fetching npm package ${CHROMIUM_PACKAGE}`,
  );
  npmInstall(CHROMIUM_PACKAGE, 'a Chromium for the browser tests');
  return execFileSync(
    node,
    [
      '--input-type=module',
      '-e',
      "import chromium from '@sparticuz/chromium'; console.log(await chromium.executablePath());",
    ],
    { cwd: toolchain },
  )
    .toString()
    .trim()
    .split('\n')
    .pop();
}

function chromiumFromDebian() {
  console.log('      it does not run here; installing Debian’s chromium');
  try {
    execFileSync('apt-get', ['update', '-qq'], { stdio: 'ignore' });
    execFileSync('apt-get', ['install', '-y', '-qq', 'chromium'], {
      stdio: 'ignore',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  } catch {
    // Said below, with what to do.
  }
  return '/usr/bin/chromium';
}

/** A Chromium to test with: $CHROMIUM, the machine's, the one in an npm package, or Debian's where we may install. */
export function bringChromium(node) {
  const found = [
    process.env.CHROMIUM,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ].find(candidate => candidate && fs.existsSync(candidate));
  if (found) {
    return found;
  }
  if (process.platform === 'linux' && process.arch === 'x64') {
    const fromNpm = chromiumFromNpm(node);
    if (runs(fromNpm)) {
      return fromNpm;
    }
  }
  if (process.getuid?.() === 0 && fs.existsSync('/usr/bin/apt-get')) {
    const fromDebian = chromiumFromDebian();
    if (fs.existsSync(fromDebian)) {
      return fromDebian;
    }
  }
  throw new SetUpError(
    'no Chromium or Chrome that runs here: install one (Debian: apt-get install chromium) or set CHROMIUM to its path',
  );
}

/** Runs a program to its end; resolves with its exit code. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: 'inherit',
      ...options,
    });
    child.on('error', reject);
    child.on('exit', code => resolve(code ?? 1));
  });
}

/** Runs a script's main function; a SetUpError becomes one line and exit code 1. */
export function main(body) {
  body().then(
    code => process.exit(code ?? 0),
    error => {
      console.error(
        error instanceof SetUpError ? `\nFAILED: ${error.message}` : error,
      );
      process.exit(1);
    },
  );
}
