import { usageFailure } from './failure';

/** The oldest Node on which the engine (its parser and its SQLite binding) runs. */
const OLDEST = 22;

/**
 * The portal is asked from any Node; reading a cluster or files oneself takes the engine.
 *
 * @throws Failure that says which Node is needed
 */
export function assertNodeForEngine(version = process.versions.node): void {
  if (Number(version.split('.')[0]) < OLDEST) {
    throw usageFailure(
      `reading a cluster or files needs Node ${OLDEST} or 24, and this is ${version}: run it with one of these, or ask a portal (--portal)`,
    );
  }
}
