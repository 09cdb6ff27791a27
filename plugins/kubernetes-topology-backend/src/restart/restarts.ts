import { randomUUID } from 'node:crypto';
import {
  AuditorService,
  AuthService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { ConflictError, toError } from '@backstage/errors';
import {
  NodeFilter,
  parseNodeKey,
  StoredNode,
  Topology,
} from '@kubernetes-topology/engine';
import {
  RestartRun,
  RestartStep,
  RestartTarget,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';
import type { Request } from 'express';
import { filterAllows } from '../permissions/filterSight';
import { principalName } from '../permissions/principal';
import { Restarter } from '../permissions/topologyAccess';
import { Changes } from './changes';
import { Evictor } from './evictor';
import { Pace } from './pace';
import { READY_TIMEOUT_MS, restartPod } from './podRestart';
import { PlannedPod, restartPlan } from './restartPlan';

/** Pods that are restarted at the same time, over all runs of this backend. */
const AT_ONCE = 3;
const BUDGET_PATIENCE_MS = 15_000;
const MAX_RUNNING = 20;
/** Finished runs that can still be looked at. */
const MAX_KEPT = 200;

export interface RestartsOptions {
  topology: Topology;
  evictor: Pick<Evictor, 'evict'>;
  changes: Changes;
  auth: AuthService;
  auditor: AuditorService;
  logger: LoggerService;
  now?: () => number;
  readyTimeout?: number;
}

/**
 * The restarts of this backend process. They are kept in memory: a backend that stops leaves a run where it is, and
 * another replica does not know it (making runs durable belongs to the actions' own issue). Pods are evicted one at
 * a time for each controller, so what is left half-done is never more than one pod of an application.
 */
export class Restarts {
  readonly #options: RestartsOptions;
  readonly #now: () => number;
  readonly #pace = new Pace(AT_ONCE);
  /** In the order of their start. */
  readonly #runs = new Map<string, RestartRun>();
  /** Of the pods and the target of each run as they were: what is evicted has none that could be asked for. */
  readonly #labels = new Map<
    string,
    ReadonlyMap<string, StoredNode['labels']>
  >();
  readonly #stopping = new AbortController();
  readonly #executing = new Set<Promise<void>>();

  private constructor(options: RestartsOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  static create(options: RestartsOptions): Restarts {
    return new Restarts(options);
  }

  /** Plans a restart and, unless it is a dry run, begins it; `restartPlan` says what it throws. */
  async create(
    target: RestartTarget,
    options: { restarter: Restarter; dryRun: boolean; request: Request },
  ): Promise<RestartRun> {
    const { restarter, dryRun, request } = options;
    const audit = await this.#options.auditor.createEvent({
      eventId: 'pod-restart',
      severityLevel: 'medium',
      request,
      meta: {
        actionType: dryRun ? 'plan' : 'run',
        target: { ...target },
      },
    });
    const fail = async (error: unknown): Promise<never> => {
      const { name, message } = toError(error);
      await audit.fail({ error: Object.assign(new Error(message), { name }) });
      throw error;
    };
    const planned = await restartPlan(target, {
      topology: this.#options.topology,
      filter: restarter.filter,
      restartFilter: restarter.restartFilter,
    }).catch(fail);
    const run: RestartRun = {
      id: randomUUID(),
      state: dryRun ? 'planned' : 'running',
      target,
      startedBy: principalName(this.#options.auth, restarter.credentials),
      startedAt: this.#now(),
      pods: planned.map(({ pod, controllerText, step }) => ({
        key: pod.key,
        name: pod.name,
        namespace: pod.namespace,
        ...(controllerText && { controller: controllerText }),
        step,
      })),
    };
    this.#refuseWhatRunsAlready(run);
    if (dryRun) {
      await audit.success({ meta: outcome(run) });
      return run;
    }
    const labels = await this.#labelsOf(target, planned);
    try {
      this.#keep(run);
      this.#labels.set(run.id, labels);
    } catch (error) {
      await fail(error);
    }
    const execution = this.#execute(run, planned)
      .then(() =>
        run.state === 'done'
          ? audit.success({ meta: outcome(run) })
          : audit.fail({
              meta: outcome(run),
              error: new Error('Not every pod was restarted'),
            }),
      )
      .catch(error =>
        this.#options.logger.error(
          `Could not write the audit event of restart ${run.id}`,
          toError(error),
        ),
      )
      .finally(() => this.#executing.delete(execution));
    this.#executing.add(execution);
    return structuredClone(run);
  }

  /** A run with those of its pods that the asker may see; `undefined` when that is none, or its target is hidden. */
  run(id: string, filter: NodeFilter | undefined): RestartRun | undefined {
    const run = this.#runs.get(id);
    if (!run) {
      return undefined;
    }
    const labels = this.#labels.get(id);
    const mayRead = (key: string) => {
      const identity = parseNodeKey(key);
      return (
        identity !== undefined &&
        filterAllows(filter, { ...identity, key, labels: labels?.get(key) })
      );
    };
    const pods = run.pods.filter(pod => mayRead(pod.key));
    const target: RestartTarget =
      'pods' in run.target
        ? { pods: run.target.pods.filter(mayRead) }
        : run.target;
    const targetHidden =
      'dependentsOf' in target && !mayRead(target.dependentsOf);
    if (targetHidden || (pods.length === 0 && run.pods.length > 0)) {
      return undefined;
    }
    return structuredClone({ ...run, target, pods });
  }

  /** Leaves running restarts where they are, and waits until they are written down so. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#executing);
  }

  async #labelsOf(
    target: RestartTarget,
    planned: readonly PlannedPod[],
  ): Promise<Map<string, StoredNode['labels']>> {
    const asked =
      'dependentsOf' in target
        ? await this.#options.topology.nodes([target.dependentsOf])
        : [];
    return new Map(
      [...asked, ...planned.map(({ pod }) => pod)].map(node => [
        node.key,
        node.labels,
      ]),
    );
  }

  #keep(run: RestartRun): void {
    const running = [...this.#runs.values()].filter(isRunning);
    if (running.length >= MAX_RUNNING) {
      throw new ConflictError(
        `${MAX_RUNNING} restarts are running already; try again when one has ended`,
      );
    }
    for (const [id, kept] of this.#runs) {
      if (this.#runs.size < MAX_KEPT) {
        break;
      }
      if (!isRunning(kept)) {
        this.#runs.delete(id);
        this.#labels.delete(id);
      }
    }
    this.#runs.set(run.id, run);
  }

  /** Two runs must not evict the same pod. */
  #refuseWhatRunsAlready(run: RestartRun): void {
    const busy = new Set(
      [...this.#runs.values()]
        .filter(isRunning)
        .flatMap(other => other.pods)
        .filter(pod => !isFinal(pod.step))
        .map(pod => pod.key),
    );
    for (const pod of run.pods) {
      if (pod.step.state === 'waiting' && busy.has(pod.key)) {
        pod.step = {
          state: 'refused',
          message: 'Another restart of it is running',
        };
      }
    }
  }

  async #execute(run: RestartRun, planned: PlannedPod[]): Promise<void> {
    const groups = new Map<string, number[]>();
    for (const [index, { controller }] of planned.entries()) {
      if (controller && run.pods[index].step.state === 'waiting') {
        const group = groups.get(controller.top.key) ?? [];
        groups.set(controller.top.key, [...group, index]);
      }
    }
    const begun = [...groups.values()].flat();
    await Promise.all(
      [...groups].map(([controller, indices]) =>
        this.#restartGroup(run, planned, controller, indices),
      ),
    );
    const ended = begun.map(index => run.pods[index].step);
    const nothingDone =
      run.pods.length > 0 &&
      run.pods.every(pod => pod.step.state === 'refused');
    run.state =
      nothingDone || ended.some(step => step.state !== 'done')
        ? 'failed'
        : 'done';
  }

  /** One controller's pods one after another; stops at the first that does not come back. */
  async #restartGroup(
    run: RestartRun,
    planned: PlannedPod[],
    controllerKey: string,
    indices: number[],
  ): Promise<void> {
    let failed: string | undefined;
    for (const index of indices) {
      const shown = run.pods[index];
      if (failed !== undefined) {
        shown.step = {
          state: 'refused',
          message: `Not restarted, because ${failed} did not come back`,
        };
        continue;
      }
      const { pod, controller } = planned[index];
      shown.step = await this.#pace
        .run(controllerKey, () =>
          restartPod(pod, controller!, {
            ...this.#options,
            now: this.#now,
            readyTimeout: this.#options.readyTimeout ?? READY_TIMEOUT_MS,
            budgetPatience: index === indices[0] ? 0 : BUDGET_PATIENCE_MS,
            signal: this.#stopping.signal,
            onStep: step => {
              shown.step = step;
            },
          }),
        )
        .catch(
          (error): RestartStep => ({
            state: 'failed',
            message: toError(error).message,
          }),
        );
      if (shown.step.state === 'failed') {
        failed = pod.name;
      }
    }
  }
}

function isRunning(run: RestartRun): boolean {
  return run.state === 'running';
}

function isFinal(step: RestartStep): boolean {
  return (
    step.state === 'done' || step.state === 'refused' || step.state === 'failed'
  );
}

/** What became of each pod, for the audit event. */
function outcome(run: RestartRun) {
  return {
    runId: run.id,
    state: run.state,
    startedBy: run.startedBy,
    pods: run.pods.map(({ key, step }) => ({ key, ...step })),
  };
}
