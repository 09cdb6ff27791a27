// The usual way: an informer of @kubernetes/client-node for each kind, which keeps every object. Its lists are paged,
// for without that it fails on large clusters: pods by the typed API, the other kinds as plain JSON.
//
// argv[2]: { url, token, paths: [{ path }] }
import { CoreV1Api, KubeConfig, makeInformer } from '@kubernetes/client-node';

const { url, token, paths } = JSON.parse(process.argv[2]);
const config = new KubeConfig();
config.loadFromOptions({
  clusters: [{ name: 'bench', server: url, skipTLSVerify: true }],
  users: [{ name: 'bench', token }],
  contexts: [{ name: 'bench', cluster: 'bench', user: 'bench' }],
  currentContext: 'bench',
});
const core = config.makeApiClient(CoreV1Api);

async function podPage(next) {
  return core.listPodForAllNamespaces({ limit: 500, _continue: next });
}

async function plainPage(path, next) {
  const response = await fetch(
    `${url}${path}?limit=500${
      next ? `&continue=${encodeURIComponent(next)}` : ''
    }`,
    { headers: { authorization: `Bearer ${token}` } },
  );
  return response.json();
}

async function list(path) {
  const items = [];
  let next;
  let page;
  do {
    page =
      path === '/api/v1/pods'
        ? await podPage(next)
        : await plainPage(path, next);
    items.push(...(page.items ?? []));
    next = page.metadata?._continue ?? page.metadata?.continue;
  } while (next);
  return { ...page, items };
}

const idle = process.memoryUsage().rss;
let peak = idle;
const sampling = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage().rss);
}, 20);
const began = performance.now();
const informers = paths.map(({ path }) =>
  makeInformer(config, path, () => list(path)),
);
await Promise.all(informers.map(informer => informer.start()));
const seconds = (performance.now() - began) / 1000;
clearInterval(sampling);
const objects = informers.reduce(
  (sum, informer) => sum + informer.list().length,
  0,
);
process.stdout.write(
  `${JSON.stringify({
    seconds,
    objects,
    idleMegabytes: idle / 2 ** 20,
    peakMegabytes: Math.max(peak, process.memoryUsage().rss) / 2 ** 20,
  })}\n`,
);
process.exit(0);
