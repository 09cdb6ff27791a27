import {
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { messageOf, usageFailure } from './failure';

/** What `kube-topology login` keeps: tokens of portals, and the one that is asked when none is named. */
export interface Logins {
  current?: string;
  /** By URL without a slash at its end. */
  portals: Record<string, { token: string }>;
}

/** `kube-topology/login.json` in the folder of the user's configuration. */
export function loginPath(env: NodeJS.ProcessEnv = process.env): string {
  const folder = env.XDG_CONFIG_HOME || join(homedir(), '.config');
  return join(folder, 'kube-topology', 'login.json');
}

/**
 * Nothing when nobody has logged in.
 *
 * @throws Failure when there is a file that cannot be read, or that others may read
 */
export function readLogins(path = loginPath()): Logins {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
    // A token is a password. Windows has no such modes.
    if (process.platform !== 'win32' && statSync(path).mode & 0o077) {
      throw usageFailure(
        `${path} holds tokens and can be read by others: chmod 600 ${path}`,
      );
    }
  } catch (error) {
    if (
      ['ENOENT', 'ENOTDIR'].includes((error as { code?: string }).code ?? '')
    ) {
      return { portals: {} };
    }
    throw (error as { code?: string }).code === undefined
      ? error
      : usageFailure(`${path} cannot be read: ${messageOf(error)}`);
  }
  const logins = parsed(text);
  if (!logins) {
    throw usageFailure(
      `${path} is not what "kube-topology login" writes: delete it and log in again`,
    );
  }
  return logins;
}

/** For nobody but the user; never half written. */
export function writeLogins(logins: Logins, path = loginPath()): void {
  const half = `${path}.${process.pid}`;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(half, `${JSON.stringify(logins, undefined, 2)}\n`, {
    mode: 0o600,
  });
  chmodSync(half, 0o600);
  renameSync(half, path);
}

function parsed(text: string): Logins | undefined {
  try {
    const { current, portals } = JSON.parse(text) as Partial<Logins>;
    const isWhole =
      typeof portals === 'object' &&
      portals !== null &&
      Object.values(portals).every(each => typeof each?.token === 'string') &&
      (current === undefined || typeof current === 'string');
    return isWhole ? { portals, ...(current && { current }) } : undefined;
  } catch {
    return undefined;
  }
}
