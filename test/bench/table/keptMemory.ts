import inspector from 'node:inspector';

export interface KeptMemory {
  /** Of the whole process, after garbage collections in all of its threads. */
  residentMegabytes: number;
  mainHeapMegabytes: number;
  workerHeapMegabytes: number;
}

/** What stays when all garbage is gone. Speaks to the worker threads through the inspector: they need not know. */
export async function keptMemory(): Promise<KeptMemory> {
  const session = new inspector.Session();
  session.connect();
  const post = (method: string, parameters: object = {}) =>
    new Promise<unknown>((resolve, reject) => {
      session.post(method, parameters, (error, result) =>
        error ? reject(error) : resolve(result),
      );
    });
  const workers: string[] = [];
  const answers = new Map<number, (result: { usedSize?: number }) => void>();
  session.on('NodeWorker.attachedToWorker', ({ params }) =>
    workers.push(params.sessionId),
  );
  session.on('NodeWorker.receivedMessageFromWorker', ({ params }) => {
    const { id, result } = JSON.parse(params.message);
    answers.get(id)?.(result);
  });
  let asked = 0;
  const ask = (sessionId: string, method: string) =>
    new Promise<{ usedSize?: number }>(resolve => {
      const id = ++asked;
      answers.set(id, resolve);
      void post('NodeWorker.sendMessageToWorker', {
        sessionId,
        message: JSON.stringify({ id, method }),
      });
    });
  await post('NodeWorker.enable', { waitForDebuggerOnStart: false });
  let workerBytes = 0;
  for (const worker of workers) {
    await ask(worker, 'HeapProfiler.collectGarbage');
    workerBytes += (await ask(worker, 'Runtime.getHeapUsage')).usedSize ?? 0;
  }
  await post('HeapProfiler.collectGarbage');
  // What was freed goes back to the system a little later.
  await new Promise(resolve => setTimeout(resolve, 500));
  const { rss, heapUsed } = process.memoryUsage();
  await post('NodeWorker.disable');
  session.disconnect();
  return {
    residentMegabytes: rss / 2 ** 20,
    mainHeapMegabytes: heapUsed / 2 ** 20,
    workerHeapMegabytes: workerBytes / 2 ** 20,
  };
}
