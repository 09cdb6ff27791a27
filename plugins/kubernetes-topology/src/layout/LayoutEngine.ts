import type { LayoutJob, LayoutReply } from './layout.worker';
import { stableLayout } from './stableLayout';
import { Layout, LayoutRequest } from './types';

/** A worker that has not answered by then is taken for blocked (milliseconds). */
const PATIENCE = 5_000;

/** Only what is used of a `Worker`. */
export interface WorkerPort {
  postMessage(job: LayoutJob): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<LayoutReply>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

function startWorker(): WorkerPort | undefined {
  if (typeof Worker === 'undefined') {
    return undefined;
  }
  try {
    // The package's own export: a relative URL would not be built into the published package.
    return new Worker(
      new URL(
        '@kubernetes-topology/plugin-kubernetes-topology/layout-worker',
        import.meta.url,
      ),
      { type: 'module' },
    );
  } catch {
    return undefined;
  }
}

/** Lays out in a worker, or in this thread where the browser or the portal's content security policy allows none. */
export class LayoutEngine {
  #worker: WorkerPort | undefined;
  #next = 1;
  readonly #waiting = new Map<
    number,
    { request: LayoutRequest; resolve: (layout: Layout) => void }
  >();

  static create(start: () => WorkerPort | undefined = startWorker) {
    return new LayoutEngine(start());
  }

  private constructor(worker: WorkerPort | undefined) {
    this.#worker = worker;
    if (worker) {
      worker.onmessage = ({ data }) => this.#settle(data.id, data.layout);
      worker.onerror = () => this.#giveUpWorker();
    }
  }

  layout(request: LayoutRequest): Promise<Layout> {
    const worker = this.#worker;
    if (!worker) {
      return Promise.resolve(stableLayout(request));
    }
    const id = this.#next++;
    return new Promise(resolve => {
      this.#waiting.set(id, { request, resolve });
      worker.postMessage({ id, request });
      setTimeout(() => {
        if (this.#waiting.has(id)) this.#giveUpWorker();
      }, PATIENCE);
    });
  }

  close(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#waiting.clear();
  }

  #settle(id: number, layout: Layout): void {
    this.#waiting.get(id)?.resolve(layout);
    this.#waiting.delete(id);
  }

  #giveUpWorker(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    for (const [id, { request }] of [...this.#waiting]) {
      this.#settle(id, stableLayout(request));
    }
  }
}
