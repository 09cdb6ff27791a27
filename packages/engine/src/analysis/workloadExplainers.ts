import { autoscaler } from './autoscaler';
import { Explainer } from './finding';
import { badSchedule, failedJob, hangingJob, overlapBlocked } from './jobs';

/** Before what is said of a CronJob's Jobs in general (S126, S127). */
export const CRON_JOB: readonly Explainer[] = [badSchedule, overlapBlocked];

/** Of a Job whose pods say nothing themselves (S127–S130). */
export const JOB: readonly Explainer[] = [hangingJob, failedJob];

/** Before the metrics API behind an autoscaler is looked at (S121–S125). */
export const AUTOSCALER: readonly Explainer[] = [autoscaler];
