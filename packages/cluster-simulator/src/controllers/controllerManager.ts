import { Change } from '../storage/table';
import { AddressController } from './addressController';
import { Controller } from './controller';
import { ControlPlane } from './controlPlane';
import { CronJobController } from './cronJobController';
import { DaemonSetController } from './daemonSetController';
import { DeploymentController } from './deploymentController';
import { DisruptionController } from './disruptionController';
import { EndpointsController } from './endpointsController';
import { GarbageCollector } from './garbageCollector';
import { JobController } from './jobController';
import { Kubelet } from './kubelet/kubelet';
import { LeaseRenewal } from './leaseRenewal';
import { NamespaceController } from './namespaceController';
import { NodeHeartbeat } from './nodeHeartbeat';
import { ReplicaSetController } from './replicaSetController';
import { Scheduler } from './scheduler/scheduler';
import { StatefulSetController } from './statefulSetController';
import { VolumeController } from './volumes/volumeController';
import { WorkQueue } from './workQueue';

const EVENT_SWEEP_MILLISECONDS = 5 * 60 * 1000;

/** Runs all controllers against the storage until it is stopped. */
export class ControllerManager {
  readonly #plane: ControlPlane;
  readonly #controllers: { controller: Controller; queue: WorkQueue }[];
  #stop: (() => void)[] = [];

  static start(plane: ControlPlane): ControllerManager {
    const manager = new ControllerManager(plane);
    manager.#start();
    return manager;
  }

  private constructor(plane: ControlPlane) {
    this.#plane = plane;
    this.#controllers = [
      new NamespaceController(plane),
      new DeploymentController(plane),
      new ReplicaSetController(plane),
      new StatefulSetController(plane),
      new DaemonSetController(plane),
      new JobController(plane),
      new CronJobController(plane),
      new VolumeController(plane),
      new Scheduler(plane),
      new Kubelet(plane),
      new NodeHeartbeat(plane),
      new LeaseRenewal(plane),
      new EndpointsController(plane),
      new DisruptionController(plane),
      new AddressController(plane),
      new GarbageCollector(plane),
    ].map(controller => ({
      controller,
      queue: new WorkQueue(plane.clock, key => controller.reconcile(key)),
    }));
  }

  stop(): void {
    this.#stop.forEach(stop => stop());
    for (const { controller, queue } of this.#controllers) {
      queue.stop();
      controller.stop?.();
    }
  }

  #start(): void {
    const tell = (change: Change) => {
      for (const { controller, queue } of this.#controllers) {
        for (const key of controller.keysFor(change)) {
          queue.add(key);
        }
      }
    };
    const { storage, clock, events } = this.#plane;
    for (const after of [...storage.objects()]) {
      tell({ revision: after.revision, after, deleted: false });
    }
    this.#stop = [storage.observe(tell)];
    const sweep = () => {
      this.#stop[1] = clock.after(EVENT_SWEEP_MILLISECONDS, () => {
        events.expire();
        sweep();
      });
    };
    sweep();
  }
}
