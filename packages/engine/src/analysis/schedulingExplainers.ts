import { waitingForDevices } from './devices';
import { Explainer } from './finding';
import { unschedulable } from './scheduling';
import { gateNotLifted, noSuchScheduler } from './unscheduled';

/** Why a pod has no node (S029–S044). */
export const NO_PLACE: readonly Explainer[] = [
  waitingForDevices,
  unschedulable,
  gateNotLifted,
  noSuchScheduler,
];
