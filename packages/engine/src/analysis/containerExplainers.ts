import { changedByJob } from './changedByJob';
import { Explainer } from './finding';
import { kindNotServed } from './operator';
import { hostPathMissing } from './hostPath';
import { initContainer } from './initContainer';
import { crashesOnPlatform } from './platform';
import { portConflict } from './portConflict';
import { probeFault } from './probeFault';

/** Why containers do not start or stay, where more than their end tells it (S018–S028). */
export const CONTAINER_FAULTS: readonly Explainer[] = [
  hostPathMissing,
  initContainer,
  probeFault,
  kindNotServed,
  portConflict,
  crashesOnPlatform,
  changedByJob,
];
